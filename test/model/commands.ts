/**
 * What can happen to the gateway, as commands of fast-check: each does one thing to the world and to the oracle, and
 * compares the answer and the bills it touched. Bills and payments are named by place, so that every part of a history
 * still means something when another part is left out.
 */
import type fc from 'fast-check';
import { amountOf, type Bill, type Deed, type Oracle, type Payment } from './oracle';
import { type NewBill, poison, psps, type World } from './world';

export type Command = fc.AsyncCommand<Oracle, World>;

/** How much of what is still due: `usd` is the right sum in the wrong currency. */
export const sums = ['due', 'less', 'more', 'least', 'cent', 'usd'] as const;

export interface Wish {
  readonly bill: number;
  readonly psp: number;
  readonly sum: (typeof sums)[number];
}

const second = 1_000;
export const hour = 3_600 * second;
export const day = 24 * hour;
const eastAfricaMs = 3 * hour;

function billAt(oracle: Oracle, place: number): Bill | undefined {
  return [...oracle.bills.values()][place];
}

/** A number of no bill, well formed and never issued, or with a wrong check digit. */
function numberAt(oracle: Oracle, world: World, place: number): string {
  const bill = billAt(oracle, place);
  if (bill !== undefined) return bill.number;
  const right = world.unissued;
  return place % 2 === 0 ? right : right.slice(0, -1) + String((Number(right.at(-1)) + 1) % 10);
}

function paymentFor(oracle: Oracle, world: World, wish: Wish, id = world.nextId()): Payment {
  const bill = billAt(oracle, wish.bill);
  const left = bill === undefined ? 0n : amountOf(bill) - bill.paid;
  const due = left > 0n ? left : 10_000n;
  const amounts = {
    due,
    less: due > 1n ? due / 2n : 1n,
    more: due + 4_321n,
    least: bill?.minimum ?? 1n,
    cent: 1n,
    usd: due,
  };
  return {
    psp: psps[wish.psp % psps.length] ?? psps[0],
    id,
    number: numberAt(oracle, world, wish.bill),
    amount: amounts[wish.sum],
    currency: wish.sum === 'usd' ? 'USD' : 'TZS',
  };
}

/** `isPossible`: commands that need a bill or a payment are left out of a history that has none yet. */
abstract class Step implements Command {
  check(oracle: Readonly<Oracle>): boolean {
    return this.isPossible(oracle);
  }

  protected isPossible: (oracle: Readonly<Oracle>) => boolean = () => true;

  abstract run(oracle: Oracle, world: World): Promise<void>;

  toString(): string {
    return `${this.constructor.name}(${JSON.stringify(this, (_key, value: unknown) =>
      typeof value === 'bigint' ? `${value.toString()}n` : value,
    )})`;
  }
}

export class Issue extends Step {
  constructor(
    readonly bill: Omit<NewBill, 'expiresAt'>,
    readonly lifeMs: number,
  ) {
    super();
  }

  async run(oracle: Oracle, world: World): Promise<void> {
    const bill = { ...this.bill, expiresAt: world.at + this.lifeMs };
    oracle.add({ ...bill, ...(await world.issue(bill)) });
  }
}

export class Pay extends Step {
  constructor(readonly wish: Wish) {
    super();
  }

  async run(oracle: Oracle, world: World): Promise<void> {
    const payment = paymentFor(oracle, world, this.wish);
    expect(await world.pay(payment)).toBe(oracle.apply({ kind: 'pay', payment }, world.at));
    await world.compareBills(oracle, [payment.number]);
  }
}

/** A known transaction id again: as it was, or with something changed. */
export class PayAgain extends Step {
  constructor(
    readonly place: number,
    readonly change: 'none' | 'amount' | 'number' | 'currency',
  ) {
    super();
  }

  protected override isPossible = (oracle: Readonly<Oracle>): boolean => oracle.known.size > 0;

  async run(oracle: Oracle, world: World): Promise<void> {
    const all = [...oracle.known.values()];
    const known = all[this.place % all.length]?.payment;
    if (known === undefined) return;
    const payment: Payment = {
      ...known,
      ...(this.change === 'amount' ? { amount: known.amount + 100n } : {}),
      ...(this.change === 'number' ? { number: numberAt(oracle, world, 1_000) } : {}),
      ...(this.change === 'currency' ? { currency: known.currency === 'TZS' ? 'USD' : 'TZS' } : {}),
    };
    expect(await world.pay(payment)).toBe(oracle.apply({ kind: 'pay', payment }, world.at));
    await world.compareBills(oracle, [known.number]);
  }
}

/** The PSP hangs up before it has its answer, and sends the same again. */
export class LoseAnswer extends Step {
  constructor(readonly wish: Wish) {
    super();
  }

  async run(oracle: Oracle, world: World): Promise<void> {
    const payment = paymentFor(oracle, world, this.wish);
    await world.payAndHangUp(payment);
    const code = await world.payPersistently(payment);
    await world.untilKept(payment, 2);
    expect(code).toBe(oracle.apply({ kind: 'pay', payment }, world.at));
    await world.compareBills(oracle, [payment.number]);
  }
}

