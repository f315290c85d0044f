/** Random histories: what fast-check draws commands from, the frequent ones more often. */
import fc from 'fast-check';
import {
  Cancel,
  type Command,
  Crash,
  day,
  Deafen,
  hour,
  Issue,
  LoseAnswer,
  MoveClock,
  Pay,
  PayAgain,
  Poison,
  sums,
  Together,
  type Wish,
} from './commands';
import type { NewBill } from './world';

const anyWish: fc.Arbitrary<Wish> = fc.record({
  bill: fc.oneof({ weight: 8, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(9) }),
  psp: fc.nat(2),
  sum: fc.constantFrom('due', 'due', 'due', ...sums),
});
const anyWishes = (least: number, most: number) =>
  fc.array(anyWish, { minLength: least, maxLength: most });

const anyBill: fc.Arbitrary<Omit<NewBill, 'expiresAt'>> = fc
  .record({
    option: fc.constantFrom<NewBill['option']>('exact', 'full', 'partial', 'limited'),
    parts: fc.array(fc.integer({ min: 30, max: 2_000_000 }).map(BigInt), {
      minLength: 1,
      maxLength: 2,
    }),
    hasMinimum: fc.boolean(),
    hasLimit: fc.boolean(),
  })
  .map(({ option, parts, hasMinimum, hasLimit }) => {
    const [first = 30n] = parts;
    const isCombined = parts.length > 1 && option !== 'limited';
    return {
      option,
      parts: isCombined ? parts : [first],
      minimum: hasMinimum && !isCombined ? first / 5n : isCombined ? 2n : 1n,
      limit: option === 'limited' && hasLimit ? first - first / 4n : null,
    };
  });

const anyIssue = fc
  .tuple(anyBill, fc.constantFrom(2 * hour, day, 30 * day))
  .map(([bill, life]) => new Issue(bill, life));

export const anyCommands: fc.Arbitrary<Command>[] = [
  anyIssue,
  anyWish.map((wish) => new Pay(wish)),
  anyWish.map((wish) => new Pay(wish)),
  fc
    .tuple(fc.nat(20), fc.constantFrom('none', 'none', 'amount', 'number', 'currency'))
    .map(([place, change]) => new PayAgain(place, change)),
  anyWish.map((wish) => new LoseAnswer(wish)),
  fc
    .tuple(anyWishes(2, 3), fc.nat(2), fc.constantFrom('none', 'none', 'copy', 'altered', 'cancel'))
    .map(([wishes, heldUp, extra]) => new Together(wishes, heldUp, extra)),
  fc.nat(3).map((place) => new Cancel(place)),
  fc
    .tuple(
      fc.constantFrom('last-of-day', 'next-day', 'expiry', 'past-expiry', 'seconds', 'hours'),
      fc.nat(3),
    )
    .map(([to, place]) => new MoveClock(to, place)),
  fc.boolean().map((isDeaf) => new Deafen(isDeaf)),
  fc.oneof(
    anyWishes(1, 2).map((wishes): Command => new Poison(wishes)),
    anyWishes(1, 3).map((wishes): Command => new Crash(wishes)),
  ),
];
