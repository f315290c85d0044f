/**
 * The resolutions of what settlement finds (product.md §7), with the postings of rulings.md §8. Where money moves a second
 * officer approves. A bank entry is explained by a match of the officers, which another undoes; what is written off a
 * PSP's debt is an entry of the resolution, and the expectation follows the books at the next run.
 */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { parseBusinessDay } from '../kernel/business-day';
import { formatAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { accounts } from '../ledger/chart-of-accounts.rules';
import { buildEntry, type EntryDraft } from '../ledger/entry.rules';
import type { Reader, Tx } from '../platform/database/database';
import type { DiscrepancyKind } from '../reconciliation/discrepancy.rules';
import {
  type Resolution,
  type ResolutionInput,
  Resolutions,
  resolutionSource,
} from '../reconciliation/resolution';
import { PostMatches } from './post-matches';
import {
  type EntryToResolve,
  type ExpectationToResolve,
  ResolutionStore,
} from './resolution.store';
import type { MatchKind } from './settlement-entries.rules';
import { matchingVersion } from './settlement-matching.rules';

type DiscrepancyView = Parameters<Resolution['preview']>[1];

/** What a match of officers does: its kind, and the expectation that it clears or opens again. */
interface Explanation {
  readonly kind: MatchKind;
  readonly amountMinor: bigint;
  readonly expectation?: ExpectationToResolve;
  readonly feeMinor?: bigint;
}

@Injectable()
export class SettlementResolutions implements OnModuleInit {
  constructor(
    private readonly resolutions: Resolutions,
    private readonly store: ResolutionStore,
    private readonly matches: PostMatches,
  ) {}

  onModuleInit(): void {
    const open: readonly DiscrepancyKind[] = ['short-settled', 'late-settlement'];
    const credits: readonly DiscrepancyKind[] = ['over-settled', 'unidentified-credit'];
    const debits: readonly DiscrepancyKind[] = ['unidentified-debit', 'returned-credit'];
    this.resolutions.register(
      this.awaiting(open),
      this.writingOff('fee', ['short-settled'], 'fee that the PSP kept'),
      this.writingOff('dispute', open, 'sum that is disputed'),
      this.explaining('leave-unallocated', ['over-settled'], false, 'stays at the bank, of nobody'),
      this.explaining('suspense', credits, true, 'is put in suspense'),
      this.explaining('link', credits, true, 'settles'),
      this.explaining('refund', debits, true, 'is the payment of a refund'),
      this.explaining('charge', debits, true, 'is a charge of the bank'),
      this.explaining('link', debits, true, 'came back, and is owed again:'),
    );
  }

  private awaiting(kinds: readonly DiscrepancyKind[]): Resolution {
    return {
      name: 'await-rest',
      kinds,
      needsApproval: false,
      preview: () => Promise.resolve('the rest is still expected; nothing is posted'),
      execute: () => Promise.resolve([]),
    };
  }

  private writingOff(
    name: 'fee' | 'dispute',
    kinds: readonly DiscrepancyKind[],
    what: string,
  ): Resolution {
    return {
      name,
      kinds,
      needsApproval: true,
      preview: async (reader, view) => {
        const { openMinor, currency, pspCode, clearingDay } = await this.expectation(reader, view);
        const sum = `${formatAmount(openMinor)} ${currency}`;
        return `${sum} that ${pspCode} owes of ${clearingDay} is a ${what}`;
      },
      execute: async (tx, view) => {
        const owed = await this.expectation(tx, view);
        return [await this.writeOff(tx, view, owed, name)];
      },
    };
  }

  private async writeOff(
    tx: Tx,
    view: DiscrepancyView,
    owed: ExpectationToResolve,
    name: 'fee' | 'dispute',
  ): Promise<EntryDraft> {
    const restMinor = owed.openMinor - owed.feeOpenMinor;
    const fee = accounts.pspFee(owed.pspCode);
    const rest = name === 'fee' ? fee : accounts.disputedReceivable(owed.pspCode);
    return buildEntry({
      ...resolutionSource(view),
      businessDay: await this.store.today(tx),
      currency: owed.currency,
      postings: [
        { account: rest, side: 'debit', amountMinor: restMinor },
        { account: fee, side: 'debit', amountMinor: owed.feeOpenMinor },
        {
          account: accounts.pspReceivable(owed.pspCode, owed.collectionAccount),
          side: 'credit',
          amountMinor: owed.openMinor,
        },
      ],
    });
  }

  private explaining(
    name: 'leave-unallocated' | 'suspense' | 'link' | 'refund' | 'charge',
    kinds: readonly DiscrepancyKind[],
    needsApproval: boolean,
    what: string,
  ): Resolution {
    return {
      name,
      kinds,
      needsApproval,
      preview: async (reader, view, input) => {
        const entry = await this.entry(reader, view);
        const { amountMinor, expectation } = await this.explanation(reader, name, entry, input);
        const sum = `${formatAmount(amountMinor)} ${entry.currency}`;
        const whose =
          expectation === undefined ? '' : ` ${expectation.pspCode} of ${expectation.clearingDay}`;
        return `${sum} of the bank's line ${what}${whose}`;
      },
      execute: async (tx, view, input, officers) => {
        const entry = await this.entry(tx, view);
        const explanation = await this.explanation(tx, name, entry, input);
        await this.match(tx, view, entry, explanation, officers.approvedBy);
        return [];
      },
      undo: async (tx, view, officers) => {
        const entry = await this.entryOf(tx, view);
        for (const each of await this.store.matchesOf(tx, view.id)) {
          await this.matches.execute(tx, null, [
            {
              entry,
              psp: each.pspCode ?? undefined,
              collectionAccount: each.collectionAccount ?? undefined,
              draft: {
                ...this.draft(view, entry, officers.approvedBy, 'undo'),
                kind: each.kind,
                expectationId: each.expectationId,
                amountMinor: -each.amountMinor,
                clearedMinor: -each.clearedMinor,
                feeMinor: -each.feeMinor,
              },
            },
          ]);
        }
      },
    };
  }

  private async explanation(
    reader: Reader,
    name: 'leave-unallocated' | 'suspense' | 'link' | 'refund' | 'charge',
    entry: EntryToResolve,
    input: ResolutionInput,
  ): Promise<Explanation> {
    const amountMinor = entry.leftMinor;
    if (name === 'leave-unallocated') return { kind: 'left', amountMinor };
    if (name !== 'link') return { kind: name, amountMinor };
    const expectation = await this.named(reader, entry, input);
    if (entry.direction === 'debit') return { kind: 'return', amountMinor, expectation };
    const dueMinor = expectation.openMinor - expectation.feeOpenMinor;
    if (dueMinor <= 0n) {
      throw new Refusal(
        'settlement.nothing-due',
        `nothing is due any more of ${expectation.pspCode} for ${expectation.clearingDay}`,
        'conflict',
      );
    }
    return amountMinor < dueMinor
      ? { kind: 'settlement', amountMinor, expectation }
      : {
          kind: 'settlement',
          amountMinor: dueMinor,
          expectation,
          feeMinor: expectation.feeOpenMinor,
        };
  }

  private async match(
    tx: Tx,
    view: DiscrepancyView,
    entry: EntryToResolve,
    { kind, amountMinor, expectation, feeMinor = 0n }: Explanation,
    officer: string,
  ): Promise<void> {
    const cleared = kind === 'return' ? -amountMinor : amountMinor + feeMinor;
    await this.matches.execute(tx, null, [
      {
        entry,
        psp: expectation?.pspCode,
        collectionAccount: expectation?.collectionAccount,
        draft: {
          ...this.draft(view, entry, officer, 'officers'),
          kind,
          expectationId: expectation?.id ?? null,
          amountMinor,
          clearedMinor: expectation === undefined ? 0n : cleared,
          feeMinor,
        },
      },
    ]);
  }

  private draft(view: DiscrepancyView, entry: EntryToResolve, officer: string, rule: string) {
    return {
      bankEntryId: entry.id,
      otherEntryId: null,
      rule,
      ruleVersion: matchingVersion,
      inputs: { discrepancy: view.id.toString(), revision: view.revision },
      matchedBy: officer,
    };
  }

  /** `psp` and `day` of the input, and `account` where the money was meant for another than it came to. */
  private async named(
    reader: Reader,
    entry: EntryToResolve,
    input: ResolutionInput,
  ): Promise<ExpectationToResolve> {
    const { psp = '', day = '', account = entry.account } = input;
    const found = await this.store.findExpectation(
      reader,
      psp,
      account,
      entry.currency,
      parseBusinessDay(day),
    );
    if (found !== undefined) return found;
    throw new Refusal(
      'settlement.expectation-unknown',
      `nothing was expected of "${psp}" for ${day} on ${account}`,
      'not-found',
    );
  }

  private async expectation(reader: Reader, view: DiscrepancyView): Promise<ExpectationToResolve> {
    const found = await this.store.expectationOf(reader, view.id);
    if (found !== undefined && found.openMinor > 0n) return found;
    throw nothingLeft();
  }

  private async entryOf(reader: Reader, view: DiscrepancyView): Promise<EntryToResolve> {
    const found = await this.store.entryOf(reader, view.id);
    if (found === undefined) throw nothingLeft();
    return found;
  }

  private async entry(reader: Reader, view: DiscrepancyView): Promise<EntryToResolve> {
    const found = await this.entryOf(reader, view);
    if (found.leftMinor <= 0n) throw nothingLeft();
    return found;
  }
}

function nothingLeft(): Refusal {
  return new Refusal(
    'settlement.nothing-left',
    'nothing of it is left to be explained',
    'conflict',
  );
}
