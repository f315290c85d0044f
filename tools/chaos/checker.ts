/**
 * Compares the generator's journal with the books, from a process and a connection of its own: what was promised is
 * there once, with its amount, number and receipt, its balanced entry and its confirmation, and nothing else is.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { judgeFeed, readFeed } from './feed-reader';
import { type Line, readJournal } from './journal';
import { type Handlers, serve } from './remote';

export interface Verdict {
  readonly acknowledged: number;
  /** Acknowledged, and no payment of that id. */
  readonly lost: number;
  /** More than one payment, ledger entry or confirmation of one id. */
  readonly doubled: number;
  /** Another amount, control number or receipt than was sent or told. */
  readonly different: number;
  /** A payment without an entry that balances at its amount, or without a confirmation or a result owed. */
  readonly incomplete: number;
  /** Payments of ids that were never sent. */
  readonly unsent: number;
  /** Sent, and never answered with an acknowledgement. */
  readonly unresolved: number;
  readonly refused: number;
  readonly isBalanced: boolean;
  /** Messages owed that no recipient has acknowledged yet. */
  readonly undelivered: number;
  /** What the feed does not tell as it should: see feed-reader. */
  readonly feedFaults: number;
}

interface Question {
  readonly url: string;
  readonly gateway: string;
  /** Of the institution. */
  readonly apiKey: string;
  readonly journal: string;
  /** How the ids of the case begin. */
  readonly prefix: string;
}

export interface Booked {
  readonly id: string;
  readonly control_number: string;
  readonly amount: string;
  readonly receipt_number: string;
  readonly payments: number;
  readonly entries: number;
  readonly is_entry_balanced: boolean;
  readonly confirmations: number;
  readonly results: number;
}

/** One row per id that begins as those of the case do, whatever the constraints of the schema would allow. */
const bookedSql = `
  with entry as (
    select e.source_id, count(distinct e.id)::int as entries, sum(p.debit_minor) as debits, sum(p.credit_minor) as credits
      from ledger_entry e join posting p on p.entry_id = e.id
     where e.source_kind = 'payment' group by e.source_id),
  confirmation as (
    select message ->> 'paymentId' as payment_id, count(*)::int as messages
      from delivery where kind = 'payment-confirmed' group by 1),
  result as (
    select message ->> 'receiptNumber' as receipt_number, count(*)::int as messages
      from delivery where kind = 'payment-result' group by 1)
  select p.psp_transaction_id as id, min(p.control_number) as control_number, sum(p.amount_minor)::text as amount,
         min(p.receipt_number) as receipt_number, count(*)::int as payments, coalesce(sum(e.entries), 0)::int as entries,
         coalesce(sum(e.debits) = sum(p.amount_minor) and sum(e.credits) = sum(p.amount_minor), false) as is_entry_balanced,
         coalesce(sum(c.messages), 0)::int as confirmations, coalesce(sum(r.messages), 0)::int as results
    from payment p
    left join entry e on e.source_id = p.id::text
    left join confirmation c on c.payment_id = p.id::text
    left join result r on r.receipt_number = p.receipt_number
   where starts_with(p.psp_transaction_id, $1)
   group by p.psp_id, p.psp_transaction_id`;

/** Over all entries and per entry, and the receivable against the payments. */
const balancedSql = `
  select not exists (
           select from posting p join ledger_entry e on e.id = p.entry_id
            group by e.currency having sum(p.debit_minor) <> sum(p.credit_minor))
     and not exists (
           select from posting group by entry_id having sum(debit_minor) <> sum(credit_minor))
     and (select coalesce(sum(p.debit_minor), 0) from posting p join ledger_account a on a.id = p.account_id
           where a.kind = 'psp-receivable') = (select coalesce(sum(amount_minor), 0) from payment) as is_balanced`;

const sealLimitMs = 30_000;

interface Sent {
  readonly controlNumber: string;
  readonly amountMinor: string;
}

interface Told {
  readonly sent: ReadonlyMap<string, Sent>;
  readonly acked: ReadonlySet<string>;
  readonly refused: ReadonlySet<string>;
  /** Receipt numbers told, by id; more than one is a contradiction. */
  readonly receipts: ReadonlyMap<string, ReadonlySet<string>>;
}

function told(lines: readonly Line[]): Told {
  const sent = new Map<string, Sent>();
  const acked = new Set<string>();
  const refused = new Set<string>();
  const receipts = new Map<string, Set<string>>();
  for (const line of lines) {
    const id = line[1];
    switch (line[0]) {
      case 'SENT':
        sent.set(id, { controlNumber: line[2], amountMinor: line[3] });
        break;
      case 'ACKED':
        acked.add(id);
        break;
      case 'REFUSED':
        refused.add(id);
        break;
      default:
        receipts.set(id, (receipts.get(id) ?? new Set()).add(line[2]));
    }
  }
  return { sent, acked, refused, receipts };
}

function isDifferent(row: Booked, { sent, receipts }: Told): boolean {
  const message = sent.get(row.id);
  const said = receipts.get(row.id) ?? new Set([row.receipt_number]);
  return (
    (message !== undefined && message.controlNumber !== row.control_number) ||
    (message !== undefined && row.payments === 1 && message.amountMinor !== row.amount) ||
    said.size > 1 ||
    !said.has(row.receipt_number)
  );
}

export function judge(
  lines: readonly Line[],
  rows: readonly Booked[],
): Omit<Verdict, 'isBalanced' | 'undelivered' | 'feedFaults'> {
  const said = told(lines);
  const booked = new Set(rows.map((row) => row.id));
  const count = (test: (row: Booked) => boolean): number => rows.filter(test).length;
  return {
    acknowledged: said.acked.size,
    lost: [...said.acked].filter((id) => !booked.has(id)).length,
    doubled: count((row) => row.payments > 1 || row.entries > 1 || row.confirmations > 1),
    different: count((row) => isDifferent(row, said)),
    incomplete: count(
      (row) =>
        row.entries === 0 || !row.is_entry_balanced || row.confirmations === 0 || row.results === 0,
    ),
    unsent: count((row) => !said.sent.has(row.id)),
    unresolved: [...said.sent.keys()].filter((id) => !said.acked.has(id)).length,
    refused: said.refused.size,
  };
}

/** Until every event has its number. A sealer that stands still leaves the rest missing, which counts. */
async function untilSealed(client: Client): Promise<void> {
  for (const giveUp = performance.now() + sealLimitMs; performance.now() < giveUp;) {
    const { rows } = await client.query(`select from unsealed_event limit 1`);
    if (rows.length === 0) return;
    await pause(100);
  }
}

async function check({ url, gateway, apiKey, journal, prefix }: Question): Promise<Verdict> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Booked>(bookedSql, [prefix]);
    const balance = await client.query<{ is_balanced: boolean }>(balancedSql);
    const owed = await client.query<{ count: number }>(
      `select count(*)::int as count from delivery where state <> 'delivered'`,
    );
    await untilSealed(client);
    return {
      ...judge(readJournal(journal), rows),
      feedFaults: judgeFeed(
        await readFeed(gateway, apiKey),
        rows.map((row) => row.receipt_number),
      ),
      isBalanced: balance.rows[0]?.is_balanced === true,
      undelivered: owed.rows[0]?.count ?? 0,
    };
  } finally {
    await client.end();
  }
}

export function serveChecker(): void {
  serve({
    check,
  } satisfies Handlers);
}
