/** A day asked for on the wire: the limits, to the day, and the order of the refusals. */
import { addDays, parseBusinessDay } from '../kernel/business-day';
import { checkDayRequest, oldestDays } from './day-batch.rules';

const today = parseBusinessDay('2026-11-24');
const systems = new Set(['TSYS001']);
const raw = { systemId: 'TSYS001', day: '2026-11-23', option: '1' };

it.each([
  [{}, { day: '2026-11-23', option: 'successful' }],
  [{ option: '2' }, { day: '2026-11-23', option: 'exceptions' }],
  [{ day: addDays(today, -oldestDays) }, { option: 'successful' }],
  [{ systemId: 'TSYS002' }, { refusal: 'day-batch.system-unknown' }],
  [{ systemId: '', day: 'x', option: 'x' }, { refusal: 'day-batch.system-unknown' }],
  [{ day: '2026-11-24' }, { refusal: 'day-batch.day-unacceptable' }],
  [{ day: '2026-11-25' }, { refusal: 'day-batch.day-unacceptable' }],
  [{ day: '2026-02-30', option: 'x' }, { refusal: 'day-batch.day-unacceptable' }],
  [{ day: '23-11-2026' }, { refusal: 'day-batch.day-unacceptable' }],
  [{ day: '' }, { refusal: 'day-batch.day-unacceptable' }],
  [{ day: addDays(today, -oldestDays - 1), option: 'x' }, { refusal: 'day-batch.day-too-old' }],
  [{ option: '3' }, { refusal: 'day-batch.option-unknown' }],
  [{ option: '' }, { refusal: 'day-batch.option-unknown' }],
  [{ option: 'constructor' }, { refusal: 'day-batch.option-unknown' }],
])('%j gives %j', (change, expected) => {
  expect(checkDayRequest({ ...raw, ...change }, systems, today)).toMatchObject(expected);
});

it('asks for no system where none is enrolled', () => {
  expect(checkDayRequest({ ...raw, systemId: '' }, new Set(), today)).toMatchObject({
    day: '2026-11-23',
  });
});
