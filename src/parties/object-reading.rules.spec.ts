/** Every fault of an object of JSON is told with its place, and a name that nobody reads is one. */
import type { FieldFault } from '../kernel/refusal';
import { Reading } from './object-reading.rules';

it('reads what is as it must be, and takes the fallback for what is left out', () => {
  const faults: FieldFault[] = [];
  const reading = new Reading(
    { name: 'A', day: '2027-06-30', url: 'https://example.org/', list: ['1'], inner: {} },
    '',
    faults,
  );
  expect([
    reading.text('name', /^A$/, 'letter', 'A'),
    reading.day('day'),
    reading.url('url'),
    reading.texts('list', /^\d$/, 'digit', 'a digit'),
    reading.flag('isOn', true),
    reading.count('most', 10, 7),
    reading.choice('way', ['here', 'there'], 'there'),
    reading.optionalText('note'),
  ]).toEqual(['A', '2027-06-30', 'https://example.org/', ['1'], true, 7, 'there', null]);
  reading.object_('inner').end();
  reading.end();
  expect(faults).toEqual([]);
});

it('remembers every fault with its JSON pointer, also of what stands inside', () => {
  const faults: FieldFault[] = [];
  const reading = new Reading(
    { day: 'soon', url: 'ftp://x', list: ['1', 'x', 2], items: [{ count: 0 }, 7], nam: 'A' },
    '',
    faults,
  );
  reading.day('day');
  reading.url('url');
  reading.texts('list', /^\d$/, 'digit', 'a digit');
  for (const item of reading.objects('items')) {
    item.count('count', 5, 1);
    item.end();
  }
  reading.end();
  expect(faults.map(({ pointer, code, detail }) => `${pointer} ${code}: ${detail}`)).toEqual([
    '/day party-file.day: a day like 2027-06-30, or null',
    '/url party-file.url: an http or https address, or null',
    '/list/1 party-file.digit: a digit',
    '/list/2 party-file.digit: a digit',
    '/items/1 party-file.object: an object',
    '/items/0/count party-file.count: a whole number from 1 to 5',
    '/nam party-file.name-unknown: not a known name',
  ]);
});
