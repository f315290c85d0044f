/**
 * What an institution's bill must say, checked in the order of the message; all faults are found, not only the first.
 * Everything arrives as the text received. Rules: gepg-protocol.md §3.1, §4.1; gepg-decisions.md C; rulings.md §3.
 */
import { parseWireInstant } from '../kernel/business-day';
import { type Currency, isCurrency, parseBillAmount, sumMinor } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import type { PaymentOption } from './bill.rules';

export interface ItemDraft {
  readonly reference: string;
  readonly payByReference: string;
  readonly amount: string;
  readonly equivalentAmount: string;
  readonly miscAmount: string;
  readonly gfsCode: string;
  /** Of this item, in generation 5; '' where the bill names it. */
  readonly subSpCode: string;
}

export interface BillDraft {
  readonly billId: string;
  /** Whose bill it is; '' for the institution that submits it. Another one only within a group. */
  readonly spCode: string;
  readonly subSpCode: string;
  readonly systemId: string;
  readonly amount: string;
  readonly miscAmount: string;
  readonly expiresAt: string;
  readonly payerId: string;
  readonly payerName: string;
  readonly description: string;
  readonly generatedAt: string;
  readonly generatedBy: string;
  readonly approvedBy: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly currency: string;
  readonly equivalentAmount: string;
  readonly remind: string;
  readonly paymentOption: string;
  /** Smallest instalment; '' in generation 4, which names none (0.01). */
  readonly minimumAmount: string;
  /** Of payment option limited; '' or zero: no limit but the amount. */
  readonly limitAmount: string;
  /** A control number to use again; '' for a new one. */
  readonly reusedNumber: string;
  /** Optional texts without a status code of their own: stored, not validated (rulings.md §3). */
  readonly extras: Readonly<Record<string, string>>;
  readonly items: readonly ItemDraft[];
}

export interface CheckedItem {
  readonly reference: string;
  readonly payByReference: boolean;
  readonly amountMinor: bigint;
  readonly miscMinor: bigint;
  readonly gfsCode: string;
  readonly subSpCode: string;
}

export interface CheckedBill {
  readonly billId: string;
  readonly subSpCode: string;
  readonly systemId: string;
  readonly amountMinor: bigint;
  readonly miscMinor: bigint;
  readonly minimumMinor: bigint;
  /** Of option limited; null: no limit but the amount. */
  readonly limitMinor: bigint | null;
  readonly currency: Currency;
  readonly option: PaymentOption;
  readonly generatedAt: Date;
  readonly expiresAt: Date;
  readonly payerId: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
  readonly description: string;
  readonly generatedBy: string;
  readonly approvedBy: string;
  readonly items: readonly CheckedItem[];
}

/** In the order in which they are reported. The GePG numbers live in gepg/status-codes. */
export const billFaults = [
  'bill.id-blank',
  'bill.id-malformed',
  'bill.sub-sp-unknown',
  'bill.system-unknown',
  'bill.amount-malformed',
  'bill.misc-amount-malformed',
  'bill.expiry-unacceptable',
  'bill.payer-id-malformed',
  'bill.payer-name-malformed',
  'bill.description-malformed',
  'bill.generation-date-unacceptable',
  'bill.generator-malformed',
  'bill.approver-malformed',
  'bill.payer-contact-missing',
  'bill.phone-malformed',
  'bill.email-malformed',
  'bill.currency-unknown',
  'bill.equivalent-different',
  'bill.option-unknown',
  'bill.items-missing',
  'bill.item-reference-flag-malformed',
  'bill.item-amount-malformed',
  'bill.item-equivalent-malformed',
  'bill.item-misc-malformed',
  'bill.gfs-code-malformed',
  'bill.gfs-code-unknown',
  'bill.item-sum-different',
  'bill.item-equivalent-sum-different',
  'bill.item-misc-sum-different',
] as const;
export type BillFault = (typeof billFaults)[number];

export interface Terms {
  /** An empty set means that nothing was enrolled, and nothing is restricted. */
  readonly systemIds: ReadonlySet<string>;
  readonly subSpCodes: ReadonlySet<string>;
  readonly gfsCodes: ReadonlySet<string>;
  readonly isBulk: boolean;
  readonly allowsLimited: boolean;
}

const hourMs = 3_600_000;
/** A map, since in an object the text `constructor` would find a member that is no option. */
const options: ReadonlyMap<string, PaymentOption> = new Map([
  ['1', 'full'],
  ['2', 'partial'],
  ['3', 'exact'],
  ['4', 'limited'],
  ['5', 'limited'],
]);

