/**
 * The accounts we keep, what each means, and on which side it grows. The debit side says where the money is, the
 * credit side whose it is (product.md §5, rulings.md §8).
 */
export const normalSide = {
  'psp-receivable': 'debit',
  collection: 'debit',
  treasury: 'debit',
  'psp-fee': 'debit',
  'sweep-in-transit': 'debit',
  'disputed-receivable': 'debit',
  'bank-charge': 'debit',
  'sp-payable': 'credit',
  'sp-surplus': 'credit',
  suspense: 'credit',
  'refund-payable': 'credit',
  'bank-unallocated': 'credit',
} as const;

export type AccountKind = keyof typeof normalSide;

export interface AccountRef {
  readonly kind: AccountKind;
  /** `psp-receivable:PSP701:0150444000100`. */
  readonly name: string;
}

function account(kind: AccountKind, ...parts: readonly string[]): AccountRef {
  return { kind, name: [kind, ...parts].join(':') };
}

export const accounts = {
  /** Collected by a PSP for one collection account, not yet at the bank. */
  pspReceivable: (psp: string, collectionAccount: string) =>
    account('psp-receivable', psp, collectionAccount),
  /** Collected for an institution under a GFS code. */
  spPayable: (sp: string, gfsCode: string) => account('sp-payable', sp, gfsCode),
  /** Paid above a bill. */
  spSurplus: (sp: string) => account('sp-surplus', sp),
  /** Money whose owner is not known. */
  suspense: (owner: string) => account('suspense', owner),
  /** Approved refunds that the bank has still to pay. */
  refundPayable: () => account('refund-payable'),
  /** What a PSP says it need not pay, and we say it must. */
  disputedReceivable: (psp: string) => account('disputed-receivable', psp),
  /** At the bank, on a collection account. */
  collection: (collectionAccount: string) => account('collection', collectionAccount),
  /** At the bank, and not yet known for what. */
  bankUnallocated: (bankAccount: string) => account('bank-unallocated', bankAccount),
  /** Kept by a PSP of what it settled. */
  pspFee: (psp: string) => account('psp-fee', psp),
  bankCharge: (bankAccount: string) => account('bank-charge', bankAccount),
  /** Left a collection account, not yet at the treasury's. */
  sweepInTransit: () => account('sweep-in-transit'),
  treasury: () => account('treasury'),
} as const;
