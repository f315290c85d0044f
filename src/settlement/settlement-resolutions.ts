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
import type { Effect } from '../reconciliation/effect';
import {
  type Resolution,
  type ResolutionInput,
  Resolutions,
  resolutionSource,
} from '../reconciliation/resolution';
import { type DiscrepancyView, ExplainLine, type Explanation, nothingLeft } from './explain-line';
import {
  type EntryToResolve,
  type ExpectationToResolve,
  ResolutionStore,
} from './resolution.store';

@Injectable()
export class SettlementResolutions implements OnModuleInit {
  constructor(
    private readonly resolutions: Resolutions,
    private readonly store: ResolutionStore,
    private readonly lines: ExplainLine,
  ) {}

  onModuleInit(): void {
    const open: readonly DiscrepancyKind[] = ['short-settled', 'late-settlement'];
    const credits: readonly DiscrepancyKind[] = ['over-settled', 'unidentified-credit'];
    const debits: readonly DiscrepancyKind[] = ['unidentified-debit', 'returned-credit'];
    this.resolutions.register(
      this.awaiting(open),
      this.writingOff('fee', ['short-settled'], 'fee'),
      this.writingOff('dispute', open, 'dispute-owed'),
      this.explaining('leave-unallocated', ['over-settled'], false, 'leave-unallocated'),
      this.explaining('suspense', credits, true, 'suspense'),
      this.explaining('link', credits, true, 'settles'),
      this.explaining('charge', debits, true, 'charge'),
      this.explaining('link', debits, true, 'owed-again'),
    );
  }

  private awaiting(kinds: readonly DiscrepancyKind[]): Resolution {
    return {
      name: 'await-rest',
      kinds,
      needsApproval: false,
      preview: () => Promise.resolve({ code: 'await-rest', values: {} }),
      execute: () => Promise.resolve([]),
    };
  }

  private writingOff(
    name: 'fee' | 'dispute',
    kinds: readonly DiscrepancyKind[],
    code: Effect['code'],
  ): Resolution {
    return {
      name,
      kinds,
      needsApproval: true,
      preview: async (reader, view) => {
        const { openMinor, currency, pspCode, clearingDay } = await this.expectation(reader, view);
        const amount = formatAmount(openMinor);
        return { code, values: { amount, currency, psp: pspCode, day: clearingDay } };
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
    name: 'leave-unallocated' | 'suspense' | 'link' | 'charge',
    kinds: readonly DiscrepancyKind[],
    needsApproval: boolean,
    code: Effect['code'],
  ): Resolution {
    return {
      name,
      kinds,
      needsApproval,
      preview: async (reader, view, input) => {
        const entry = await this.lines.line(reader, view);
        const { amountMinor, expectation } = await this.explanation(reader, name, entry, input);
        const sum = { amount: formatAmount(amountMinor), currency: entry.currency };
        if (expectation === undefined) return { code, values: sum };
        const { pspCode: psp, clearingDay: day } = expectation;
        return { code, values: { ...sum, psp, day } };
      },
      execute: async (tx, view, input, officers) => {
        const entry = await this.lines.line(tx, view);
        const explanation = await this.explanation(tx, name, entry, input);
        await this.lines.match(tx, view, entry, explanation, officers.approvedBy);
        return [];
      },
      undo: async (tx, view, officers) => {
        await this.lines.undo(tx, view, officers);
      },
    };
  }

  private async explanation(
    reader: Reader,
    name: 'leave-unallocated' | 'suspense' | 'link' | 'charge',
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
}