/** The code of a payment option, as the wire and the drafts have it. */
export function optionCodeOf(option: PaymentOption): string {
  const code = optionCodeNamed(option);
  if (code === '') throw new Error(`${option} has a code`);
  return code;
}

/** As `optionCodeOf`, for a word of others; '' for one that is no option. */
export function optionCodeNamed(word: string): string {
  const [code = ''] = [...options].find(([, each]) => each === word) ?? [];
  return code;
}

function amountOf(text: string): bigint | undefined {
  try {
    return parseBillAmount(text);
  } catch (fault) {
    if (fault instanceof Refusal) return undefined;
    throw fault;
  }
}

/** An absent extra or equivalent amount counts as the given one: many clients leave it out or empty. */
function optionalAmount(text: string, absent: bigint | undefined): bigint | undefined {
  return text === '' ? absent : amountOf(text);
}

function isText(text: string, longest: number, forbidden: ReadonlySet<string>): boolean {
  if (
    text === '' ||
    text.length > longest ||
    /[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/.test(text)
  )
    return false;
  for (const name of forbidden) if (text.includes(name)) return false;
  return true;
}

function isAbsent(text: string): boolean {
  return text === '' || text === 'None';
}

function isAllowed(enrolled: ReadonlySet<string>, value: string): boolean {
  return enrolled.size === 0 || enrolled.has(value);
}

/** Minimum instalment of a bill that names none or zero: 0.01 (rulings.md §10). */
const smallestMinor = 1n;

/** The sub-codes that a bill names: its own, and those of items that name one (generation 5 has them there alone). */
function subSpCodesOf(draft: BillDraft): readonly string[] {
  const ofItems = draft.items.map((item) => item.subSpCode).filter((code) => code !== '');
  const isNamedByAll = draft.items.length > 0 && ofItems.length === draft.items.length;
  return draft.subSpCode === '' && isNamedByAll ? ofItems : [draft.subSpCode, ...ofItems];
}

/**
 * `protocolNames` are message names that free text may not hold, since clients cut our messages by them (SIG-15).
 * Ordinary `<payment>` in a description is fine.
 */
export function checkBill(
  draft: BillDraft,
  terms: Terms,
  now: Date,
  protocolNames: ReadonlySet<string>,
): { ok: true; bill: CheckedBill } | { ok: false; faults: readonly BillFault[] } {
  const found = new Set<BillFault>();
  const require = (isGood: boolean, fault: BillFault): void => {
    if (!isGood) found.add(fault);
  };

  require(draft.billId !== '', 'bill.id-blank');
  require(draft.billId === '' || /^[\x20-\x7e]{1,100}$/.test(draft.billId), 'bill.id-malformed');
  for (const name of protocolNames) require(!draft.billId.includes(name), 'bill.id-malformed');
  for (const code of subSpCodesOf(draft))
    require(isAllowed(terms.subSpCodes, code), 'bill.sub-sp-unknown');
  require(isAllowed(terms.systemIds, draft.systemId), 'bill.system-unknown');

  const amountMinor = amountOf(draft.amount) ?? 0n;
  require(amountMinor > 0n, 'bill.amount-malformed');
  const miscMinor = optionalAmount(draft.miscAmount, 0n);
  require(miscMinor !== undefined, 'bill.misc-amount-malformed');
  const minimumMinor = optionalAmount(draft.minimumAmount, 0n);
  require(minimumMinor !== undefined && minimumMinor <= amountMinor, 'bill.amount-malformed');

  const expiresAt = parseWireInstant(draft.expiresAt);
  require(expiresAt !== undefined && expiresAt > now, 'bill.expiry-unacceptable');
  require(isText(draft.payerId, 100, protocolNames), 'bill.payer-id-malformed');
  require(isText(draft.payerName, 200, protocolNames), 'bill.payer-name-malformed');
  require(isText(draft.description, 500, protocolNames), 'bill.description-malformed');
  const generatedAt = parseWireInstant(draft.generatedAt);
  const ageMs = generatedAt === undefined ? NaN : now.getTime() - generatedAt.getTime();
  require(ageMs >= -24 * hourMs && ageMs <= 400 * 24 * hourMs, 'bill.generation-date-unacceptable');
  require(isText(draft.generatedBy, 100, protocolNames), 'bill.generator-malformed');
  require(isText(draft.approvedBy, 100, protocolNames), 'bill.approver-malformed');

  const payerPhone = isAbsent(draft.payerPhone) ? '' : draft.payerPhone;
  const payerEmail = isAbsent(draft.payerEmail) ? '' : draft.payerEmail;
  require(terms.isBulk || payerPhone !== '' || payerEmail !== '', 'bill.payer-contact-missing');
  require(payerPhone === '' || /^(\+?255|0)\d{9}$/.test(payerPhone), 'bill.phone-malformed');
  require(payerEmail === '' ||
    (payerEmail.length <= 150 &&
      /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+$/.test(payerEmail)), 'bill.email-malformed');

  require(isCurrency(draft.currency), 'bill.currency-unknown');
  const equivalentMinor = optionalAmount(draft.equivalentAmount, amountMinor);
  require(equivalentMinor !== undefined &&
    (draft.currency !== 'TZS' || equivalentMinor === amountMinor), 'bill.equivalent-different');
  const option = options.get(draft.paymentOption);
  require(option !== undefined &&
    (option !== 'limited' || terms.allowsLimited), 'bill.option-unknown');
  // Clients fill the limit in whatever the option is; it counts where the option is limited.
  const limitMinor = option === 'limited' ? optionalAmount(draft.limitAmount, 0n) : 0n;
  require(limitMinor !== undefined, 'bill.amount-malformed');

  require(draft.items.length > 0, 'bill.items-missing');
  const items = draft.items.map((item) => ({
    reference: item.reference,
    payByReference: item.payByReference === 'Y',
    gfsCode: item.gfsCode,
    subSpCode: item.subSpCode || draft.subSpCode,
    amountMinor: amountOf(item.amount) ?? 0n,
    equivalentMinor: optionalAmount(item.equivalentAmount, amountOf(item.amount)),
    miscMinor: optionalAmount(item.miscAmount, 0n),
  }));
  draft.items.forEach((item, i) => {
    require(item.payByReference === 'Y' ||
      item.payByReference === 'N', 'bill.item-reference-flag-malformed');
    require((items[i]?.amountMinor ?? 0n) > 0n, 'bill.item-amount-malformed');
    require(items[i]?.equivalentMinor !== undefined, 'bill.item-equivalent-malformed');
    require(items[i]?.miscMinor !== undefined, 'bill.item-misc-malformed');
    require(/^(\d{6}|\d{12})$/.test(item.gfsCode), 'bill.gfs-code-malformed');
    require(isAllowed(terms.gfsCodes, item.gfsCode), 'bill.gfs-code-unknown');
  });
  if (items.length > 0) {
    require(sumMinor(items.map((item) => item.amountMinor)) ===
      amountMinor, 'bill.item-sum-different');
    require(sumMinor(items.map((item) => item.equivalentMinor ?? 0n)) ===
      (equivalentMinor ?? 0n), 'bill.item-equivalent-sum-different');
    require(sumMinor(items.map((item) => item.miscMinor ?? 0n)) ===
      (miscMinor ?? 0n), 'bill.item-misc-sum-different');
  }

  if (
    found.size > 0 ||
    expiresAt === undefined ||
    generatedAt === undefined ||
    option === undefined ||
    !isCurrency(draft.currency)
  ) {
    return { ok: false, faults: billFaults.filter((fault) => found.has(fault)) };
  }
  return {
    ok: true,
    bill: {
      billId: draft.billId,
      subSpCode: draft.subSpCode || (items[0]?.subSpCode ?? ''),
      systemId: draft.systemId,
      amountMinor,
      miscMinor: miscMinor ?? 0n,
      minimumMinor: minimumMinor === 0n ? smallestMinor : (minimumMinor ?? smallestMinor),
      limitMinor: limitMinor === 0n ? null : (limitMinor ?? null),
      currency: draft.currency,
      option,
      generatedAt,
      expiresAt,
      payerId: draft.payerId,
      payerName: draft.payerName,
      payerPhone,
      payerEmail,
      description: draft.description,
      generatedBy: draft.generatedBy,
      approvedBy: draft.approvedBy,
      items: items.map(
        ({
          reference,
          payByReference,
          gfsCode,
          subSpCode,
          amountMinor: minor,
          miscMinor: misc,
        }) => ({
          reference,
          payByReference,
          gfsCode,
          subSpCode,
          amountMinor: minor,
          miscMinor: misc ?? 0n,
        }),
      ),
    },
  };
}
