/**
 * The addresses that are measured: every page that needs no parameter, by itself; those that need one with what the books
 * hold; and the searches, of what is common, of what is rare and of what nobody has.
 */
import type { Client } from 'pg';
import type { BusinessDay } from '../../../src/kernel/business-day';
import { catalogue, reportNames } from '../../../src/reports/report-catalogue';
import { spCode } from '../stage/ground';
import { daysOf, seededPsp } from './books';

type Addresses = Readonly<Record<string, readonly string[]>>;

/** Files, answers without a page, and steps of signing in that an open session never sees. */
export const noPages: readonly string[] = [
  '/console/*',
  '/console/mark',
  '/console/assets/:hash/:name',
  '/console/sign-in',
  '/console/sign-in/code',
  '/console/sign-in/authenticator',
  '/console/sign-in/password',
  '/console/reports/:name/:format',
  '/console/discrepancies/sheet/file',
];

interface Sample {
  readonly bill: string;
  readonly sp_bill_id: string;
  readonly control_number: string;
  readonly payer_phone: string;
  readonly payment: string;
  readonly receipt_number: string;
  readonly psp_transaction_id: string;
  readonly message: string;
  readonly delivery: string;
  readonly discrepancy: string;
  readonly expectation: string;
  readonly statement: string;
  readonly approval: string;
}

async function sampleOf(db: Client): Promise<Sample> {
  const { rows } = await db.query<Sample>(
    `select b.id as bill, b.sp_bill_id, b.control_number, b.payer_phone, p.id as payment, p.receipt_number,
            p.psp_transaction_id, n.message_id as message,
            (select max(id) from delivery)::text as delivery, (select max(id) from discrepancy)::text as discrepancy,
            (select max(id) from expectation)::text as expectation, (select max(id) from bank_statement)::text as statement,
            (select id from approval_request order by requested_at desc limit 1) as approval
       from (select * from payment order by id limit 1 offset 777) p
       join payment_allocation a on a.payment_id = p.id join bill b on b.id = a.bill_id
       join payment_notification n on n.payment_id = p.id`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('nothing was seeded');
  return row;
}

function searches(path: string, sample: Sample, day: BusinessDay): readonly string[] {
  return [
    `number=${sample.control_number}`,
    `bill=${sample.sp_bill_id}`,
    'payer=Neema',
    'payer=neema%20mo',
    'payer=Nobody%20of%20that%20name',
    `phone=${sample.payer_phone}`,
    'phone=0999999999',
    'amount=25,000.00',
    'amount=27,182.00',
    `receipt=${sample.receipt_number}`,
    `transaction=${sample.psp_transaction_id}`,
    `day=${day}`,
    `day=${day}&amount=25,000.00`,
    'day=2020-01-01',
  ].map((query) => `${path}?${query}`);
}

/** By the route as it is declared. */
export async function addressesOf(db: Client): Promise<Addresses> {
  const sample = await sampleOf(db);
  const days = await daysOf(db);
  const day = (ago: number): BusinessDay => days.at(-1 - ago) ?? ('' as BusinessDay);
  const first = days[0] ?? day(0);
  return {
    '/console': ['/console', '/console?currency=USD'],
    '/console/bills': [
      '/console/bills',
      ...['open', 'paid', 'cancelled', 'partly-paid', 'expired'].map(
        (state) => `/console/bills?state=${state}`,
      ),
      ...searches('/console/bills', sample, first),
      `/console/bills?before=${sample.bill}`,
    ],
    '/console/bills/:id': [`/console/bills/${sample.bill}`],
    '/console/payments': [
      '/console/payments',
      `/console/payments?psp=${seededPsp}`,
      ...searches('/console/payments', sample, first),
    ],
    '/console/payments/:id': [`/console/payments/${sample.payment}`],
    '/console/payments/messages/:id': [`/console/payments/messages/${sample.message}`],
    '/console/reconciliation': [
      '/console/reconciliation',
      `/console/reconciliation?month=${day(30).slice(0, 7)}`,
    ],
    '/console/reconciliation/days/:day': [
      `/console/reconciliation/days/${first}`,
      `/console/reconciliation/days/${day(1)}`,
    ],
    '/console/reconciliation/days/:day/:psp': [
      `/console/reconciliation/days/${first}/${seededPsp}`,
      `/console/reconciliation/days/${day(1)}/${seededPsp}`,
    ],
    '/console/discrepancies': [
      '/console/discrepancies',
      `/console/discrepancies?day=${day(1)}`,
      '/console/discrepancies?kind=amount-differs',
      '/console/discrepancies?state=resolved',
      '/console/discrepancies?owner=nobody&age=3',
    ],
    '/console/discrepancies/:id': [`/console/discrepancies/${sample.discrepancy}`],
    '/console/approvals/:id': [`/console/approvals/${sample.approval}`],
    '/console/closing/:day': [
      `/console/closing/${first}`,
      `/console/closing/${day(30)}`,
      `/console/closing/${day(1)}`,
    ],
    '/console/settlement': ['/console/settlement', `/console/settlement?day=${day(20)}`],
    '/console/settlement/expectations/:id': [
      `/console/settlement/expectations/${sample.expectation}`,
    ],
    '/console/settlement/statements': [
      '/console/settlement/statements',
      `/console/settlement/statements?from=${first}&to=${day(0)}`,
    ],
    '/console/settlement/statements/:id': [`/console/settlement/statements/${sample.statement}`],
    '/console/reports/:name': [
      ...reportNames.map((name) =>
        catalogue[name].takes.includes('sp')
          ? `/console/reports/${name}?sp=${spCode}`
          : `/console/reports/${name}`,
      ),
      `/console/reports/collections?from=${first}&to=${day(0)}`,
      `/console/reports/receipts?from=${day(3)}&to=${day(3)}`,
      `/console/reports/statement?sp=${spCode}&from=${day(7)}&to=${day(0)}`,
    ],
    '/console/deliveries': [
      '/console/deliveries',
      `/console/deliveries?recipient=${spCode}`,
      '/console/deliveries?state=parked',
    ],
    '/console/deliveries/:id': [`/console/deliveries/${sample.delivery}`],
    '/console/parties/:code': [`/console/parties/${spCode}`],
    '/console/officers/:name': ['/console/officers/treasury-officer'],
    '/console/audit': [
      '/console/audit',
      `/console/audit?subject=${sample.payment}`,
      '/console/audit?actor=bench',
      '/console/audit?action=nothing.of-the-kind',
      `/console/audit?from=${first}&to=${first}`,
    ],
  };
}

/** As the institution's own officer sees them. */
export const institutionPages: readonly string[] = [
  '/console',
  '/console/bills',
  '/console/bills?payer=neema%20mo',
  '/console/payments',
  '/console/payments?payer=neema%20mo',
  '/console/payments?amount=25,000.00',
  '/console/settlement',
  '/console/deliveries',
  '/console/reports/statement',
];
