/**
 * Holds what is stored, and what the parties were told, against the oracle: bills part by part, payments with their days,
 * results and confirmations, and every invariant of `audit verify`.
 */
import type { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { brokenInvariants } from '../support/books';
import type { TestGateway } from '../support/gateway';
import { amountOf, type Bill, filled, type Oracle, stateOf } from './oracle';

interface BillRow {
  readonly id: string;
  readonly paid: readonly string[];
  readonly surplus: string;
  readonly state: string;
}

/** By control number. */
export type BillRows = ReadonlyMap<string, BillRow>;

export class Witness {
  constructor(
    private readonly gateway: TestGateway,
    private readonly senders: ReadonlyMap<string, SandboxParty>,
    private readonly institution: SandboxParty,
  ) {}

  /** Whether the bills that were seen hold what the oracle says, part by part. */
  isSame(oracle: Oracle, seen: BillRows, at: number): boolean {
    return [...seen].every(([number, row]) => {
      const bill = oracle.bills.get(number);
      return bill !== undefined && JSON.stringify(row) === JSON.stringify(expected(bill, at));
    });
  }

  async compareBills(oracle: Oracle, numbers: readonly string[], at: number): Promise<void> {
    const wanted = numbers.flatMap((number) => {
      const bill = oracle.bills.get(number);
      return bill === undefined ? [] : [[number, expected(bill, at)] as const];
    });
    expect(await this.billRows(numbers)).toEqual(new Map(wanted));
  }

  async compareAll(oracle: Oracle, at: number): Promise<void> {
    await this.compareBills(oracle, [...oracle.bills.keys()], at);
    const { rows } = await this.gateway.db.query<{
      key: string;
      receipt: string | null;
      stored: string;
    }>(
      `select s.code || ' ' || n.psp_transaction_id as key, p.receipt_number as receipt,
              concat_ws(' ', n.outcome, p.amount_minor, p.business_day, count(d.id) filter (where d.kind = 'payment-result'),
                        count(d.id) filter (where d.kind = 'payment-confirmed')) as stored
         from payment_notification n
         join party s on s.id = n.psp_id
         left join payment p on p.id = n.payment_id
         left join delivery d on d.message ->> 'resultId' = p.id::text or d.message ->> 'paymentId' = p.id::text
        where s.code || ' ' || n.psp_transaction_id = any ($1)
        group by 1, p.receipt_number, n.outcome, p.amount_minor, p.business_day`,
      [[...oracle.known.keys()]],
    );
    const wanted = [...oracle.known].map(([key, known]) => {
      if (known.place === 'nowhere') return [key, 'refused 0 0'];
      const { amount } = known.payment;
      const isOnBill = known.place === 'bill';
      return [
        key,
        `${isOnBill ? 'taken' : 'suspense'} ${String(amount)} ${known.businessDay} ${String(known.results)} ${isOnBill ? '1' : '0'}`,
      ];
    });
    expect(Object.fromEntries(rows.map(({ key, stored }) => [key, stored]))).toEqual(
      Object.fromEntries(wanted),
    );
    const receipts = new Map(rows.map(({ key, receipt }) => [key, receipt ?? 'none']));
    expect(this.unheard(oracle, receipts)).toEqual([]);
    expect(await brokenInvariants(this.gateway.app, this.gateway.db)).toEqual([]);
  }

  async billRows(numbers: readonly string[]): Promise<BillRows> {
    const { rows } = await this.gateway.db.query<{
      number: string;
      id: string;
      paid: string[];
      surplus: string;
      states: string[];
    }>(
      `select coalesce(g.control_number, b.control_number) as number, min(coalesce(g.sp_group_bill_id, b.sp_bill_id)) as id,
              array_agg(b.paid_minor::text order by b.group_position) as paid, sum(b.surplus_minor)::text as surplus,
              array_agg(distinct b.state) as states
         from bill b left join bill_group g on g.id = b.group_id
        where coalesce(g.control_number, b.control_number) = any ($1)
        group by 1`,
      [[...numbers]],
    );
    return new Map(
      rows.map(({ number, id, paid, surplus, states }) => {
        const isPaid = states.length === 1 && states[0] === 'paid';
        const state = paid.length === 1 ? (states[0] ?? '') : isPaid ? 'paid' : 'not paid';
        return [number, { id, paid, surplus, state }] as const;
      }),
    );
  }

  /** Payments that the institution or the PSP has never been told of. */
  private unheard(oracle: Oracle, receipts: ReadonlyMap<string, string>): readonly string[] {
    const told = (party: SandboxParty | undefined): string =>
      (party?.received ?? []).map(({ body }) => body.toString()).join('\n');
    const confirmed = told(this.institution);
    return [...oracle.known].flatMap(([key, { place, payment }]) => {
      if (place === 'nowhere') return [];
      const receipt = receipts.get(key) ?? '';
      const isKnown = (text: string): boolean => text.includes(`>${receipt}<`);
      const results = told(this.senders.get(payment.psp));
      return [
        ...(isKnown(results) ? [] : [`${key}: no final result`]),
        ...(place === 'suspense' || isKnown(confirmed) ? [] : [`${key}: no confirmation`]),
      ];
    });
  }
}

function expected(bill: Bill, at: number): BillRow {
  const { id } = bill;
  const isWhole = bill.parts.length === 1;
  return {
    id,
    paid: filled(bill).map(String),
    surplus: String(bill.surplus),
    // Of a combined bill each part has a state of its own; the oracle speaks of the whole.
    state: isWhole ? stateOf(bill, at) : amountOf(bill) === bill.paid ? 'paid' : 'not paid',
  };
}
