/** The PSPs' own books of the day, from which their statements are made and against which the gateway is held. */
import type { PspCode } from './plan';
import { DemoFault } from './screen';

export interface BookedPayment {
  readonly psp: PspCode;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: 'TZS' | 'USD';
  readonly paidAt: string;
  /** Undefined for money in suspense: no bill takes it, so no institution is told. */
  readonly billId: string | undefined;
}

export interface RefusedPayment extends BookedPayment {
  readonly code: string;
}

export type Sums = Readonly<Record<'TZS' | 'USD', bigint>>;

export function sumsOf(
  payments: Iterable<{ readonly amountMinor: bigint; readonly currency: 'TZS' | 'USD' }>,
): Sums {
  const sums = { TZS: 0n, USD: 0n };
  for (const { amountMinor, currency } of payments) sums[currency] += amountMinor;
  return sums;
}

export class Books {
  readonly taken: BookedPayment[] = [];
  readonly refused: RefusedPayment[] = [];
  /** Notifications sent again under an id that the gateway knows. */
  repeats = 0;
  enquiries = 0;
  /** Answers whose signature was verified. */
  answers = 0;

  get onBills(): readonly BookedPayment[] {
    return this.taken.filter((each) => each.billId !== undefined);
  }

  get inSuspense(): readonly BookedPayment[] {
    return this.taken.filter((each) => each.billId === undefined);
  }

  /** How many under each code, in order of the code. */
  get refusals(): readonly (readonly [code: string, count: number])[] {
    const counts = new Map<string, number>();
    for (const { code } of this.refused) counts.set(code, (counts.get(code) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => a.localeCompare(b));
  }

  /** Faults unless the answer has the code and a signature that holds. */
  expect(
    what: string,
    answer: { readonly code: string; readonly isSigned: boolean },
    code: string,
  ): void {
    this.answers += 1;
    if (!answer.isSigned) throw new DemoFault(`The signature of the answer to ${what} is wrong.`);
    if (answer.code !== code)
      throw new DemoFault(
        `The answer to ${what} is ${answer.code || 'without a code'}, not ${code}.`,
      );
  }
}
