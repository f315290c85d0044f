/**
 * Answers enquiries: what is due on control numbers now, from our own data, in one statement. Writes nothing and locks
 * nothing. Faults come in the documented order: malformed, never issued, cancelled, settled, expired (rulings.md §2).
 */
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database';
import { amountDue, minimumDue } from './bill.rules';
import { asOne } from './combined-bill.rules';
import { isControlNumber, type NumberFault, numberFault } from './control-number.rules';
import { type FoundNumber, PayableBillStore } from './payable-bill.store';
import type { StoredNumber } from './stored-bill';

export type EnquiryFault = NumberFault | 'bill.cancelled' | 'bill.settled' | 'bill.expired';

/** Sums and the expiry are over all parts of the number. */
export type Enquiry =
  | {
      readonly stored: StoredNumber;
      readonly dueMinor: bigint;
      readonly minimumMinor: bigint;
      /** The earliest of all parts. */
      readonly expiresAt: Date;
      readonly fault?: undefined;
    }
  | { readonly fault: EnquiryFault; readonly stored?: StoredNumber };

@Injectable()
export class FindPayableBill {
  constructor(
    private readonly database: Database,
    private readonly store: PayableBillStore,
  ) {}

  async execute(controlNumber: string): Promise<Enquiry> {
    const [enquiry] = await this.executeMany([controlNumber]);
    if (enquiry === undefined) throw new Error('every number has an answer');
    return enquiry;
  }

  /** One answer per number, in order. */
  async executeMany(controlNumbers: readonly string[]): Promise<readonly Enquiry[]> {
    const wanted = [...new Set(controlNumbers.filter(isControlNumber))];
    const found =
      wanted.length === 0
        ? new Map<string, FoundNumber>()
        : await this.store.find(this.database.reader, wanted);
    return controlNumbers.map((number) => answerOf(number, found.get(number)));
  }
}

function answerOf(number: string, found: FoundNumber | undefined): Enquiry {
  if (found?.stored === undefined) return { fault: numberFault(number, found) };
  const { stored, at } = found;
  const whole = asOne(stored.bills);
  if (whole.state === 'cancelled') return { fault: 'bill.cancelled', stored };
  if (whole.state === 'paid') return { fault: 'bill.settled', stored };
  if (whole.state === 'expired' || at > whole.expiresAt) return { fault: 'bill.expired', stored };
  return {
    stored,
    dueMinor: amountDue(whole, at),
    minimumMinor: minimumDue(whole),
    expiresAt: whole.expiresAt,
  };
}
