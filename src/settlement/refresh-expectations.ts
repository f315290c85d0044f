/**
 * Brings up to date what should arrive at the bank, by PSP, collection account, currency and clearing day: from the
 * payments, and from what officers corrected in the books since. Set-based, and the same again changes nothing.
 */
import { Injectable } from '@nestjs/common';
import { addDays, type BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Tx } from '../platform/database/database';
import { ExpectationStore, type ExpectedOfDay } from './expectation.store';
import { ManageCalendar } from './manage-calendar';
import { dayFees, dueAt, referenceOf, termsOn } from './settlement-terms.rules';
import { TermsStore } from './terms.store';

@Injectable()
export class RefreshExpectations {
  constructor(
    private readonly store: ExpectationStore,
    private readonly terms: TermsStore,
    private readonly calendar: ManageCalendar,
  ) {}

  /** Returns the last day that was looked at. Days before `since` are final, unless terms or holidays changed. */
  async execute(tx: Tx): Promise<BusinessDay> {
    const { from, today } = await this.store.staleSince(tx);
    const [all, psps, calendar] = [
      await this.terms.terms(tx),
      await this.terms.psps(tx),
      await this.calendar.calendar(tx),
    ];
    const facts = (pspId: number, account: string, currency: Currency, day: BusinessDay) => {
      const ofPsp = all.filter((each) => each.pspId === pspId);
      const terms = termsOn(ofPsp, currency, account, day);
      const code = psps.find((each) => each.id === pspId)?.code ?? '';
      return {
        terms,
        reference: referenceOf(terms, code, account, day),
        dueAt: dueAt(terms, calendar, day),
      };
    };
    if (from !== null) {
      // After its cut-off today's payments belong to tomorrow.
      const to = addDays(today, 1);
      const expected = (await this.store.paid(tx, from, to)).map((row): ExpectedOfDay => {
        const { terms, ...rest } = facts(
          row.pspId,
          row.collectionAccount,
          row.currency,
          row.clearingDay,
        );
        return { ...row, ...rest, ...dayFees(terms, row.paidMinor, row.transactionFeesMinor) };
      });
      await this.store.keep(tx, expected, from, to);
    }
    const adjusted = (await this.store.adjusted(tx)).map((row) => {
      const { reference, dueAt: due } = facts(
        row.pspId,
        row.collectionAccount,
        row.currency,
        row.clearingDay,
      );
      return { ...row, reference, dueAt: due };
    });
    await this.store.keepAdjusted(tx, adjusted);
    return today;
  }
}
