/** What can be done to reconciliation, settlement, approvals, guards and closed days. */
import { type Corruption } from './corruption';

/** A request that was approved, and the event of its approval. */
const approved = (digest: string, decidedBy: string) =>
  `insert into approval_request (id, action, subject, content, content_digest, requested_by, state, decided_by, decided_at)
   values ('00000000-0000-7000-8000-000000000001', 'payments.reverse', 'x', '{}', ${digest}, 'amina', 'approved',
           '${decidedBy}', gateway_now())`;
const asked = `sha256('{}')`;
const carriedOut = `insert into audit_event (actor, action, subject, detail)
  select decided_by, 'approval.approved', subject, jsonb_build_object('approval', id, 'digest',
         encode(content_digest, 'hex')) from approval_request`;
const bankCredit = [
  `insert into bank_statement (account, currency, format, bank_id, sequence, first_day, last_day, entry_count, file_name,
     file_digest, content_digest, imported_by)
   values ('0150', 'TZS', 'csv', 'x', '1', '2026-11-24', '2026-11-24', 1, 'x', 'x', 'x', 'x')`,
  `insert into bank_entry (statement_id, account, currency, place, line_number, path, direction, amount_minor, booking_day,
     is_reversal, bank_reference, end_to_end_id, remittance, counterparty_name, counterparty_account, transaction_code,
     return_reason, details, occurrence)
   select max(id), '0150', 'TZS', 1, 1, '', 'credit', 500, '2026-11-24', false, '', '', '', '', '', '', '', '[]', 1
     from bank_statement`,
];
const posted = [
  `insert into ledger_account (name, currency, kind, normal_side)
   values ('collection:0150', 'TZS', 'collection', 'debit'), ('bank-unallocated:0150', 'TZS', 'bank-unallocated', 'credit')`,
  `insert into ledger_entry (id, source_kind, source_id, business_day, currency)
   select '00000000-0000-7000-8000-000000000002', 'bank-entry', max(id)::text, '2026-11-24', 'TZS' from bank_entry`,
  `insert into posting (business_day, entry_id, position, account_id, debit_minor, credit_minor)
   select date '2026-11-24', '00000000-0000-7000-8000-000000000002'::uuid, 0, id, 500, 0 from ledger_account where name = 'collection:0150'
   union all
   select date '2026-11-24', '00000000-0000-7000-8000-000000000002'::uuid, 1, id, 0, 500 from ledger_account
    where name = 'bank-unallocated:0150'`,
];
const explained = (kind: string, amountMinor: number) =>
  `insert into bank_match (bank_entry_id, kind, amount_minor, cleared_minor, fee_minor, rule, rule_version, inputs, matched_by)
   select max(id), '${kind}', ${String(amountMinor)}, 0, 0, 'x', 1, '{}', 'x' from bank_entry`;

export const corruptedWork: readonly Corruption[] = [
  ['18', 'a match disappears and a line is left alone', [`delete from match`], ['18']],
  ['19', 'a line of the bank is not posted', bankCredit, ['19']],
  [
    '19',
    'more of a credit is explained than came',
    [...bankCredit, ...posted, explained('suspense', 501)],
    ['19'],
  ],
  [
    '19',
    'a credit of a PSP clears nothing of what it owes',
    [...bankCredit, ...posted, explained('settlement', 500)],
    ['19'],
  ],
  ['20', 'what was approved never took effect', [approved(asked, 'baraka')], ['20']],
  [
    '20',
    'what was approved took effect twice',
    [approved(asked, 'baraka'), carriedOut, carriedOut],
    ['20'],
  ],
  [
    '20',
    'who asked has decided',
    [
      `alter table approval_request drop constraint approval_request_two_officers_check`,
      approved(asked, 'amina'),
      carriedOut,
    ],
    ['20'],
  ],
  [
    '20',
    'what took effect is not what was asked',
    [
      `alter table approval_request drop constraint approval_request_digest_check`,
      approved(`sha256('another')`, 'baraka'),
      carriedOut,
    ],
    ['20'],
  ],
  ['27', 'a guard is switched off', [`alter table payment disable trigger payment_keeps`], ['27']],
  [
    '27',
    'the guard of what banks said is switched off',
    [`alter table bank_entry disable trigger bank_entry_keeps`],
    ['27'],
  ],
  [
    '31',
    'a day is closed and has no record',
    [`insert into closed_day (day, closed_at) values ('2026-11-22', gateway_now())`],
    ['31'],
  ],
  [
    '32',
    'a day is summed up without one of its accounts',
    [
      `insert into account_day
       select account_id, business_day, sum(debit_minor), sum(credit_minor), sum(debit_minor), sum(credit_minor)
         from posting where account_id <> (select min(account_id) from posting) group by account_id, business_day`,
    ],
    ['32'],
  ],
  [
    '32',
    'the collections of a day are kept without a cent of one account',
    [
      `select keep_collections('2026-11-24')`,
      `update collection_day set credit_minor = credit_minor - 1
        where ctid = (select min(ctid) from collection_day where credit_minor > 0)`,
    ],
    ['32'],
  ],
  [
    '32',
    'an institution is kept with a cent too much',
    [
      `select keep_institution_days('2026-11-24')`,
      `update institution_day set collected_minor = collected_minor + 1
        where ctid = (select min(ctid) from institution_day)`,
    ],
    ['32'],
  ],
];
