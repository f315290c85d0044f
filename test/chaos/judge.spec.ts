/** The checker of the experiments sees every kind of loss; a harness that cannot is no evidence. */
import { type Booked, judge } from '../../tools/chaos/checker';
import { type FeedEntry, judgeFeed } from '../../tools/chaos/feed-reader';
import type { Line } from '../../tools/chaos/journal';
import { digestAfter, firstDigest } from '../../src/deliveries/feed-digest.rules';
import { canonicalJson } from '../../src/kernel/canonical-json';

const lines: readonly Line[] = [
  ['SENT', 'C-1', '997010000011', '500', 'digest'],
  ['ACKED', 'C-1'],
  ['RECEIPT', 'C-1', 'R1'],
  ['CONFIRMED', 'C-1', 'R1'],
];

const row: Booked = {
  id: 'C-1',
  control_number: '997010000011',
  amount: '500',
  receipt_number: 'R1',
  payments: 1,
  entries: 1,
  is_entry_balanced: true,
  confirmations: 1,
  results: 1,
};

const sound = {
  acknowledged: 1,
  lost: 0,
  doubled: 0,
  different: 0,
  incomplete: 0,
  unsent: 0,
  unresolved: 0,
  refused: 0,
};

it('finds nothing in sound books', () => {
  expect(judge(lines, [row])).toEqual(sound);
});

it('finds a promise without a payment', () => {
  expect(judge(lines, [])).toEqual({ ...sound, lost: 1 });
});

it.each<[string, Partial<Booked>, Partial<typeof sound>]>([
  ['a second payment', { payments: 2 }, { doubled: 1 }],
  ['a second entry', { entries: 2 }, { doubled: 1 }],
  ['a second confirmation', { confirmations: 2 }, { doubled: 1 }],
  ['another amount', { amount: '501' }, { different: 1 }],
  ['another number', { control_number: '997010000029' }, { different: 1 }],
  ['another receipt than was told', { receipt_number: 'R2' }, { different: 1 }],
  ['no entry', { entries: 0 }, { incomplete: 1 }],
  ['an entry that does not balance', { is_entry_balanced: false }, { incomplete: 1 }],
  ['no confirmation', { confirmations: 0 }, { incomplete: 1 }],
  ['no result', { results: 0 }, { incomplete: 1 }],
])('finds %s', (_what, change, found) => {
  expect(judge(lines, [{ ...row, ...change }])).toEqual({ ...sound, ...found });
});

it('finds a payment that was never sent', () => {
  expect(judge(lines, [row, { ...row, id: 'C-2' }])).toEqual({ ...sound, unsent: 1 });
});

it('finds two receipts told for one payment', () => {
  const more: readonly Line[] = [...lines, ['CONFIRMED', 'C-1', 'R9']];
  expect(judge(more, [row])).toEqual({ ...sound, different: 1 });
});

it('finds what was sent and never answered, and what was refused', () => {
  const more: readonly Line[] = [
    ...lines,
    ['SENT', 'C-2', '997010000011', '700', 'digest'],
    ['SENT', 'C-3', '997010000011', '700', 'digest'],
    ['REFUSED', 'C-3', '7207'],
  ];
  expect(judge(more, [row])).toEqual({ ...sound, unresolved: 2, refused: 1 });
});

describe('the reader of the feed', () => {
  /** As the gateway makes it, with its own code. */
  function feedOf(receipts: readonly string[]): FeedEntry[] {
    let digest: Buffer = firstDigest;
    return receipts.map((receiptNumber, i) => {
      const event = {
        sequence: i + 1,
        type: 'payment.confirmed',
        data: { receiptNumber, z: [1, 'é'] },
      };
      digest = digestAfter(digest, canonicalJson(event));
      return { event, digest: digest.toString('hex') };
    });
  }
  const receipts = ['R1', 'R2', 'R3'];
  const whole = feedOf(['R1', 'R2', 'R3']);
  const [first, second, third] = whole;

  it('finds nothing in a sound feed, whatever else is in it', () => {
    expect(judgeFeed(whole, receipts)).toBe(0);
    expect(judgeFeed(feedOf(['R0', 'R1', 'R2', 'R3']), receipts)).toBe(0);
  });

  it.each<[string, readonly (FeedEntry | undefined)[]]>([
    ['an event that is missing', [first, third]],
    ['the last event missing', [first, second]],
    ['two in the wrong order', [second, first, third]],
    ['an event twice', [first, second, second, third]],
    ['a payment told twice', feedOf(['R1', 'R2', 'R3', 'R2'])],
    [
      'an event that was changed',
      [
        first,
        second && {
          ...second,
          event: {
            ...second.event,
            data: { receiptNumber: 'R2', z: [2, 'é'] },
          } as FeedEntry['event'],
        },
        third,
      ],
    ],
    ['a digest that was changed', [first, second, third && { ...third, digest: '00'.repeat(32) }]],
  ])('finds %s', (_what, entries) => {
    expect(
      judgeFeed(
        entries.filter((each) => each !== undefined),
        receipts,
      ),
    ).toBeGreaterThan(0);
  });
});
