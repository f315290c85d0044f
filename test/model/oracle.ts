/**
 * What the gateway must answer and hold, written from the rules and not from the program: bills by control number, what
 * became of each transaction id of each PSP, and what is owed for it. Knows nothing of rows, batches, locks or wires.
 * Rules: product.md §2; rulings.md §1, §2 (codes and their order), §8; gepg-decisions.md C11. Amounts are minor units.
 */
export type Option = 'full' | 'partial' | 'exact' | 'limited';

export interface Bill {
  readonly id: string;
  readonly number: string;
  readonly option: Option;
  /** One amount; of a combined bill one for each part, filled in this order. */
  readonly parts: readonly bigint[];
  readonly minimum: bigint;
  readonly limit: bigint | null;
  readonly expiresAt: number;
  paid: bigint;
  surplus: bigint;
  isCancelled: boolean;
}

export interface Payment {
  readonly psp: string;
  readonly id: string;
  readonly number: string;
  readonly amount: bigint;
  readonly currency: 'TZS' | 'USD';
}

export type Deed =
  | { readonly kind: 'pay'; readonly payment: Payment }
  | { readonly kind: 'cancel'; readonly billId: string };

/** What became of the first notification of a transaction id; it answers for ever. */
export interface Known {
  readonly payment: Payment;
  readonly code: string;
  readonly place: 'bill' | 'suspense' | 'nowhere';
  readonly businessDay: string;
  queuedAt: number;
  /** Final results owed so far: one, and one for each repetition ten seconds or more after the last. */
  results: number;
}

export const taken = '7101';
const repeatMs = 10_000;
const eastAfricaMs = 3 * 3_600_000;

/** The East African date of an instant: UTC and three hours, all year. */
export function eastAfricanDay(at: number): string {
  return new Date(at + eastAfricaMs).toISOString().slice(0, 10);
}

export function amountOf(bill: Bill): bigint {
  return bill.parts.reduce((sum, part) => sum + part, 0n);
}

function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((low, each) => (each < low ? each : low));
}

export function stateOf(bill: Bill, at: number): string {
  if (bill.isCancelled) return 'cancelled';
  if (bill.paid === amountOf(bill)) return 'paid';
  if (at > bill.expiresAt) return 'expired';
  return bill.paid > 0n ? 'partly-paid' : 'open';
}

/** What each part holds, the first filled before the next; the first also keeps what is too much. */
export function filled(bill: Bill): readonly bigint[] {
  let left = bill.paid;
  return bill.parts.map((part) => {
    const share = least(left, part);
    left -= share;
    return share;
  });
}

export class Oracle {
  /** By control number. */
  readonly bills = new Map<string, Bill>();
  /** By PSP and transaction id. */
  readonly known = new Map<string, Known>();

  /** `irrevocable`: PSPs whose money is taken whatever is wrong; `unissued`: numbers well formed that nobody issued. */
  constructor(
    private readonly irrevocable: ReadonlySet<string>,
    private readonly unissued: ReadonlySet<string>,
  ) {}

  copy(): Oracle {
    const copy = new Oracle(this.irrevocable, this.unissued);
    for (const [number, bill] of this.bills) copy.bills.set(number, { ...bill });
    for (const [key, known] of this.known) copy.known.set(key, { ...known });
    return copy;
  }

  become(other: Oracle): void {
    for (const [number, bill] of other.bills) this.bills.set(number, bill);
    for (const [key, known] of other.known) this.known.set(key, known);
  }

  add(bill: Omit<Bill, 'paid' | 'surplus' | 'isCancelled'>): void {
    this.bills.set(bill.number, { ...bill, paid: 0n, surplus: 0n, isCancelled: false });
  }

  /** The status code of a payment, or what a cancellation came to. */
  apply(deed: Deed, at: number): string {
    return deed.kind === 'pay' ? this.pay(deed.payment, at) : this.cancel(deed.billId, at);
  }