/** Several at one moment, with the first commits held up: payments, copies of the first, and a cancellation. */
export class Together extends Step {
  constructor(
    readonly wishes: readonly Wish[],
    readonly heldUp: number,
    readonly extra: 'none' | 'copy' | 'altered' | 'cancel',
  ) {
    super();
  }

  async run(oracle: Oracle, world: World): Promise<void> {
    const payments = this.wishes.map((wish) => paymentFor(oracle, world, wish));
    const deeds: Deed[] = payments.map((payment) => ({ kind: 'pay', payment }));
    const [first] = payments;
    const bill = billAt(oracle, this.wishes[0]?.bill ?? 0);
    if (first !== undefined && this.extra === 'copy') deeds.push({ kind: 'pay', payment: first });
    if (first !== undefined && this.extra === 'altered')
      deeds.push({ kind: 'pay', payment: { ...first, amount: first.amount + 100n } });
    if (bill !== undefined && this.extra === 'cancel')
      deeds.push({ kind: 'cancel', billId: bill.id });
    await world.expire();
    const isCombined = (deed: Deed): boolean =>
      deed.kind === 'cancel' && (bill?.parts.length ?? 1) > 1;
    const answers = await world.together(
      deeds.map((deed) => ({ deed, isCombined: isCombined(deed) })),
      this.heldUp,
    );
    await settle(oracle, world, deeds, answers);
  }
}

/** Rows that fail, among payments that do not: they get no acknowledgement, and the others what is theirs. */
export class Poison extends Step {
  constructor(readonly wishes: readonly Wish[]) {
    super();
  }

  async run(oracle: Oracle, world: World): Promise<void> {
    const blockers = [0, 1].map(() =>
      paymentFor(oracle, world, { bill: 1_000, psp: 0, sum: 'cent' }),
    );
    const payments = this.wishes.map((wish) => paymentFor(oracle, world, wish));
    const bad = paymentFor(oracle, world, { bill: 0, psp: 0, sum: 'due' }, world.nextId(poison));
    const deeds = [...blockers, bad, ...payments].map(
      (payment) => ({ kind: 'pay', payment }) as const,
    );
    const answers = await world.together(
      deeds.map((deed) => ({ deed, isCombined: false })),
      blockers.length,
    );
    const at = blockers.length;
    expect(answers[at]).not.toMatch(/^\d{4}$/);
    await settle(oracle, world, deeds.toSpliced(at, 1), answers.toSpliced(at, 1));
  }
}

/** The gateway falls with payments under way; they are sent again to the next one. */
export class Crash extends Step {
  constructor(readonly wishes: readonly Wish[]) {
    super();
  }

  async run(oracle: Oracle, world: World): Promise<void> {
    const payments = this.wishes.map((wish) => paymentFor(oracle, world, wish));
    const answers = await world.crashAmid(payments);
    const deeds = payments.map((payment) => ({ kind: 'pay', payment }) as const);
    await settle(oracle, world, deeds, answers);
  }
}

async function settle(
  oracle: Oracle,
  world: World,
  deeds: readonly Deed[],
  answers: readonly string[],
): Promise<void> {
  const numbers = deeds.flatMap((deed) => (deed.kind === 'pay' ? [deed.payment.number] : []));
  const seen = await world.billRows(numbers);
  const isExplained = oracle.explain(deeds, answers, world.at, (after) =>
    world.witness.isSame(after, seen, world.at),
  );
  if (!isExplained) {
    throw new Error(
      `no order explains ${JSON.stringify(
        { deeds, answers, seen: [...seen] },
        (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
      )}`,
    );
  }
}

export class Cancel extends Step {
  constructor(readonly place: number) {
    super();
  }

  protected override isPossible = (oracle: Readonly<Oracle>): boolean =>
    this.place < oracle.bills.size;

  async run(oracle: Oracle, world: World): Promise<void> {
    const bill = billAt(oracle, this.place);
    if (bill === undefined) return;
    const deed: Deed = { kind: 'cancel', billId: bill.id };
    await world.expire();
    const answer = await world.do(deed, bill.parts.length > 1);
    expect(answer).toBe(oracle.apply(deed, world.at));
    await world.compareBills(oracle, [bill.number]);
  }
}

/** To the last millisecond of the East African day, into the next, to a bill's last instant and past it, or on. */
export class MoveClock extends Step {
  constructor(
    readonly to: 'last-of-day' | 'next-day' | 'expiry' | 'past-expiry' | 'seconds' | 'hours',
    readonly place: number,
  ) {
    super();
  }

  async run(oracle: Oracle, world: World): Promise<void> {
    const midnight = Math.floor((world.at + eastAfricaMs) / day + 1) * day - eastAfricaMs;
    const expiry = billAt(oracle, this.place)?.expiresAt ?? world.at;
    const at = {
      'last-of-day': midnight - 1,
      'next-day': midnight,
      expiry,
      'past-expiry': expiry + 1,
      seconds: world.at + 11 * second,
      hours: world.at + 5 * hour,
    }[this.to];
    if (at > world.at) await world.moveClock(at);
  }
}

/** The parties' endpoints fail, or hear again. */
export class Deafen extends Step {
  constructor(readonly isDeaf: boolean) {
    super();
  }

  async run(_oracle: Oracle, world: World): Promise<void> {
    world.setHearing(this.isDeaf);
    return Promise.resolve();
  }
}
