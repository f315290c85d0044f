/** Statements on discrepancies and their history: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { AccountKind } from '../ledger/chart-of-accounts.rules';
import type { EntryDraft } from '../ledger/entry.rules';
import type { Tx } from '../platform/database/database';
import type { DiscrepancyKind, DiscrepancyState, Found } from './discrepancy.rules';

export interface DiscrepancyKey {
  /** null for what the bank says of nobody yet. */
  readonly pspId: number | null;
  readonly businessDay: BusinessDay;
  readonly kind: DiscrepancyKind;
  /** What it is about; one per PSP, day and kind. */
  readonly subject: string;
}

export interface DiscrepancyDraft extends DiscrepancyKey, Found {
  /** What its kind needs to know later; plain JSON. */
  readonly detail: object;
  readonly paymentId?: string;
  readonly statementLineId?: bigint;
}

export interface StoredState extends Found {
  readonly id: bigint;
  readonly state: DiscrepancyState;
}

export type DiscrepancyAction =
  | 'raised'
  | 'reopened'
  | 'withdrawn'
  | 'assigned'
  | 'commented'
  | 'proposed'
  | 'approved'
  | 'declined'
  | 'resolved';

export interface DiscrepancyEvent {
  readonly discrepancyId: bigint;
  readonly action: DiscrepancyAction;
  readonly actor: string;
  readonly detail?: object;
}

@Injectable()
export class DiscrepancyStore {
  /** The stored one of a key, locked; undefined while there is none. */
  async lockByKey(tx: Tx, key: DiscrepancyKey): Promise<StoredState | undefined> {
    const [row] = await tx.query<StoredState>(
      `select id, state, their_amount_minor as "theirMinor", our_amount_minor as "ourMinor", currency
         from discrepancy
        where psp_id is not distinct from $1 and business_day = $2 and kind = $3 and subject = $4 for update`,
      [key.pspId, key.businessDay, key.kind, key.subject],
    );
    return row;
  }

  /** undefined where another transaction was first. */
  async add(tx: Tx, draft: DiscrepancyDraft): Promise<bigint | undefined> {
    const [row] = await tx.query<{ id: bigint }>(
      `insert into discrepancy (psp_id, business_day, kind, subject, their_amount_minor, our_amount_minor, currency, detail,
                                payment_id, statement_line_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict on constraint discrepancy_key do nothing returning id`,
      [
        draft.pspId,
        draft.businessDay,
        draft.kind,
        draft.subject,
        draft.theirMinor,
        draft.ourMinor,
        draft.currency,
        JSON.stringify(draft.detail),
        draft.paymentId ?? null,
        draft.statementLineId ?? null,
      ],
    );
    return row?.id;
  }

  /** Brings a stored one up to date with what was found, in the state given. */
  async refresh(
    tx: Tx,
    id: bigint,
    draft: DiscrepancyDraft,
    state: DiscrepancyState,
  ): Promise<void> {
    await tx.query(
      `update discrepancy
          set their_amount_minor = $2, our_amount_minor = $3, currency = $4, detail = $5, state = $6, closed_at = null,
              revision = revision + 1
        where id = $1`,
      [id, draft.theirMinor, draft.ourMinor, draft.currency, JSON.stringify(draft.detail), state],
    );
  }

  /** Moves those that still wait for somebody to a final state; returns which they were. */
  async close(
    tx: Tx,
    ids: readonly bigint[],
    state: 'resolved' | 'withdrawn',
  ): Promise<readonly bigint[]> {
    const rows = await tx.query<{ id: bigint }>(
      `update discrepancy set state = $2, closed_at = gateway_now(), revision = revision + 1
        where id = any ($1::bigint[]) and state in ('open', 'awaiting-approval') returning id`,
      [ids, state],
    );
    return rows.map((row) => row.id);
  }

  /** Each of a closed day, with the one of a later day that goes on with it. */
  async carry(
    tx: Tx,
    pairs: readonly { readonly id: bigint; readonly carriedTo: bigint }[],
  ): Promise<void> {
    if (pairs.length === 0) return;
    await tx.query(
      `insert into discrepancy_carry (discrepancy_id, carried_to) select * from unnest($1::bigint[], $2::bigint[])`,
      [pairs.map(({ id }) => id), pairs.map(({ carriedTo }) => carriedTo)],
    );
  }

  async lock(tx: Tx, id: bigint): Promise<bigint | undefined> {
    const [row] = await tx.query<{ id: bigint }>(
      `select id from discrepancy where id = $1 for update`,
      [id],
    );
    return row?.id;
  }

  async assign(tx: Tx, id: bigint, owner: string | null): Promise<void> {
    await tx.query(`update discrepancy set owner = $2 where id = $1`, [id, owner]);
  }

  async move(tx: Tx, id: bigint, state: 'open' | 'resolved'): Promise<void> {
    await tx.query(
      `update discrepancy
          set state = $2, closed_at = case when $2 = 'resolved' then gateway_now() end, revision = revision + 1
        where id = $1`,
      [id, state],
    );
  }

  /** The counter-entries of what a resolution posted: the sides are changed. */
  async entriesOf(
    tx: Tx,
    sourceId: string,
  ): Promise<readonly Omit<EntryDraft, 'sourceKind' | 'businessDay'>[]> {
    const rows = await tx.query<{
      currency: EntryDraft['currency'];
      name: string;
      kind: AccountKind;
      debitMinor: bigint;
      creditMinor: bigint;
    }>(
      `select e.currency, a.name, a.kind, p.debit_minor as "debitMinor", p.credit_minor as "creditMinor"
         from ledger_entry e
         join posting p on p.entry_id = e.id and p.business_day = e.business_day
         join ledger_account a on a.id = p.account_id
        where e.source_kind = 'resolution' and e.source_id = $1 order by p.position`,
      [sourceId],
    );
    const [first] = rows;
    if (first === undefined) return [];
    return [
      {
        sourceId,
        currency: first.currency,
        postings: rows.map(({ kind, name, debitMinor, creditMinor }) => ({
          account: { kind, name },
          side: debitMinor > 0n ? 'credit' : 'debit',
          amountMinor: debitMinor + creditMinor,
        })),
      },
    ];
  }

  async record(tx: Tx, events: readonly DiscrepancyEvent[]): Promise<void> {
    if (events.length === 0) return;
    await tx.query(
      `insert into discrepancy_event (discrepancy_id, action, actor, detail)
       select * from unnest($1::bigint[], $2::text[], $3::text[], $4::jsonb[])`,
      [
        events.map((each) => each.discrepancyId),
        events.map((each) => each.action),
        events.map((each) => each.actor),
        events.map((each) => JSON.stringify(each.detail ?? {})),
      ],
    );
  }
}
