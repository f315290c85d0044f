/**
 * The kinds of discrepancies, their states, and which way a state may go (product.md §7). Those of the first list are
 * found by the run over a PSP's day, the others by settlement at the bank.
 */
import { matchingKinds } from './matching.rules';

export const discrepancyKinds = [
  ...matchingKinds,
  'short-settled',
  'over-settled',
  'late-settlement',
  'unidentified-credit',
  'unidentified-debit',
  'returned-credit',
] as const;
export type DiscrepancyKind = (typeof discrepancyKinds)[number];

/**
 * `awaiting-approval`: a resolution was proposed and waits for a second officer. `carried`: its day was closed while it
 * was open, and a later day's discrepancy goes on with it; stored beside it, since nothing of a closed day changes.
 */
export const discrepancyStates = [
  'open',
  'awaiting-approval',
  'carried',
  'resolved',
  'withdrawn',
] as const;
export type DiscrepancyState = (typeof discrepancyStates)[number];

/** What whoever raises a discrepancy knows of it. */
export interface Found {
  readonly theirMinor: bigint | null;
  readonly ourMinor: bigint | null;
  readonly currency: string;
}

/** What becomes of a stored discrepancy that is found again. */
export type FoundAgain = 'unchanged' | 'updated' | 'reopened';

/**
 * One that went away is open again. One that was resolved stays so while its sums are those that the officers saw: what
 * they decided was about these. An open one is only brought up to date; a proposal about other sums is void, since it
 * would be approved for what is no more.
 */
export function foundAgain(
  stored: Found & { readonly state: DiscrepancyState },
  found: Found,
): FoundAgain {
  const isSame =
    stored.theirMinor === found.theirMinor &&
    stored.ourMinor === found.ourMinor &&
    stored.currency === found.currency;
  if (stored.state === 'withdrawn') return 'reopened';
  if (isSame) return 'unchanged';
  return stored.state === 'open' ? 'updated' : 'reopened';
}
