/** What both generations say alike: payment options by number, and the reference of what is to be paid. */
import type { PaymentOption } from '../bills/bill.rules';
import type { StoredNumber } from '../bills/stored-bill';

/** gepg-protocol.md §4.2; 4 is ours until the specification says (gepg-decisions C1). */
export const optionNumbers: Readonly<Record<PaymentOption, string>> = {
  full: '1',
  partial: '2',
  exact: '3',
  limited: '4',
};

/** Derived from what the number stands for now: an enquiry writes nothing (rulings.md §4). */
export function payRefOf(stored: StoredNumber | undefined): string {
  const bill = stored?.bills[0];
  return stored === undefined || bill === undefined
    ? ''
    : `${stored.controlNumber}-${String(bill.version)}`;
}
