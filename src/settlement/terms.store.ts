/** Statements on the calendar's rows, on terms and on the treasury's accounts. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import type { Reader, Tx } from '../platform/database/database';
import type { CalendarDay } from './calendar.rules';
import type { SettlementTerms } from './settlement-terms.rules';

export type TermsOfPsp = SettlementTerms & { readonly pspId: number; readonly pspCode: string };

@Injectable()
export class TermsStore {
  async now(reader: Reader): Promise<Date> {
    const [row] = await reader.query<{ now: Date }>(`select gateway_now() as now`);
    return (row as { now: Date }).now;
  }

  async calendarDays(reader: Reader): Promise<readonly (CalendarDay & { note: string })[]> {
    return reader.query(
      `select day, name, note, is_holiday as "isHoliday" from calendar_day order by day`,
    );
  }

  async setCalendarDay(tx: Tx, day: CalendarDay, setBy: string): Promise<void> {
    await tx.query(
      `insert into calendar_day (day, is_holiday, name, set_by) values ($1, $2, $3, $4)
       on conflict (day) do update set is_holiday = excluded.is_holiday, name = excluded.name, note = '',
         set_by = excluded.set_by, set_at = gateway_now()`,
      [day.day, day.isHoliday, day.name, setBy],
    );
  }

  async dropCalendarDay(tx: Tx, day: BusinessDay): Promise<boolean> {
    const rows = await tx.query(`delete from calendar_day where day = $1 returning day`, [day]);
    return rows.length > 0;
  }

  async terms(reader: Reader): Promise<readonly TermsOfPsp[]> {
    return reader.query<TermsOfPsp>(
      `select t.psp_id as "pspId", p.code as "pspCode", t.collection_account as "collectionAccount", t.currency,
              t.valid_from as "validFrom", t.cutoff_minutes as "cutoffMinutes", t.settle_days as "settleDays",
              t.due_minutes as "dueMinutes", t.fee_basis as "feeBasis", t.fee_handling as "feeHandling",
              t.fee_flat_minor as "feeFlatMinor", t.fee_per_million as "feePerMillion",
              t.fee_min_minor as "feeMinMinor", t.fee_max_minor as "feeMaxMinor",
              t.reference_form as "referenceForm", t.remitters
         from settlement_terms t join party p on p.id = t.psp_id
        order by p.code, t.currency, t.collection_account, t.valid_from`,
    );
  }

  async psps(reader: Reader): Promise<readonly { id: number; code: string; name: string }[]> {
    return reader.query(
      `select id, code, name from party where kind = 'payment-service-provider' order by code`,
    );
  }

  async setTerms(tx: Tx, pspId: number, terms: SettlementTerms, setBy: string): Promise<void> {
    await tx.query(
      `insert into settlement_terms (psp_id, collection_account, currency, valid_from, cutoff_minutes, settle_days,
         due_minutes, fee_basis, fee_handling, fee_flat_minor, fee_per_million, fee_min_minor, fee_max_minor,
         reference_form, remitters, set_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
       on conflict (psp_id, collection_account, currency, valid_from) do update
          set cutoff_minutes = excluded.cutoff_minutes, settle_days = excluded.settle_days,
              due_minutes = excluded.due_minutes, fee_basis = excluded.fee_basis, fee_handling = excluded.fee_handling,
              fee_flat_minor = excluded.fee_flat_minor, fee_per_million = excluded.fee_per_million,
              fee_min_minor = excluded.fee_min_minor, fee_max_minor = excluded.fee_max_minor,
              reference_form = excluded.reference_form, remitters = excluded.remitters, set_by = excluded.set_by,
              set_at = gateway_now()`,
      [
        pspId,
        terms.collectionAccount,
        terms.currency,
        terms.validFrom,
        terms.cutoffMinutes,
        terms.settleDays,
        terms.dueMinutes,
        terms.feeBasis,
        terms.feeHandling,
        terms.feeFlatMinor,
        terms.feePerMillion,
        terms.feeMinMinor,
        terms.feeMaxMinor,
        terms.referenceForm,
        terms.remitters,
        setBy,
      ],
    );
  }

  async treasuries(reader: Reader): Promise<readonly { account: string; currency: Currency }[]> {
    return reader.query(`select account, currency from treasury_account order by currency`);
  }

  async setTreasury(tx: Tx, account: string, currency: Currency, setBy: string): Promise<void> {
    await tx.query(
      `insert into treasury_account (account, currency, set_by) values ($1, $2, $3)
       on conflict (currency) do update set account = excluded.account, set_by = excluded.set_by, set_at = gateway_now()`,
      [account, currency, setBy],
    );
  }

  async isCollectionAccount(reader: Reader, account: string, currency: string): Promise<boolean> {
    const rows = await reader.query(
      `select from collection_account where account = $1 and currency = $2`,
      [account, currency],
    );
    return rows.length > 0;
  }

  async collectionAccounts(
    reader: Reader,
  ): Promise<readonly { account: string; currency: Currency }[]> {
    return reader.query(
      `select account, currency from collection_account order by account, currency`,
    );
  }
}
