/**
 * The bank's entries that are refunds, by the end-to-end ids of the instruction: a debit pays one, or those of a batch
 * that was booked as one; a credit gives one back that could not be paid out. The sum must be the refund's.
 */
import { Injectable } from '@nestjs/common';
import { Refunds } from '../payments/refunds';
import { ReturnRefund } from '../payments/return-refund';
import type { Tx } from '../platform/database/database';
import { draftOf } from './match-draft';
import type { FoundMatch } from './post-matches';
import type { MissDraft, OpenBankEntry } from './settlement.store';

interface Transfer {
  readonly endToEndId: string;
  readonly amountMinor: bigint;
}

/** Those of a batch where the bank shows them, else the entry itself. */
function transfersOf(entry: OpenBankEntry): readonly Transfer[] {
  const batched = entry.details.flatMap((each) =>
    each['endToEndId'] && each['amountMinor']
      ? [{ endToEndId: each['endToEndId'], amountMinor: BigInt(each['amountMinor']) }]
      : [],
  );
  return (batched.length > 0 ? batched : [entry]).filter((each) => each.endToEndId !== '');
}

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
      if (refund.amountMinor !== amountMinor || refund.currency !== entry.currency)
        return 'refund-sum';
      const wanted = entry.direction === 'debit' ? ['approved'] : ['approved', 'instructed'];
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
      const id = await this.returns.execute(tx, endToEndId, amountMinor, entry.currency, why);
      if (id !== undefined) found.push(match(entry, actor, 'refund-return', transfer, id));
    }
    return found;
  }
}

function match(
  entry: OpenBankEntry,
  actor: string,
  kind: 'refund' | 'refund-return',
  { endToEndId, amountMinor }: Transfer,
  refund: string,
): FoundMatch {
  const draft = draftOf(entry, actor)(kind, 'end-to-end-id');
  return {
    entry,
    draft: { ...draft, amountMinor, inputs: { refund, endToEndId } },
    psp: undefined,
    collectionAccount: undefined,
  };
}
