/**
 * What must hold in the books, each with its number, its sentence and its statement in `sql/`, which returns what breaks
 * it. Numbers are those of security-reliability §3.7; from 25 on they are our own.
 */
export interface Invariant {
  readonly id: string;
  /** True of a sound database; printed with `ok` or with what breaks it. */
  readonly sentence: string;
  /** Below `sql/`, without `.sql`. */
  readonly statement: string;
}

export const invariants: readonly Invariant[] = [
  {
    id: '01',
    sentence: 'The debits of every ledger entry equal its credits.',
    statement: '01-entry-unbalanced',
  },
  {
    id: '02',
    sentence: 'Every entry has two postings or more, each on one side, and every posting an entry.',
    statement: '02-entry-incomplete',
  },
  {
    id: '03',
    sentence: 'The accounts of each currency sum to zero.',
    statement: '03-currency-unbalanced',
  },
  {
    id: '04',
    sentence: 'Every payment has a ledger entry, and every payment entry a payment.',
    statement: '04-payment-unposted',
  },
  {
    id: '05',
    sentence: 'Every payment is posted with its amount, currency and business day.',
    statement: '05-payment-posted-differently',
  },
  {
    id: '06',
    sentence:
      'A bill is paid exactly when it was covered, and an exact or full bill by one payment.',
    statement: '06-cover-wrong',
  },
  {
    id: '07',
    sentence: 'What a bill and its items count as paid is the sum of what payments put there.',
    statement: '07-bill-paid-differently',
  },
  {
    id: '08',
    sentence: 'No transaction id of a PSP and no receipt number occurs twice.',
    statement: '08-payment-twice',
  },
  {
    id: '09',
    sentence: 'No bill was paid after it was cancelled or had expired.',
    statement: '09-paid-after-end',
  },
  {
    id: '10',
    sentence:
      'Every accepted notification has its payment and its signed message, and the reverse.',
    statement: '10-acceptance-unproved',
  },
  {
    id: '11',
    sentence: 'Every stored message and notification has the code it was answered with.',
    statement: '11-unanswered',
  },
  {
    id: '12',
    sentence:
      'Every payment owes its result and its confirmation, and nothing else is owed for one.',
    statement: '12-outbox-incomplete',
  },
  {
    id: '13',
    sentence: 'Every delivery that counts as delivered was acknowledged.',
    statement: '13-delivered-unacknowledged',
  },
  {
    id: '14',
    sentence: 'Confirmations of one bill went out in the order of its payments.',
    statement: '14-order-inverted',
  },
  {
    id: '15',
    sentence: 'No delivery is held by a worker that is gone.',
    statement: '15-lease-forgotten',
  },
  {
    id: '16',
    sentence: 'Every stored message still has its digest and its signature.',
    statement: '16-digest-wrong',
  },
  {
    id: '17',
    sentence: 'The chain of the audit trail holds every event as it was recorded.',
    statement: '17-audit-unsealed',
  },
  {
    id: '18',
    sentence:
      'Reconciliation accounts for every line of a statement once, and matches no payment twice.',
    statement: '18-reconciliation-lost',
  },
  {
    id: '19',
    sentence:
      'Every bank entry moved its account by its amount, and clears of a PSP what it brought.',
    statement: '19-settlement-wrong',
  },
  {
    id: '20',
    sentence:
      'Every approval was given by another officer, for what was asked, and took effect once.',
    statement: '20-approval-wrong',
  },
  {
    id: '21',
    sentence:
      'Every control number is of its institution, has its check digit and stands for one bill.',
    statement: '21-control-number-wrong',
  },
  {
    id: '22',
    sentence: 'No payment and no control number joins the rows of two institutions.',
    statement: '22-owner-different',
  },
  {
    id: '23',
    sentence: 'Every business day is the East African date of the receipt.',
    statement: '23-business-day-wrong',
  },
  {
    id: '24',
    sentence: "No money has been in suspense for more than 30 days as nobody's case.",
    statement: '24-suspense-forgotten',
  },
  {
    id: '25',
    sentence: 'The parts of a payment sum to the payment.',
    statement: '25-allocation-wrong',
  },
  {
    id: '26',
    sentence: 'The ledger credits each institution with what the payments say.',
    statement: '26-credited-differently',
  },
  {
    id: '27',
    sentence: 'The guards of the books are in place: no trigger and no unique key is missing.',
    statement: '27-guard-missing',
  },
  {
    id: '28',
    sentence: 'Every payment on a bill is one event of one feed, or waits to become it.',
    statement: '28-event-missing',
  },
  {
    id: '29',
    sentence: 'The events of every feed are numbered from 1 without a gap.',
    statement: '29-feed-gap',
  },
  {
    id: '30',
    sentence: 'The running digest of every feed is that of its events.',
    statement: '30-feed-digest-wrong',
  },
  {
    id: '31',
    sentence: 'Every closed day is what was sealed, and each record names the one before.',
    statement: '31-day-unsealed',
  },
  {
    id: '32',
    sentence: 'The kept sums of closed days are those of their postings.',
    statement: '32-day-summed-differently',
  },
];

/** Those that SQL alone cannot check: the program verifies signatures, the chain of the audit trail, and the
 * records of closed days. */
export const signatureInvariant = '16';
export const chainInvariant = '17';
export const closedDayInvariant = '31';
