/** The read side of settlement, for console, reports and the close of day. Amounts are minor units. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { sumMinor } from '../kernel/money';
import { Database } from '../platform/database/database';
import { BankStore } from './bank.store';
import { missSentence } from './miss-words';
import { type SettlementState, settlementState } from './settlement-status.rules';
import {
  type BankEntryRowView,
  type BankStatementRow,
  type CollectedForAccount,
  type ExpectationRow,
  type ExpectedPayment,
  type RefundAtBank,
  SettlementViewStore,
  type TransitRow,
} from './settlement-view.store';

export type { TransitRow };

export type ExpectationView = ExpectationRow & {
  readonly state: SettlementState;
  /** Gross less the fee that the PSP keeps. */
  readonly netMinor: bigint;
};

export interface TransitView {
  readonly rows: readonly TransitRow[];
  readonly totals: readonly {
    readonly currency: string;
    readonly amountMinor: bigint;
    /** What the ledger has on psp-receivable and sweep-in-transit. */
    readonly ledgerMinor: bigint;
  }[];
}

export type BankEntryView = BankEntryRowView & {
  /** Why it is not matched, in English; empty where it is. */
  readonly reason: string;
};

export type BankStatementView = BankStatementRow & {
  /** Closing balance less the one before it and what was booked since; null where one of the balances is not known. */
  readonly gapMinor: bigint | null;
};

const pageSize = 200;

@Injectable()
export class ReviewSettlement {
  constructor(
    private readonly database: Database,
    private readonly store: SettlementViewStore,
    private readonly bank: BankStore,
  ) {}

  /** What one day's clearing should bring and brought. */
  async status(day: BusinessDay): Promise<readonly ExpectationView[]> {
    return this.views(day);
  }

  /** Everything that is still to come. */
  async open(): Promise<readonly ExpectationView[]> {
    return this.views(null);
  }

  private async views(day: BusinessDay | null): Promise<readonly ExpectationView[]> {
    const rows = await this.store.expectations(this.database.reader, day);
    return rows.map((row) => ({
      ...row,
      state: settlementState(row),
      netMinor: row.grossMinor - row.feeMinor,
    }));
  }

  /** Money on its way, as of the last run; the ledger's own sum beside it, in one snapshot. */
  async transit(): Promise<TransitView> {
    return this.database.snapshot(async (reader) => {
      const rows = await this.store.transit(reader);
      const ledger = await this.store.ledgerTransit(reader);
      const currencies = [...new Set([...rows, ...ledger].map((each) => each.currency))].sort();
      const totals = currencies.map((currency) => ({
        currency,
        amountMinor: sumMinor(
          rows.filter((each) => each.currency === currency).map((each) => each.amountMinor),
        ),
        ledgerMinor: ledger.find((each) => each.currency === currency)?.amountMinor ?? 0n,
      }));
      return { rows, totals };
    });
  }

  /** Money on its way by PSP and account, as of the last run, without the ledger's own sum. */
  async onItsWay(): Promise<readonly TransitRow[]> {
    return this.store.transit(this.database.reader);
  }

  /** What was collected on a business day, by institution and collection account. */
  async collected(day: BusinessDay): Promise<readonly CollectedForAccount[]> {
    return this.store.collected(this.database.reader, day);
  }

  async statements(
    from: BusinessDay,
    to: BusinessDay = from,
  ): Promise<readonly BankStatementView[]> {
    const { reader } = this.database;
    const rows = await this.store.statements(reader, from, to);
    const gaps = await this.bank.gaps(
      reader,
      rows.map((row) => row.id),
    );
    const gapOf = new Map(gaps.map((each) => [each.id, each.gapMinor]));
    return rows.map((row) => ({ ...row, gapMinor: gapOf.get(row.id) ?? null }));
  }

  /** The entries of a statement with what explains each, or why nothing does. */
  async entries(statementId: bigint): Promise<readonly BankEntryView[]> {
    const rows = await this.store.entries(this.database.reader, statementId);
    return rows.map((row) => ({
      ...row,
      reason: row.missReason === null ? '' : missSentence(row.missReason, row.missCandidates ?? []),
    }));
  }

  /** `after`: the last payment of the page before. */
  async payments(expectationId: bigint, after?: string): Promise<readonly ExpectedPayment[]> {
    return this.store.payments(this.database.reader, expectationId, after ?? null, pageSize);
  }

  /** The lines of the bank that pay a refund, or give it back. */
  async refundAtBank(refundId: string): Promise<readonly RefundAtBank[]> {
    return this.store.refundAtBank(this.database.reader, refundId);
  }
}
