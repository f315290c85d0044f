/**
 * Which credit of the bank settles which expectation, and why the rest does not (product.md §7). Pure. Credits and
 * expectations are of any accounts; a day has some hundreds of each, since a PSP settles an account once or a few times a
 * day. In order, each rule sees what the earlier ones left:
 *
 *   reference           the credit names one expectation; several credits may share it (N:1)
 *   references          the credit names several, which are filled in the order of their days (1:N)
 *   reference-cut-off   a text ends with eight or more characters of the reference, and the sum is the expected one
 *   sum                 the same sum, of one PSP only, within ten days (1:1); also the rest of a short one
 *   sum-of-days         the sum of up to ten neighbouring days of one PSP and account (1:N)
 *   sum-of-accounts     the sum of all accounts of one PSP and day (1:N)
 *   sum-of-credits      up to ten neighbouring credits that name the PSP make one expectation (N:1)
 *
 * Those of sums are tried until none finds more: the same again matches nothing. A sum that fits in two ways is left to an
 * officer. What a reference names is taken up to what is due and no further.
 */
import { sumMinor } from '../kernel/money';
import {
  isInTime,
  isOfPsp,
  isSamePlace,
  names,
  type OpenCredit,
  type OpenExpectation,
} from './open-items.rules';
import { cutLength, leastReference } from './reference-text.rules';
import { grouped, runsOf } from './sums-that-fit.rules';
import { type Miss, missOf } from './unmatched-credit.rules';

/** Written with every match; it changes with the rules. */
export const matchingVersion = 2;

export type CreditRule =
  | 'reference'
  | 'references'
  | 'reference-cut-off'
  | 'sum'
  | 'sum-of-days'
  | 'sum-of-accounts'
  | 'sum-of-credits';

export interface Allocation {
  readonly creditId: bigint;
  readonly expectationId: bigint;
  readonly amountMinor: bigint;
  readonly rule: CreditRule;
}

class Matching {
  readonly allocations: Allocation[] = [];
  private readonly creditLeft = new Map<bigint, bigint>();
  private readonly netLeft = new Map<bigint, bigint>();
  private readonly touched = new Set<bigint>();
  private readonly credits: readonly OpenCredit[];
  private readonly expectations: readonly OpenExpectation[];
  private readonly ambiguous = new Set<bigint>();

  constructor(credits: readonly OpenCredit[], expectations: readonly OpenExpectation[]) {
    const order = (day: string, id: bigint) => `${day} ${id.toString().padStart(20, '0')}`;
    this.credits = [...credits].sort((a, b) =>
      order(a.bookingDay, a.id) < order(b.bookingDay, b.id) ? -1 : 1,
    );
    this.expectations = [...expectations].sort((a, b) =>
      order(a.day, a.id) < order(b.day, b.id) ? -1 : 1,
    );
    for (const each of credits) this.creditLeft.set(each.id, each.amountMinor);
    for (const each of expectations) this.netLeft.set(each.id, each.netMinor);
  }

  left(credit: OpenCredit): bigint {
    return this.creditLeft.get(credit.id) ?? 0n;
  }

  net(expectation: OpenExpectation): bigint {
    return this.netLeft.get(expectation.id) ?? 0n;
  }

  open(): readonly OpenExpectation[] {
    return this.expectations.filter((each) => this.net(each) > 0n);
  }

  /** Credits of which nothing is matched: the only ones whose sum says something. */
  whole(): readonly OpenCredit[] {
    return this.credits.filter((each) => each.isWhole && !this.touched.has(each.id));
  }

  private take(credit: OpenCredit, expectation: OpenExpectation, rule: CreditRule): void {
    const [left, net] = [this.left(credit), this.net(expectation)];
    const amountMinor = left < net ? left : net;
    if (amountMinor <= 0n) return;
    this.creditLeft.set(credit.id, left - amountMinor);
    this.netLeft.set(expectation.id, net - amountMinor);
    this.touched.add(credit.id);
    this.ambiguous.delete(credit.id);
    this.allocations.push({
      creditId: credit.id,
      expectationId: expectation.id,
      amountMinor,
      rule,
    });
  }

  byReference(): void {
    // By what is open at first: a credit that names two says so also when another has filled one of them meanwhile.
    const open = this.open();
    for (const rule of ['reference', 'references'] as const) {
      for (const credit of this.credits) {
        const named = open.filter((each) => isSamePlace(credit, each) && names(credit, each));
        if (named.length > 1 !== (rule === 'references')) continue;
        for (const each of named) this.take(credit, each, rule);
      }
    }
  }

