/**
 * Searches bills and payments for one officer: his institution bounds what he finds, and payers are masked. Names are
 * found by how they begin, in any case of letters; everything else as it is written in full.
 */
import { Injectable } from '@nestjs/common';
import type { KeptPayment } from '../../assurance/kept-columns';
import { parseBusinessDay } from '../../kernel/business-day';
import { isId } from '../../kernel/ids';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { Database } from '../../platform/database/database';
import { masked } from '../../payments/payer.rules';
import { phoneSpellings, searchedAmount } from './search.rules';
import { type SearchKeys, SearchStore } from './search.store';
import type { FoundBill } from './trace.store';

type Officer = Pick<Session['officer'], 'partyId'>;
type Filter = Readonly<Record<string, string>>;

export const pageLength = 50;

@Injectable()
export class Search {
  constructor(
    private readonly database: Database,
    private readonly store: SearchStore,
  ) {}

  /** The newest first, one more than a page. Refuses: day.malformed, money.malformed, trace.cursor-unknown. */
  async bills(filter: Filter, { partyId }: Officer): Promise<readonly FoundBill[]> {
    const { reader } = this.database;
    return (await this.store.bills(reader, keysOf(filter), partyId, pageLength)).map(masked);
  }

  /** Refuses as `bills`. */
  async payments(filter: Filter, { partyId }: Officer): Promise<readonly KeptPayment[]> {
    const { reader } = this.database;
    return (await this.store.payments(reader, keysOf(filter), partyId, pageLength)).map(masked);
  }
}

function keysOf(filter: Filter): SearchKeys {
  const { before, day, payer, phone, amount, ...exact } = filter;
  if (before !== undefined && !isId(before))
    throw new Refusal('trace.cursor-unknown', 'there is no page that begins so');
  if (day !== undefined) parseBusinessDay(day);
  const { number, bill, receipt, transaction, psp, state } = exact;
  return {
    ...without({ before, day, payer, number, bill, receipt, transaction, psp, state }),
    ...(phone === undefined ? {} : { phones: phoneSpellings(phone) }),
    ...(amount === undefined ? {} : { amountMinor: searchedAmount(amount) }),
  };
}

/** Without what is absent. */
function without(fields: Readonly<Record<string, string | undefined>>): SearchKeys {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
