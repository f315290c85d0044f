/**
 * Statements that search bills and payments: the newest first, by keys that have indexes. A statement holds only the
 * conditions that were asked for, so that its plan is made for them. `partyId` bounds to one institution; null is the
 * treasury.
 */
import { Injectable } from '@nestjs/common';
import { type KeptPayment, paymentColumns } from '../../assurance/kept-columns';
import type { Reader } from '../../platform/database/database';
import { beginningWith } from './search.rules';
import { billColumns, type FoundBill } from './trace.store';

/** Each as the books write it; absent where nothing was asked. */
export interface SearchKeys {
  readonly before?: string;
  readonly number?: string;
  readonly bill?: string;
  /** How the name begins, in any case of letters. */
  readonly payer?: string;
  readonly phones?: readonly string[];
  readonly amountMinor?: bigint;
  readonly receipt?: string;
  /** The PSP's transaction or its reference. */
  readonly transaction?: string;
  readonly psp?: string;
  readonly state?: string;
  readonly day?: string;
}

/** Without the name and the state, which are asked for below. */
type Conditions = Partial<Record<keyof SearchKeys, (place: string) => string>>;

/** Named one by one, an index that leads with the party is used on every version of PostgreSQL. */
const all = (kind: string): string => `any (array(select id from party where kind = '${kind}'))`;
const sps = all('service-provider');
const psps = all('payment-service-provider');

const paymentOfTransaction = (place: string): string =>
  `select t.id from payment t where t.psp_id = ${psps} and t.psp_transaction_id = ${place}
   union select t.id from payment t where t.psp_reference = ${place} and t.psp_reference <> ''`;

const billsOf = (payments: string): string =>
  `b.id in (select a.bill_id from payment_allocation a where a.payment_id in (${payments}))`;

const zone = `'Africa/Dar_es_Salaam'`;

const isPast = 'gateway_now() > b.expires_at';

const billStates: Readonly<Record<string, string>> = {
  open: `b.state = 'open' and not ${isPast}`,
  'partly-paid': `b.id in (select bill_id from partly_paid_bill) and b.state = 'partly-paid' and not ${isPast}`,
  paid: `b.state = 'paid'`,
  cancelled: `b.state = 'cancelled' and b.cancelled_at is not null`,
  expired: `b.state in ('expired', 'open', 'partly-paid') and ${isPast}`,
};

const ofBills: Conditions = {
  number: (place) => `b.control_number = ${place}`,
  bill: (place) => `b.sp_id = ${sps} and b.sp_bill_id = ${place}`,
  phones: (place) => `b.payer_phone = any (${place}::text[]) and b.payer_phone <> ''`,
  amountMinor: (place) => `b.amount_minor = ${place}::bigint`,
  receipt: (place) => billsOf(`select r.id from payment r where r.receipt_number = ${place}`),
  transaction: (place) => billsOf(paymentOfTransaction(place)),
  // As instants, which an index may be asked for under row-level security (migration 187).
  day: (place) =>
    `b.created_at >= ${place}::date::timestamp at time zone ${zone}
     and b.created_at < (${place}::date + 1)::timestamp at time zone ${zone}`,
};

const ofPayments: Conditions = {
  before: (place) => `p.id < ${place}::uuid`,
  number: (place) => `p.control_number = ${place}`,
  bill: (place) =>
    `p.id in (select a.payment_id from bill b join payment_allocation a on a.bill_id = b.id
               where b.sp_id = ${sps} and b.sp_bill_id = ${place})`,
  phones: (place) => `p.payer_phone = any (${place}::text[]) and p.payer_phone <> ''`,
  amountMinor: (place) => `p.amount_minor = ${place}::bigint`,
  receipt: (place) => `p.receipt_number = ${place}`,
  transaction: (place) => `p.id in (${paymentOfTransaction(place)})`,
  psp: (place) => `s.code = ${place}`,
  day: (place) => `p.business_day = ${place}::date`,
};