  /** Whether anything was matched. */
  bySums(): boolean {
    const before = this.allocations.length;
    this.ambiguous.clear();
    this.byCutReference();
    this.bySum();
    this.bySumOfDays();
    this.bySumOfAccounts();
    this.bySumOfCredits();
    return this.allocations.length > before;
  }

  private byCutReference(): void {
    for (const credit of this.whole()) {
      const fits = this.open()
        .filter((each) => isSamePlace(credit, each) && this.net(each) === this.left(credit))
        .map((each) => ({
          each,
          length: Math.max(0, ...credit.fields.map((field) => cutLength(field, each.reference))),
        }))
        .filter(({ length }) => length >= leastReference);
      const longest = Math.max(0, ...fits.map(({ length }) => length));
      const [best, ...more] = fits.filter(({ length }) => length === longest);
      if (best === undefined) continue;
      if (more.length > 0) this.ambiguous.add(credit.id);
      else this.take(credit, best.each, 'reference-cut-off');
    }
  }

  private bySum(): void {
    for (const credit of this.whole()) {
      const fits = this.open().filter(
        (each) =>
          isSamePlace(credit, each) &&
          this.net(each) === this.left(credit) &&
          isInTime(credit, each.day) &&
          isOfPsp(credit, each.pspId),
      );
      const [first] = fits;
      if (first === undefined) continue;
      // Several days of one PSP with one sum: the oldest is settled first. Two PSPs: nobody can tell.
      if (fits.some((each) => each.pspId !== first.pspId)) this.ambiguous.add(credit.id);
      else this.take(credit, first, 'sum');
    }
  }

  private bySumOfDays(): void {
    for (const credit of this.whole()) {
      const near = this.open().filter(
        (each) =>
          isSamePlace(credit, each) && isInTime(credit, each.day) && isOfPsp(credit, each.pspId),
      );
      const runs = [...grouped(near, (each) => String(each.pspId)).values()].flatMap((ofPsp) =>
        runsOf(ofPsp, (each) => this.net(each), this.left(credit)),
      );
      this.takeOnly(credit, runs, 'sum-of-days');
    }
  }

  private bySumOfAccounts(): void {
    for (const credit of this.whole()) {
      const near = this.open().filter(
        (each) =>
          each.currency === credit.currency &&
          isInTime(credit, each.day) &&
          isOfPsp(credit, each.pspId),
      );
      const ofDays = grouped(near, (each) => `${String(each.pspId)} ${each.day}`);
      const fits = [...ofDays.values()].filter(
        (all) =>
          all.length > 1 &&
          all.some((each) => each.account === credit.account) &&
          sumMinor(all.map((each) => this.net(each))) === this.left(credit),
      );
      this.takeOnly(credit, fits, 'sum-of-accounts');
    }
  }

  private takeOnly(
    credit: OpenCredit,
    fits: readonly (readonly OpenExpectation[])[],
    rule: CreditRule,
  ): void {
    const [only, ...more] = fits;
    if (only === undefined) return;
    if (more.length > 0) this.ambiguous.add(credit.id);
    else for (const each of only) this.take(credit, each, rule);
  }

  private bySumOfCredits(): void {
    for (const expectation of this.open()) {
      const near = this.whole().filter(
        (each) =>
          isSamePlace(each, expectation) &&
          each.pspId === expectation.pspId &&
          isInTime(each, expectation.day),
      );
      const [only, ...more] = runsOf(near, (each) => this.left(each), this.net(expectation));
      if (only === undefined) continue;
      for (const each of only) {
        if (more.length > 0) this.ambiguous.add(each.id);
        else this.take(each, expectation, 'sum-of-credits');
      }
    }
  }

  /** Of those of which nothing is matched, so that all of each is left. */
  misses(): readonly Miss[] {
    const open = this.open().map((expectation) => ({
      expectation,
      netMinor: this.net(expectation),
    }));
    return this.whole().map((credit) => missOf(credit, open, this.ambiguous.has(credit.id)));
  }
}

export function matchCredits(
  credits: readonly OpenCredit[],
  expectations: readonly OpenExpectation[],
): { readonly allocations: readonly Allocation[]; readonly misses: readonly Miss[] } {
  const matching = new Matching(credits, expectations);
  matching.byReference();
  // What is matched may leave one way only to what had two before: the next run would find it, so this one does.
  while (matching.bySums());
  return { allocations: matching.allocations, misses: matching.misses() };
}
