/** The text of an event and the chain of digests: a worked example, and that any change of any event shows at the end. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { digestAfter, eventText, firstDigest } from './feed-digest.rules';

const occurredAt = new Date('2026-11-24T08:00:00.000Z');

it('writes an event in canonical form', () => {
  const data = { receiptNumber: 'R1', amount: '10.00' };
  expect(
    eventText({ id: 'evt_1', sequence: 7n, type: 'payment.confirmed', occurredAt, data }),
  ).toBe(
    '{"data":{"amount":"10.00","receiptNumber":"R1"},"id":"evt_1","sequence":7,"timestamp":"2026-11-24T08:00:00.000Z","type":"payment.confirmed"}',
  );
});

it('begins with 32 zero bytes', () => {
  const expected = createHash('sha256').update(Buffer.alloc(32)).update('a').digest('hex');
  expect(digestAfter(firstDigest, 'a').toString('hex')).toBe(expected);
});

it('ends in another digest when any event is another one', () => {
  const chain = (texts: readonly string[]) =>
    texts.reduce(digestAfter, firstDigest).toString('hex');
  fc.assert(
    fc.property(
      fc.array(fc.string(), { minLength: 1 }),
      fc.nat(),
      fc.string({ minLength: 1 }),
      (texts, place, more) => {
        const changed = texts.map((text, i) => (i === place % texts.length ? text + more : text));
        expect(chain(changed)).not.toBe(chain(texts));
      },
    ),
  );
});