  /**
   * Deeds of one moment may have happened in any order, but all of them in one: takes on the first order that explains
   * every answer and what is `seen` of the bills. False when there is none.
   */
  explain(
    deeds: readonly Deed[],
    answers: readonly string[],
    at: number,
    seen: (world: Oracle) => boolean,
  ): boolean {
    for (const order of orders(deeds.map((_deed, i) => i))) {
      const world = this.copy();
      const isSo = order.every((i) => {
        const deed = deeds[i];
        return deed !== undefined && world.apply(deed, at) === answers[i];
      });
      if (isSo && seen(world)) {
        this.become(world);
        return true;
      }
    }
    return false;
  }

  private pay(payment: Payment, at: number): string {
    const key = `${payment.psp} ${payment.id}`;
    const known = this.known.get(key);
    if (known !== undefined) return this.payAgain(known, payment, at);
    const refusal = this.refusal(payment, at);
    const isIrrevocable = this.irrevocable.has(payment.psp);
    const place = refusal === undefined ? 'bill' : isIrrevocable ? 'suspense' : 'nowhere';
    if (place === 'bill') this.credit(payment);
    const code = place === 'nowhere' ? (refusal ?? '') : taken;
    this.known.set(key, {
      payment,
      code,
      place,
      businessDay: eastAfricanDay(at),
      queuedAt: at,
      results: place === 'nowhere' ? 0 : 1,
    });
    return code;
  }

  private payAgain(known: Known, payment: Payment, at: number): string {
    const { number, amount, currency } = known.payment;
    if (number !== payment.number || amount !== payment.amount || currency !== payment.currency)
      return '7207';
    if (known.place !== 'nowhere' && at - known.queuedAt >= repeatMs) {
      known.results += 1;
      known.queuedAt = at;
    }
    return known.code;
  }

  private refusal(payment: Payment, at: number): string | undefined {
    const bill = this.bills.get(payment.number);
    if (bill === undefined) return this.unissued.has(payment.number) ? '7335' : '7333';
    const state = stateOf(bill, at);
    if (state === 'cancelled') return '7283';
    if (state === 'paid') return '7279';
    if (state === 'expired') return '7213';
    if (payment.currency !== 'TZS') return '7212';
    const rest = amountOf(bill) - bill.paid;
    const room = (bill.limit ?? amountOf(bill)) - bill.paid;
    switch (bill.option) {
      case 'exact':
        return payment.amount === rest ? undefined : '7302';
      case 'full':
        return payment.amount >= rest ? undefined : '7214';
      case 'partial':
        return payment.amount >= least(bill.minimum, rest) ? undefined : '7214';
      case 'limited':
        if (payment.amount > room) return '7336';
        return payment.amount >= least(bill.minimum, room, rest) ? undefined : '7214';
    }
  }

  private credit(payment: Payment): void {
    const bill = this.bills.get(payment.number);
    if (bill === undefined) return;
    const principal = least(payment.amount, amountOf(bill) - bill.paid);
    bill.paid += principal;
    bill.surplus += payment.amount - principal;
  }

  private cancel(billId: string, at: number): string {
    const bill = [...this.bills.values()].find((each) => each.id === billId);
    if (bill === undefined) return 'bill.unknown';
    const state = stateOf(bill, at);
    // Of a combined bill that holds money, that is what is said of it also when its time is over.
    if (state === 'expired' && bill.paid > 0n && bill.parts.length > 1) return 'bill.partly-paid';
    switch (state) {
      case 'open':
        bill.isCancelled = true;
        return 'cancelled';
      case 'cancelled':
        return 'bill.already-cancelled';
      case 'paid':
        return 'bill.settled';
      default:
        return `bill.${state}`;
    }
  }
}

/** Every order of a few things. */
function orders(of: readonly number[]): readonly (readonly number[])[] {
  if (of.length <= 1) return [of];
  return of.flatMap((first) =>
    orders(of.filter((each) => each !== first)).map((rest) => [first, ...rest]),
  );
}
