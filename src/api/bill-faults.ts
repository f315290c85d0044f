/** Which field of a bill in JSON each fault of the bill rules is about. The rules know no JSON, and no pointer. */
import type { ChangeFault, SubmissionFault } from '../bills/bill-submission';
import type { FieldFault } from '../kernel/refusal';

type Fault = SubmissionFault | ChangeFault;

/** Pointer and sentence; `''` where the whole bill is meant. */
const places: Readonly<Record<Fault, readonly [pointer: string, detail: string]>> = {
  'bill.id-blank': ['/billId', 'a bill has an id'],
  'bill.id-malformed': ['/billId', 'this id cannot be used'],
  'bill.sub-sp-unknown': ['/subSpCode', 'not a sub-code that is enrolled'],
  'bill.system-unknown': ['/systemId', 'not a system that is enrolled'],
  'bill.amount-malformed': ['/amount', 'above zero, and not below the smallest instalment'],
  'bill.misc-amount-malformed': ['/amount', 'not an amount'],
  'bill.expiry-unacceptable': ['/expiresAt', 'an instant to come'],
  'bill.payer-id-malformed': ['/payer/id', '1 to 100 characters'],
  'bill.payer-name-malformed': ['/payer/name', '1 to 200 characters'],
  'bill.description-malformed': ['/description', '1 to 500 characters'],
  'bill.generation-date-unacceptable': ['/generatedAt', 'within the last 400 days'],
  'bill.generator-malformed': ['/generatedBy', '1 to 100 characters'],
  'bill.approver-malformed': ['/approvedBy', '1 to 100 characters'],
  'bill.payer-contact-missing': ['/payer', 'a phone number or an e-mail address'],
  'bill.phone-malformed': ['/payer/phone', 'like 0712345678 or 255712345678'],
  'bill.email-malformed': ['/payer/email', 'like name@example.org'],
  'bill.currency-unknown': ['/currency', 'TZS or USD'],
  'bill.equivalent-different': ['/amount', 'differs from its equivalent'],
  'bill.option-unknown': ['/paymentOption', 'not an option that is switched on here'],
  'bill.items-missing': ['/items', 'at least one'],
  'bill.item-reference-flag-malformed': ['/items', 'not a flag'],
  'bill.item-amount-malformed': ['/items', 'the amount of each item is above zero'],
  'bill.item-equivalent-malformed': ['/items', 'not an amount'],
  'bill.item-misc-malformed': ['/items', 'not an amount'],
  'bill.gfs-code-malformed': ['/items', 'a GFS code has 6 or 12 digits'],
  'bill.gfs-code-unknown': ['/items', 'a GFS code that is not enrolled'],
  'bill.item-sum-different': ['/items', 'the items do not sum to the bill'],
  'bill.item-equivalent-sum-different': ['/items', 'the items do not sum to the bill'],
  'bill.item-misc-sum-different': ['/items', 'the items do not sum to the bill'],
  'bill.id-duplicate': ['/billId', 'another bill has this id'],
  'bill.numbers-exhausted': ['', 'the institution has no control numbers left'],
  'bill.number-in-use': ['/controlNumber', 'its bill can still be paid'],
  'bill.number-partly-paid': ['/controlNumber', 'its bill is partly paid'],
  'control-number.malformed': ['/controlNumber', 'the check digit is wrong'],
  'control-number.unknown': ['/controlNumber', 'not a number of this institution'],
  'group.member-unknown': ['', 'not a bill of this institution'],
  'group.terms-different': ['', 'the parts differ in their terms'],
  'bill.unknown': ['', 'there is no such bill'],
  'bill.cancelled': ['', 'the bill is cancelled'],
  'bill.settled': ['', 'the bill is paid'],
  'bill.expired': ['', 'the bill has expired'],
  'bill.partly-paid': ['', 'the bill is partly paid: only its expiry may move'],
};

/** A bill in JSON has no equivalents and no extra amounts: their faults only repeat those of the amounts. */
const echoes: ReadonlySet<Fault> = new Set([
  'bill.equivalent-different',
  'bill.misc-amount-malformed',
  'bill.item-equivalent-malformed',
  'bill.item-equivalent-sum-different',
  'bill.item-misc-malformed',
  'bill.item-misc-sum-different',
]);

export function fieldFaults(faults: readonly Fault[]): FieldFault[] {
  const own = faults.filter((fault) => !echoes.has(fault));
  return (own.length > 0 ? own : faults).map((code) => {
    const [pointer, detail] = places[code];
    return { pointer, code, detail };
  });
}
