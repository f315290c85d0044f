/**
 * Bugs that hands make, one at a time, each of which the model test must catch (issue: "ten hand-made bugs"). A bug is a
 * list of replacements; each text must stand in its file exactly once, so that a bug that no longer applies is told.
 */
export const bugs = [
  {
    title: 'the gate lets a transaction id through twice',
    edits: [
      [
        'src/payments/sql/find-notifications.sql',
        'left join payment p on p.id = n.payment_id;',
        'left join payment p on p.id = n.payment_id where false;',
      ],
      [
        'src/payments/sql/record-payments.sql',
        '  on conflict on constraint payment_notification_key do nothing\n',
        '',
      ],
      [
        'migrations/1764000000201-move-bills-in-place.ts',
        'await runner.query(`alter table bill set (fillfactor = 86)`);',
        'await runner.query(`alter table bill set (fillfactor = 86)`); await runner.query(`alter table payment_notification drop constraint payment_notification_key`); await runner.query(`alter table payment drop constraint payment_psp_transaction_key`);',
      ],
    ],
  },
  {
    title: 'the row of the bill is not locked',
    edits: [['src/bills/sql/lock-payable-bills.sql', '     for update of b, i\n', '']],
  },
  {
    title: 'the answer leaves before the commit',
    edits: [
      [
        'src/payments/payment-lane.ts',
        '        database.intake(async (tx) => {\n',
        '        new Promise<readonly PaymentOutcome[]>((told, fault) => database.intake(async (tx) => {\n',
      ],
      [
        'src/payments/payment-lane.ts',
        '            await journal.execute(tx, ...messages);\n          });\n        }),\n',
        '            await journal.execute(tx, ...messages);\n          }).then((outcomes) => (told(outcomes), outcomes));\n        }).catch(fault)),\n',
      ],
    ],
  },
  {
    title: 'the outbox reads on from the last that was settled',
    edits: [
      [
        'src/deliveries/sql/claim-due-deliveries.sql',
        '         and settled_at is null\n         and next_attempt_at',
        '         and settled_at is null\n         and id > coalesce((select max(s.id) from delivery s where s.settled_at is not null), 0)\n         and next_attempt_at',
      ],
    ],
  },
  {
    title: 'the day of the books is that of UTC',
    edits: [
      [
        'migrations/1764000000001-create-foundation.ts',
        "$$ select (instant at time zone 'Africa/Dar_es_Salaam')::date $$",
        "$$ select (instant at time zone 'UTC')::date $$",
      ],
    ],
  },
  {
    title: 'a bill cannot be paid at its last instant',
    edits: [
      [
        'src/bills/bill.rules.ts',
        "if (bill.state === 'expired' || at > bill.expiresAt) return refuse('bill.expired');",
        "if (bill.state === 'expired' || at >= bill.expiresAt) return refuse('bill.expired');",
      ],
    ],
  },
  {
    title: 'a cancelled bill takes money',
    edits: [
      [
        'src/bills/bill.rules.ts',
        "  if (bill.state === 'cancelled') return refuse('bill.cancelled');\n",
        '',
      ],
    ],
  },
  {
    title: 'shillings pay a bill in dollars',
    edits: [
      [
        'src/bills/bill.rules.ts',
        "  if (currency !== bill.currency) return refuse('bill.currency-different');\n",
        '',
      ],
    ],
  },
  {
    title: 'a known transaction id with another amount is a repetition',
    edits: [
      ['src/payments/answer-repeats.ts', '    stored.amountMinor === read.amountMinor &&\n', ''],
    ],
  },
  {
    title: 'payments of one batch do not see one another',
    edits: [
      [
        'src/bills/apply-payments.ts',
        '    folds.set(bill.id, { bill: share.bill, version });\n',
        '    if (!folds.has(bill.id)) folds.set(bill.id, { bill: share.bill, version });\n',
      ],
    ],
  },
  {
    title: 'a receipt number is given twice',
    edits: [
      [
        'src/payments/sql/begin-batch.sql',
        "array(select nextval('receipt_sequence')::text",
        "array(select (nextval('receipt_sequence') / 2)::text",
      ],
      [
        'migrations/1764000000201-move-bills-in-place.ts',
        'await runner.query(`alter table bill_item set (fillfactor = 86)`);',
        'await runner.query(`alter table bill_item set (fillfactor = 86)`); await runner.query(`alter table payment drop constraint payment_receipt_number_key`);',
      ],
    ],
  },
  {
    title: 'what is above the bill is booked as its principal',
    edits: [
      [
        'src/payments/payment-record.ts',
        'principalMinor: share.principalMinor,',
        'principalMinor: share.principalMinor + share.surplusMinor,',
      ],
    ],
  },
];