/** Of a payment of several bills of the institution, the first: so each stands once, and none has to be sorted away. */
const firstOf = (place: string): string =>
  `a.sp_id = ${place} and not exists (select from payment_allocation o where o.payment_id = a.payment_id
      and o.sp_id = ${place} and o.bill_id < a.bill_id)`;

/** The conditions that were asked for, and their values. */
function where(conditions: Conditions, keys: SearchKeys) {
  const values: unknown[] = [];
  const parts = Object.entries(conditions).flatMap(([name, condition]) => {
    const value = keys[name as keyof SearchKeys];
    if (value === undefined) return [];
    values.push(typeof value === 'bigint' ? String(value) : value);
    return [condition(`$${String(values.length)}`)];
  });
  return { values, parts };
}

/** As many as are sorted at once: more share the name than that, and the newest of them are met soon on the way back. */
const mostOfName = 1_000;

@Injectable()
export class SearchStore {
  /** One more than `limit`. A state that is none finds nothing. */
  async bills(
    reader: Reader,
    keys: SearchKeys,
    partyId: number | null,
    limit: number,
  ): Promise<readonly FoundBill[]> {
    const { values, parts } = where(ofBills, keys);
    // Of one day they come by their instant, of all by their ids: in the order that an index has.
    const order = keys.day === undefined ? 'b.id' : 'b.created_at desc, b.id';
    if (keys.before !== undefined) {
      const place = `$${String(values.push(keys.before))}::uuid`;
      parts.push(
        keys.day === undefined
          ? `b.id < ${place}`
          : `(b.created_at, b.id) < (select c.created_at, c.id from bill c where c.id = ${place})`,
      );
    }
    if (keys.payer !== undefined)
      parts.push(await this.ofPayer(reader, 'bill', keys.payer, values));
    if (keys.state !== undefined) parts.push(billStates[keys.state] ?? 'false');
    if (partyId !== null) parts.push(`b.sp_id = $${String(values.push(partyId))}`);
    return reader.query<FoundBill>(
      `select ${billColumns} from bill b join party s on s.id = b.sp_id
        where ${['true', ...parts].join(' and ')}
        order by ${order} desc limit $${String(values.push(limit + 1))}`,
      values,
    );
  }

  /** One more than `limit`. */
  async payments(
    reader: Reader,
    keys: SearchKeys,
    partyId: number | null,
    limit: number,
  ): Promise<readonly KeptPayment[]> {
    const { values, parts } = where(ofPayments, keys);
    if (keys.payer !== undefined)
      parts.push(await this.ofPayer(reader, 'payment', keys.payer, values));
    let from = 'payment p';
    if (partyId !== null) {
      from = 'payment_allocation a join payment p on p.id = a.payment_id';
      parts.push(firstOf(`$${String(values.push(partyId))}`));
    }
    return reader.query<KeptPayment>(
      `select ${paymentColumns} from ${from} join party s on s.id = p.psp_id
        where ${['true', ...parts].join(' and ')}
        order by p.id desc limit $${String(values.push(limit + 1))}`,
      values,
    );
  }

  /** A rare name by the ids that have it; a common one by looking at each, for then they are met soon. */
  private async ofPayer(
    reader: Reader,
    table: 'bill' | 'payment',
    beginning: string,
    values: unknown[],
  ): Promise<string> {
    const [alias] = table;
    const found = await reader.query<{ id: string }>(
      `select id from ${table}s_of_payer($1, $2) as id`,
      [beginning, mostOfName + 1],
    );
    if (found.length <= mostOfName) {
      const place = values.push(found.map(({ id }) => id));
      return `${String(alias)}.id = any ($${String(place)}::uuid[])`;
    }
    const place = values.push(beginningWith(beginning));
    return `lower(${String(alias)}.payer_name) like lower($${String(place)}::text)`;
  }
}
