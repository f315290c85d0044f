/** A bank entry that officers explain: what of it is left, the match that they make, and the one that undoes it. */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import type { Reader, Tx } from '../platform/database/database';
import type { Resolution, ResolvingOfficers } from '../reconciliation/resolution';
import { PostMatches } from './post-matches';
import {
  type EntryToResolve,
  type ExpectationToResolve,
  type MatchToUndo,
  ResolutionStore,
} from './resolution.store';
import type { MatchKind } from './settlement-entries.rules';
import { matchingVersion } from './settlement-matching.rules';

export type DiscrepancyView = Parameters<Resolution['preview']>[1];

/** What a match of officers does: its kind, and the expectation that it clears or opens again, or the refund. */
export interface Explanation {
  readonly kind: MatchKind;
  readonly amountMinor: bigint;
  readonly expectation?: ExpectationToResolve;
  readonly feeMinor?: bigint;
  readonly refundId?: string;
}

@Injectable()
export class ExplainLine {
  constructor(
    private readonly store: ResolutionStore,
    private readonly matches: PostMatches,
  ) {}

  /** Refuses: settlement.nothing-left. */
  async line(reader: Reader, view: DiscrepancyView): Promise<EntryToResolve> {
    const found = await this.store.entryOf(reader, view.id);
    if (found === undefined || found.leftMinor <= 0n) throw nothingLeft();
    return found;
  }

  async match(
    tx: Tx,
    view: DiscrepancyView,
    entry: EntryToResolve,
    { kind, amountMinor, expectation, feeMinor = 0n, refundId }: Explanation,
    officer: string,
  ): Promise<void> {
    const cleared = kind === 'return' ? -amountMinor : amountMinor + feeMinor;
    await this.matches.execute(tx, null, [
      {
        entry,
        psp: expectation?.pspCode,
        collectionAccount: expectation?.collectionAccount,
        draft: {
          ...draftOf(view, entry, officer, 'officers', { revision: view.revision, refundId }),
          kind,
          expectationId: expectation?.id ?? null,
          amountMinor,
          clearedMinor: expectation === undefined ? 0n : cleared,
          feeMinor,
        },
      },
    ]);
  }

  /** Takes back what the last resolution of a discrepancy matched, and gives what that was. */
  async undo(
    tx: Tx,
    view: DiscrepancyView,
    officers: ResolvingOfficers,
  ): Promise<readonly MatchToUndo[]> {
    const entry = await this.store.entryOf(tx, view.id);
    if (entry === undefined) throw nothingLeft();
    const made = await this.store.matchesOf(tx, view.id);
    await this.matches.execute(
      tx,
      null,
      made.map((each) => ({
        entry,
        psp: each.pspCode ?? undefined,
        collectionAccount: each.collectionAccount ?? undefined,
        draft: {
          ...draftOf(view, entry, officers.approvedBy, 'undo', each),
          kind: each.kind,
          expectationId: each.expectationId,
          amountMinor: -each.amountMinor,
          clearedMinor: -each.clearedMinor,
          feeMinor: -each.feeMinor,
        },
      })),
    );
    return made;
  }
}

function draftOf(
  view: DiscrepancyView,
  entry: EntryToResolve,
  officer: string,
  rule: string,
  resolved: { readonly revision: number; readonly refundId?: string | null | undefined },
) {
  const inputs = { discrepancy: view.id.toString(), revision: resolved.revision };
  const refund = resolved.refundId ?? undefined;
  return {
    bankEntryId: entry.id,
    otherEntryId: null,
    rule,
    ruleVersion: matchingVersion,
    inputs: refund === undefined ? inputs : { ...inputs, refund },
    matchedBy: officer,
  };
}

export function nothingLeft(): Refusal {
  return new Refusal(
    'settlement.nothing-left',
    'nothing of it is left to be explained',
    'conflict',
  );
}
