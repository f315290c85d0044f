/** Why no rule matched a credit: the expectations that were nearest, and on what each of them failed. Pure. */
import { isInTime, isOfPsp, isSamePlace, names } from './open-items.rules';
import type { OpenCredit, OpenExpectation } from './open-items.rules';

export type MissReason = 'nothing-expected' | 'sum-differs' | 'ambiguous';

/** A credit that no rule matched, and the expectations that were nearest. */
export interface Miss {
  readonly creditId: bigint;
  readonly reason: MissReason;
  readonly candidates: readonly {
    readonly expectationId: bigint;
    /** What is still to come of it after this run. */
    readonly netMinor: bigint;
    readonly failed: readonly ('reference' | 'sum' | 'psp' | 'day' | 'several')[];
  }[];
}

const mostCandidates = 3;

/** `open`: what is still to come, each with its rest. `isAmbiguous`: a sum fitted in more than one way. */
export function missOf(
  credit: OpenCredit,
  open: readonly { readonly expectation: OpenExpectation; readonly netMinor: bigint }[],
  isAmbiguous: boolean,
): Miss {
  const { amountMinor } = credit;
  const distance = (netMinor: bigint) =>
    netMinor < amountMinor ? amountMinor - netMinor : netMinor - amountMinor;
  const nearest = open
    .filter(({ expectation }) => isSamePlace(credit, expectation))
    .map((each) => ({ ...each, far: distance(each.netMinor) }))
    .sort((a, b) => (a.far < b.far ? -1 : a.far > b.far ? 1 : 0))
    .slice(0, mostCandidates);
  return {
    creditId: credit.id,
    reason: isAmbiguous ? 'ambiguous' : nearest.length > 0 ? 'sum-differs' : 'nothing-expected',
    candidates: nearest.map(({ expectation, netMinor, far }) => ({
      expectationId: expectation.id,
      netMinor,
      failed: [
        ...(names(credit, expectation) ? [] : ['reference' as const]),
        ...(far === 0n ? [] : ['sum' as const]),
        ...(isOfPsp(credit, expectation.pspId) ? [] : ['psp' as const]),
        ...(isInTime(credit, expectation.day) ? [] : ['day' as const]),
        ...(far === 0n && isAmbiguous ? ['several' as const] : []),
      ],
    })),
  };
}
