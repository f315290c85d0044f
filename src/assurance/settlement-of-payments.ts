/** What a payment's day was expected to bring at the bank and what came, for the pages of bills and payments. */
import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database/database';
import { type SettlementLine, SettlementLinesStore } from './settlement-lines.store';

@Injectable()
export class SettlementOfPayments {
  constructor(private readonly store: SettlementLinesStore) {}

  /** A line for each expectation and each bank entry matched to it; amounts are minor units. */
  async execute(reader: Reader, paymentIds: readonly string[]): Promise<readonly SettlementLine[]> {
    return this.store.ofPayments(reader, paymentIds);
  }
}
