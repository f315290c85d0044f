/** A submitted bill: one row for each fault, and the forms that clients of the field really send. */
import {
  type BillDraft,
  type BillFault,
  billFaults,
  checkBill,
  type ItemDraft,
} from './bill-content.rules';

const now = new Date('2026-11-24T08:00:00Z');
const terms = {
  systemIds: new Set(['SYS1']),
  subSpCodes: new Set(['1001']),
  gfsCodes: new Set(['140206', '142202540053']),
  isBulk: false,
  allowsLimited: false,
};
const names = new Set(['gepgPmtSpInfo', 'gepgSignature']);

const item: ItemDraft = {
  reference: 'IT-A',
  payByReference: 'N',
  amount: '50000.00',
  equivalentAmount: '50000.00',
  miscAmount: '0.00',
  gfsCode: '140206',
  subSpCode: '',
};
const draft: BillDraft = {
  billId: 'BILL-1',
  subSpCode: '1001',
  systemId: 'SYS1',
  amount: '50000.00',
  miscAmount: '0.00',
  expiresAt: '2027-05-30T10:00:01',
  payerId: 'Asha &amp; Sons',
  payerName: 'Asha & Sons',
  description: 'Service <payment>',
  generatedAt: '2026-11-24T10:00:00',
  generatedBy: 'clerk',
  approvedBy: 'clerk',
  payerPhone: '255700000001',
  payerEmail: 'payer@example.com',
  currency: 'TZS',
  equivalentAmount: '50000.00',
  remind: 'false',
  paymentOption: '3',
  spCode: '',
  minimumAmount: '',
  limitAmount: '',
  reusedNumber: '',
  extras: {},
  items: [item],
};

function faultsOf(
  change: Partial<BillDraft>,
  with_: Partial<typeof terms> = {},
): readonly BillFault[] {
  const result = checkBill({ ...draft, ...change }, { ...terms, ...with_ }, now, names);
  return result.ok ? [] : result.faults;
}

const rows: readonly [BillFault, Partial<BillDraft>][] = [
  ['bill.id-blank', { billId: '' }],
  ['bill.id-malformed', { billId: 'x'.repeat(101) }],
  ['bill.sub-sp-unknown', { subSpCode: '9999' }],
  ['bill.system-unknown', { systemId: 'SYS2' }],
  ['bill.misc-amount-malformed', { miscAmount: '-1' }],
  ['bill.expiry-unacceptable', { expiresAt: '2026-11-24T11:00:00' }],
  ['bill.payer-id-malformed', { payerId: '' }],
  ['bill.payer-name-malformed', { payerName: 'x'.repeat(201) }],
  ['bill.payer-name-malformed', { payerName: 'gepgPmtSpInfo' }],
  ['bill.description-malformed', { description: 'a\u0007b' }],
  ['bill.generation-date-unacceptable', { generatedAt: '2026-11-25T11:00:01' }],
  ['bill.generation-date-unacceptable', { generatedAt: '2025-10-20T10:00:00' }],
  ['bill.generator-malformed', { generatedBy: '' }],
  ['bill.approver-malformed', { approvedBy: 'x'.repeat(101) }],
  ['bill.payer-contact-missing', { payerPhone: 'None', payerEmail: '' }],
  ['bill.phone-malformed', { payerPhone: '12345' }],
  ['bill.email-malformed', { payerEmail: 'payer at example' }],
  ['bill.option-unknown', { paymentOption: '4' }],
  ['bill.option-unknown', { paymentOption: '9' }],
  ['bill.option-unknown', { paymentOption: 'constructor' }],
  ['bill.option-unknown', { paymentOption: '__proto__' }],
  ['bill.amount-malformed', { minimumAmount: '50000.01' }],
  ['bill.amount-malformed', { minimumAmount: '-1' }],
  ['bill.sub-sp-unknown', { subSpCode: '' }],
  ['bill.sub-sp-unknown', { items: [{ ...item, subSpCode: '9999' }] }],
  ['bill.items-missing', { items: [] }],
  ['bill.item-reference-flag-malformed', { items: [{ ...item, payByReference: 'y' }] }],
  ['bill.item-misc-malformed', { items: [{ ...item, miscAmount: 'x' }] }],
  ['bill.gfs-code-unknown', { items: [{ ...item, gfsCode: '999999' }] }],
  [
    'bill.item-sum-different',
    { items: [{ ...item, amount: '49999.99', equivalentAmount: '50000' }] },
  ],
  ['bill.item-equivalent-sum-different', { items: [{ ...item, equivalentAmount: '49999.99' }] }],
  ['bill.item-misc-sum-different', { items: [{ ...item, miscAmount: '1' }] }],
];

