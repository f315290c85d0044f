/** From a checked bill to the row that is stored, and the digest that tells a repeated message from another one. */
import { createHash } from 'node:crypto';
import { formatAmount } from '../kernel/money';
import { type BillDraft, type CheckedBill, optionCodeOf } from './bill-content.rules';
import type { BillContent } from './bill.store';

/** Every field in the order of its name; absent and empty are the same, since messages do not tell them apart. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || value instanceof Date)
    return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const fields = Object.entries(value)
    .filter(([, each]) => each !== '' && each !== null && each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`);
  return `{${fields.join()}}`;
}

/** What makes two messages the same: every field as received, in its own place. */
export function contentDigest(content: object): Buffer {
  return createHash('sha256').update(canonical(content)).digest();
}

export function contentOf(draft: BillDraft, bill: CheckedBill): BillContent {
  return {
    option: bill.option,
    currency: bill.currency,
    amountMinor: bill.amountMinor.toString(),
    miscMinor: bill.miscMinor.toString(),
    minimumMinor: bill.minimumMinor.toString(),
    limitMinor: bill.limitMinor?.toString() ?? null,
    generatedAt: bill.generatedAt,
    expiresAt: bill.expiresAt,
    payerId: bill.payerId,
    payerName: bill.payerName,
    payerPhone: bill.payerPhone,
    payerEmail: bill.payerEmail,
    description: bill.description,
    generatedBy: bill.generatedBy,
    approvedBy: bill.approvedBy,
    subSpCode: bill.subSpCode,
    systemId: bill.systemId,
    extras: draft.extras,
    items: bill.items.map((item) => ({
      reference: item.reference,
      paysByReference: item.payByReference,
      gfsCode: item.gfsCode,
      subSpCode: item.subSpCode,
      amountMinor: item.amountMinor.toString(),
      miscMinor: item.miscMinor.toString(),
    })),
  };
}

/** The way back: what an institution would send for a bill that says this. */
export function draftOf(billId: string, content: BillContent): BillDraft {
  const amountOf = (minor: string): string => formatAmount(BigInt(minor));
  return {
    billId,
    spCode: '',
    subSpCode: content.subSpCode,
    systemId: content.systemId,
    amount: amountOf(content.amountMinor),
    miscAmount: amountOf(content.miscMinor),
    expiresAt: content.expiresAt.toISOString(),
    payerId: content.payerId,
    payerName: content.payerName,
    description: content.description,
    generatedAt: content.generatedAt.toISOString(),
    generatedBy: content.generatedBy,
    approvedBy: content.approvedBy,
    payerPhone: content.payerPhone,
    payerEmail: content.payerEmail,
    currency: content.currency,
    equivalentAmount: '',
    remind: '',
    paymentOption: optionCodeOf(content.option),
    minimumAmount: amountOf(content.minimumMinor),
    limitAmount: content.limitMinor === null ? '' : amountOf(content.limitMinor),
    reusedNumber: '',
    extras: content.extras,
    items: content.items.map((item) => ({
      reference: item.reference,
      payByReference: item.paysByReference ? 'Y' : 'N',
      amount: amountOf(item.amountMinor),
      equivalentAmount: '',
      miscAmount: amountOf(item.miscMinor),
      gfsCode: item.gfsCode,
      subSpCode: item.subSpCode,
    })),
  };
}
