/** What every match of a run says of the bank's entry that it explains. */
import { matchingVersion } from './settlement-matching.rules';
import type { MatchDraft, OpenBankEntry } from './settlement.store';

export function draftOf(
  entry: OpenBankEntry,
  actor: string,
): (kind: MatchDraft['kind'], rule: string) => MatchDraft {
  return (kind, rule) => ({
    bankEntryId: entry.id,
    kind,
    expectationId: null,
    otherEntryId: null,
    amountMinor: entry.amountMinor,
    clearedMinor: 0n,
    feeMinor: 0n,
    rule,
    ruleVersion: matchingVersion,
    inputs: {
      remittance: entry.remittance,
      transactionCode: entry.transactionCode,
      counterpartyAccount: entry.counterpartyAccount,
      bookingDay: entry.bookingDay,
    },
    matchedBy: actor,
  });
}
