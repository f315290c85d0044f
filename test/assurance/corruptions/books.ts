/** What can be done to bills, payments and the ledger. */
import { type Corruption, otherSp, paid } from './corruption';

const partial = `(select id from payment where psp_transaction_id = 'A-2')`;
const entry = `(select id from ledger_entry where source_id = ${paid}::text)`;
const suspended = `(select e.id from ledger_entry e join payment p on p.id::text = e.source_id
  where p.psp_transaction_id = 'A-3')`;
const bill = `(select bill_id from payment_allocation where payment_id = ${paid})`;

export const corruptedBooks: readonly Corruption[] = [
  [
    '01',
    'a debit and a credit are raised in two entries, so that the whole still balances',
    [
      `update posting set debit_minor = debit_minor + 1 where debit_minor > 0 and entry_id = ${entry}`,
      `update posting set credit_minor = credit_minor + 1 where ctid = (select ctid from posting p
        where credit_minor > 0 and entry_id = (select id from ledger_entry where source_id = ${partial}::text) limit 1)
        and entry_id = (select id from ledger_entry where source_id = ${partial}::text) and credit_minor > 0`,
    ],
    ['01', '05', '26'],
  ],
  [
    '02',
    'an entry loses its postings',
    [
      `insert into ledger_entry (id, source_kind, source_id, business_day, currency)
        values (gen_random_uuid(), 'test', 'empty', '2026-11-24', 'TZS')`,
    ],
    ['02'],
  ],
  [
    '03',
    'a posting is moved to an account of another currency',
    [
      `insert into ledger_account (name, currency, kind, normal_side)
       select name, 'USD', kind, normal_side from ledger_account where kind = 'psp-receivable'`,
      `update posting set account_id = (select max(id) from ledger_account) where debit_minor > 0 and entry_id = ${entry}`,
    ],
    ['03'],
  ],
  [
    '04',
    'the entry of a payment is deleted',
    [
      `delete from posting where entry_id = ${entry}`,
      `delete from ledger_entry where source_id = ${paid}::text`,
    ],
    ['04'],
  ],
  [
    '05',
    'an entry is moved to another day',
    [
      `update posting set business_day = '2026-11-23' where entry_id = ${entry}`,
      `update ledger_entry set business_day = '2026-11-23' where source_id = ${paid}::text`,
    ],
    ['05'],
  ],
  [
    '06',
    'a paid bill is opened again',
    [`update bill set state = 'open' where id = ${bill}`],
    ['06'],
  ],
  [
    '07',
    'a bill counts more as paid than came in',
    [`update bill set paid_minor = paid_minor + 100 where state = 'partly-paid'`],
    ['07'],
  ],
  [
    '08',
    'a receipt number is given twice, its key dropped before',
    [
      `alter table payment drop constraint payment_receipt_number_key`,
      `update payment set receipt_number = (select min(receipt_number) from payment)`,
    ],
    ['08', '27'],
  ],
  [
    '09',
    'a bill had expired before it was paid',
    [`update bill set expires_at = '2026-11-01' where id = ${bill}`],
    ['09'],
  ],
  [
    '21',
    'a control number gets another check digit',
    [
      `update bill set control_number = overlay(control_number placing ((right(control_number, 1)::integer + 1) % 10)::text
         from 12) where id = ${bill}`,
      `update control_number set number = (select control_number from bill where id = ${bill}) where bill_id = ${bill}`,
    ],
    ['21'],
  ],
  [
    '21',
    'a control number is no number',
    [
      `alter table control_number drop constraint control_number_number_check`,
      `update bill set control_number = overlay(control_number placing 'x' from 12) where id = ${bill}`,
      `update control_number set number = (select control_number from bill where id = ${bill}) where bill_id = ${bill}`,
    ],
    ['21'],
  ],
  [
    '22',
    'a bill is moved to another institution',
    [
      `update payment_allocation set sp_id = ${otherSp} where payment_id = ${paid}`,
      `update posting set account_id = (select id from ledger_account where name = 'sp-payable:SP70202:140101')
        where credit_minor > 0 and entry_id = ${entry}`,
    ],
    ['22'],
  ],
  [
    '23',
    'a payment was received on another day than it counts for',
    [
      `alter table payment drop constraint payment_check`,
      `update payment set received_at = received_at - interval '1 day' where id = ${paid}`,
    ],
    ['23'],
  ],
  [
    '24',
    "money has been in suspense for a month and is nobody's case",
    [
      ...['payment', 'payment_notification'].map(
        (
          table,
        ) => `update ${table} set received_at = received_at - interval '31 days', business_day = business_day - 31
          where psp_transaction_id = 'A-3'`,
      ),
      `update posting set business_day = business_day - 31 where entry_id = ${suspended}`,
      `update ledger_entry set business_day = business_day - 31 where id = ${suspended}`,
    ],
    ['24'],
  ],
  [
    '25',
    'a part of a payment grows, and its bill with it',
    [
      `update payment_allocation set surplus_minor = surplus_minor + 100 where payment_id = ${partial}`,
      `update bill set surplus_minor = surplus_minor + 100
        where id = (select bill_id from payment_allocation where payment_id = ${partial})`,
    ],
    ['25', '26'],
  ],
  [
    '26',
    'the ledger credits another institution',
    [
      `update posting set account_id = (select id from ledger_account where name = 'sp-payable:SP70202:140101')
        where credit_minor > 0 and entry_id = ${entry}`,
    ],
    ['26'],
  ],
];
