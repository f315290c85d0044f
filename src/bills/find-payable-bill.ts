/**
 * Answers an enquiry: what is due on a control number now, from our own data. Writes nothing and locks nothing.
 * Faults come in the documented order: malformed, never issued, cancelled, settled, expired (rulings.md §2).
 */
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database';
import { amountDue, minimumDue } from './bill.rules';
import { BillStore } from './bill.store';
import { hasValidCheckDigit, isControlNumber } from './control-number.rules';
import type { StoredBill } from './stored-bill';

export type EnquiryFault =
  | 'control-number.malformed'
  | 'control-number.unknown'
  | 'bill.cancelled'
  | 'bill.settled'
  | 'bill.expired';

export type Enquiry =
  | {
      readonly bill: StoredBill;
      readonly dueMinor: bigint;
      readonly minimumMinor: bigint;
      readonly fault?: undefined;
    }
  | { readonly fault: EnquiryFault; readonly bill?: StoredBill };

@Injectable()
export class FindPayableBill {
  constructor(
    private readonly database: Database,
    private readonly store: BillStore,
  ) {}

  async execute(controlNumber: string): Promise<Enquiry> {
    if (!isControlNumber(controlNumber)) return { fault: 'control-number.malformed' };
    const found = await this.store.findPayable(this.database.reader, controlNumber);
    if (found === undefined) {
      return {
        fault: hasValidCheckDigit(controlNumber)
          ? 'control-number.unknown'
          : 'control-number.malformed',
      };
    }
    const { bill, at } = found;
    if (bill.state === 'cancelled') return { fault: 'bill.cancelled', bill };
    if (bill.state === 'paid') return { fault: 'bill.settled', bill };
    if (bill.state === 'expired' || at > bill.expiresAt) return { fault: 'bill.expired', bill };
    return { bill, dueMinor: amountDue(bill, at), minimumMinor: minimumDue(bill) };
  }
}
