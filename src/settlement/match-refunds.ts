/**
 * The bank's entries that are refunds, by the end-to-end ids of the instruction: a debit pays one, or those of a batch
 * that was booked as one, and must have its sum; a credit gives one back that could not be paid out, less what the bank
 * kept for it.
 */
import { Injectable } from '@nestjs/common';
import { Refunds } from '../payments/refunds';
import { ReturnRefund } from '../payments/return-refund';
import type { Tx } from '../platform/database/database';
import { draftOf } from './match-draft';
import type { FoundMatch } from './post-matches';
import { chargeKept, type Transfer, transfersOf } from './refund-line.rules';
import type { MissDraft, OpenBankEntry } from './settlement.store';

@Injectable()
export class MatchRefunds {
  constructor(
    private readonly refunds: Refunds,
    private readonly returns: ReturnRefund,
  ) {}

  /** What a debit paid. */
  async paid(tx: Tx, actor: string, entry: OpenBankEntry): Promise<readonly FoundMatch[]> {
    const found: FoundMatch[] = [];
    for (const transfer of transfersOf(entry)) {
      const { endToEndId, amountMinor } = transfer;
      const id = await this.refunds.settle(tx, endToEndId, amountMinor, entry.currency);
      if (id !== undefined) found.push(match(entry, actor, 'refund', transfer, id));
    }
    return found;
  }

  /**
   * What came back; credits that bear the id of a refund and explain none, with the reason; and the other credits, which
   * may settle what PSPs owe.
   */
  async returned(
    tx: Tx,
    actor: string,
    credits: readonly OpenBankEntry[],
  ): Promise<{
    readonly back: readonly FoundMatch[];
    readonly strange: readonly MissDraft[];
    readonly rest: readonly OpenBankEntry[];
  }> {
    const back: FoundMatch[] = [];
    const strange: MissDraft[] = [];
    const rest: OpenBankEntry[] = [];
    for (const entry of credits) {
      const found = await this.back(tx, actor, entry);
      const reason = found.length > 0 ? undefined : await this.fault(tx, entry);
      back.push(...found);
      if (reason !== undefined) strange.push({ bankEntryId: entry.id, reason, candidates: [] });
      else if (found.length === 0) rest.push(entry);
    }
    return { back, strange, rest };
  }

  /** Why an entry that bears the id of a refund explains none; undefined where it bears no such id. */
  async fault(tx: Tx, entry: OpenBankEntry): Promise<string | undefined> {
    for (const { endToEndId, amountMinor } of transfersOf(entry)) {
      const refund = await this.refunds.find(tx, endToEndId);
      if (refund === undefined) continue;
      const isDebit = entry.direction === 'debit';
      const isSum = isDebit
        ? refund.amountMinor === amountMinor
        : chargeKept(refund.amountMinor, amountMinor) !== undefined;
      if (!isSum || refund.currency !== entry.currency) return 'refund-sum';
      const wanted = isDebit ? ['approved'] : ['approved', 'instructed'];
      return wanted.includes(refund.state) ? 'refund-waiting' : 'refund-twice';
    }
    return undefined;
  }

  private async back(tx: Tx, actor: string, entry: OpenBankEntry): Promise<readonly FoundMatch[]> {
    const why =
      [entry.returnReason, entry.remittance].find((text) => text !== '') ?? 'no reason given';
    const found: FoundMatch[] = [];
    for (const transfer of transfersOf(entry)) {
      const { endToEndId, amountMinor } = transfer;
      const refund = await this.refunds.find(tx, endToEndId);
      if (refund === undefined) continue;
      if (chargeKept(refund.amountMinor, amountMinor) === undefined) continue;
      const back = await this.returns.execute(tx, endToEndId, amountMinor, entry.currency, why);
      if (back !== undefined)
        found.push(match(entry, actor, 'refund-return', transfer, back.id, back.chargeMinor));
    }
    return found;
  }
}

function match(
  entry: OpenBankEntry,
  actor: string,
  kind: 'refund' | 'refund-return',
  { endToEndId, amountMinor, rule }: Transfer,
  refund: string,
  feeMinor = 0n,
): FoundMatch {
  const draft = draftOf(entry, actor)(kind, rule);
  return {
    entry,
    draft: { ...draft, amountMinor, feeMinor, inputs: { refund, endToEndId } },
    psp: undefined,
    collectionAccount: undefined,
  };
}