describe('a submitted bill', () => {
  it('passes as it stands, and with what clients do to it', () => {
    expect(faultsOf({})).toEqual([]);
    for (const change of [
      { amount: '5E4', equivalentAmount: '5.0E4', items: [{ ...item, amount: '50000' }] },
      { payerPhone: '+255700000001' },
      { payerPhone: '0700000001', payerEmail: 'None' },
      { generatedAt: '2026-11-24T07:00:00' },
      {
        currency: 'USD',
        equivalentAmount: '125000000',
        items: [{ ...item, equivalentAmount: '125000000' }],
      },
    ]) {
      expect(faultsOf(change)).toEqual([]);
    }
  });

  it('is read into exact facts', () => {
    const items = [
      { ...item, amount: '20000.5', equivalentAmount: '', miscAmount: '1.25', payByReference: 'Y' },
      { ...item, amount: '29999.50', equivalentAmount: '29999.5', miscAmount: '' },
    ];
    expect(checkBill({ ...draft, miscAmount: '1.25', items }, terms, now, names)).toMatchObject({
      ok: true,
      bill: {
        amountMinor: 5_000_000n,
        miscMinor: 125n,
        minimumMinor: 1n,
        option: 'exact',
        expiresAt: new Date('2027-05-30T07:00:01Z'),
        generatedAt: new Date('2026-11-24T07:00:00Z'),
        items: [
          { payByReference: true, amountMinor: 2_000_050n, miscMinor: 125n, gfsCode: '140206' },
          { payByReference: false, amountMinor: 2_999_950n, miscMinor: 0n, gfsCode: '140206' },
        ],
      },
    });
  });

  it.each([
    ['1', 'full'],
    ['2', 'partial'],
    ['3', 'exact'],
    ['4', 'limited'],
    ['5', 'limited'],
  ])('with payment option %s is %s', (paymentOption, option) => {
    const switchedOn = { ...terms, allowsLimited: true };
    expect(checkBill({ ...draft, paymentOption }, switchedOn, now, names)).toMatchObject({
      bill: { option },
    });
  });

  it.each(rows)('refuses with %s: %j', (fault, change) => {
    expect(faultsOf(change)).toEqual([fault]);
  });

  it.each<[BillFault, Partial<BillDraft>]>([
    ['bill.amount-malformed', { amount: '1,000' }],
    ['bill.equivalent-different', { equivalentAmount: '50000.01' }],
    ['bill.currency-unknown', { currency: 'tzs' }],
    ['bill.item-amount-malformed', { items: [{ ...item, amount: '0' }] }],
    ['bill.item-equivalent-malformed', { items: [{ ...item, equivalentAmount: 'x' }] }],
    ['bill.gfs-code-malformed', { items: [{ ...item, gfsCode: '14' }] }],
  ])('names %s among what follows from it: %j', (fault, change) => {
    expect(faultsOf(change)).toContain(fault);
  });

  const emailOf = (length: number) => `${'x'.repeat(length - '@example.com'.length)}@example.com`;

  it.each<[BillFault, Partial<BillDraft>, Partial<BillDraft>]>([
    ['bill.id-malformed', { billId: 'x'.repeat(100) }, { billId: 'x'.repeat(101) }],
    ['bill.payer-id-malformed', { payerId: 'x'.repeat(100) }, { payerId: 'x'.repeat(101) }],
    ['bill.payer-name-malformed', { payerName: 'x'.repeat(200) }, { payerName: 'x'.repeat(201) }],
    [
      'bill.description-malformed',
      { description: 'x'.repeat(500) },
      { description: 'x'.repeat(501) },
    ],
    [
      'bill.generator-malformed',
      { generatedBy: 'x'.repeat(100) },
      { generatedBy: 'x'.repeat(101) },
    ],
    ['bill.approver-malformed', { approvedBy: 'x'.repeat(100) }, { approvedBy: 'x'.repeat(101) }],
    ['bill.email-malformed', { payerEmail: emailOf(150) }, { payerEmail: emailOf(151) }],
    [
      'bill.generation-date-unacceptable',
      { generatedAt: '2026-11-25T11:00:00' },
      { generatedAt: '2026-11-25T11:00:01' },
    ],
    [
      'bill.generation-date-unacceptable',
      { generatedAt: '2025-10-20T11:00:00' },
      { generatedAt: '2025-10-20T10:59:59' },
    ],
    [
      'bill.expiry-unacceptable',
      { expiresAt: '2026-11-24T11:00:01' },
      { expiresAt: '2026-11-24T11:00:00' },
    ],
  ])('draws the line of %s between %j and %j', (fault, last, next) => {
    expect(faultsOf(last)).toEqual([]);
    expect(faultsOf(next)).toEqual([fault]);
  });

  it.each<[BillFault, Partial<BillDraft>]>([
    ['bill.id-malformed', { billId: 'B-gepgSignature-1' }],
    ['bill.id-malformed', { billId: 'kadi-ñ' }],
    ['bill.payer-id-malformed', { payerId: 'see </gepgPmtSpInfo>' }],
    ['bill.description-malformed', { description: 'gepgSignature' }],
    ['bill.payer-name-malformed', { payerName: 'Asha\u202eahsA' }],
    ['bill.payer-name-malformed', { payerName: 'Asha\u2066' }],
    ['bill.description-malformed', { description: 'a\u0000b' }],
  ])('takes no text that could mislead a reader or cut a message: %s, %j', (fault, change) => {
    expect(faultsOf(change)).toEqual([fault]);
  });

  it('reports all faults, in the documented order', () => {
    const faults = faultsOf({ billId: '', amount: 'x', payerName: '', items: [] });
    expect(faults).toEqual(billFaults.filter((fault) => faults.includes(fault)));
    expect(faults.length).toBeGreaterThan(3);
  });

  it.each<[Partial<BillDraft>, bigint, bigint | null]>([
    [{}, 1n, null],
    [{ minimumAmount: '0.00', limitAmount: '0.00' }, 1n, null],
    [{ minimumAmount: '50000', limitAmount: '60000' }, 5_000_000n, 6_000_000n],
    [{ limitAmount: 'x', paymentOption: '3' }, 1n, null],
  ])('with %j has the minimum %s and the limit %s', (change, minimumMinor, limitMinor) => {
    const limited = { ...draft, paymentOption: '4', ...change };
    const switchedOn = { ...terms, allowsLimited: true };
    expect(checkBill(limited, switchedOn, now, names)).toMatchObject({
      ok: true,
      bill: { minimumMinor, limitMinor },
    });
  });

  it('refuses a limit that is no amount', () => {
    const limited = { paymentOption: '5', limitAmount: 'x' };
    expect(faultsOf(limited, { allowsLimited: true })).toEqual(['bill.amount-malformed']);
  });

  it('may name sub-codes at its items alone', () => {
    const change = { subSpCode: '', items: [{ ...item, subSpCode: '1001' }] };
    expect(checkBill({ ...draft, ...change }, terms, now, names)).toMatchObject({
      bill: { subSpCode: '1001', items: [{ subSpCode: '1001' }] },
    });
  });

  it('takes what the institution was switched on for', () => {
    expect(faultsOf({ paymentOption: '4' }, { allowsLimited: true })).toEqual([]);
    expect(faultsOf({ payerPhone: '', payerEmail: '' }, { isBulk: true })).toEqual([]);
    expect(faultsOf({ subSpCode: 'any' }, { subSpCodes: new Set() })).toEqual([]);
  });
});
