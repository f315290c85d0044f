/**
 * Takes payment notifications, a batch at a time, in the caller's transaction: the bills under their locks, the gate,
 * the payments, the ledger entries, the confirmations and final results owed. All of it commits together or not at
 * all, and the answers leave after the commit (security-reliability §3.2). What is refused is an outcome, not a thrown
 * Refusal, since a rollback would take its evidence along (rulings.md §2); no row is thrown for, so that one bad row
 * costs the others nothing. What is known already is looked up first; the gate then stands, complete, in front of the
 * money. A twin that committed between the two supersedes the batch, which begins again and finds it known. Lock order:
 * bills by id, gate rows by (PSP, transaction id), ledger accounts by name, repeats by id.
 */
import { Injectable } from '@nestjs/common';
import { ApplyPayments, type AppliedPayment } from '../bills/apply-payments';
import { submitterOf } from '../bills/stored-bill';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { type NotificationId, newId } from '../kernel/ids';
import { PostEntries } from '../ledger/post-entries';
import { PartyDirectory, type ServiceProvider } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Superseded, type Tx } from '../platform/database/database';
import { AnswerRepeats, gateKey } from './answer-repeats';
import { readPayment } from './payment.rules';
import type {
  PaymentOutcome,
  PaymentRefusal,
  ReadNotification,
  ReceivedPayment,
} from './payment-outcome';
import { type PaymentRecord, recordOf } from './payment-record';
import { type BatchMoment, PaymentStore } from './payment.store';

export type { PaymentOutcome, PaymentRefusal, ReceivedPayment };

@Injectable()
export class ReceivePayments {
  constructor(
    private readonly store: PaymentStore,
    private readonly bills: ApplyPayments,
    private readonly ledger: PostEntries,
    private readonly deliveries: EnqueueDelivery,
    private readonly repeats: AnswerRepeats,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * One outcome per notification, in order. `beside` writes what is kept of the outcomes elsewhere, in the same
   * transaction.
   */
  async execute(
    tx: Tx,
    batch: readonly ReceivedPayment[],
    beside: (outcomes: readonly PaymentOutcome[]) => Promise<void> = nothing,
  ): Promise<readonly PaymentOutcome[]> {
    if (batch.length === 0) return [];
    // A transaction id need not be good to be looked up: what is known of the batch comes with the moment of it.
    const [moment, known] = await tx.together(
      () => this.store.beginBatch(tx, batch.length),
      () => this.repeats.find(tx, batch),
    );
    const outcomes = new Map<number, PaymentOutcome>();
    const firsts = new Map<string, ReadNotification>();
    const again: ReadNotification[] = [];
    batch.forEach(({ psp, notification }, index) => {
      const read = readPayment(notification, moment.now);
      if (!read.ok) {
        outcomes.set(index, { isAccepted: false, isRepeat: false, refusal: read.fault });
        return;
      }
      const row = { id: newId<NotificationId>(), index, psp, notification, read };
      const key = gateKey(psp.id, notification.transactionId);
      if (firsts.has(key)) again.push(row);
      else firsts.set(key, row);
    });
    const fresh: ReadNotification[] = [];
    for (const [key, row] of firsts) (known.has(key) ? again : fresh).push(row);

    const { records, move } = await this.decide(tx, fresh, moment);
    for (const { index, outcome } of records) outcomes.set(index, outcome);
    const all = () => batch.map((_row, index) => required(outcomes.get(index)));
    const keep = this.keeping(tx, moment, records);
    if (again.length === 0) {
      const done = all();
      await tx.together(move, ...keep, () => beside(done));
      return done;
    }
    await tx.together(move, ...keep);
    again.sort((a, b) => a.index - b.index);
    for (const [index, outcome] of await this.repeats.execute(tx, again, known))
      outcomes.set(index, outcome);
    const done = all();
    await beside(done);
    return done;
  }

  private async decide(
    tx: Tx,
    fresh: readonly ReadNotification[],
    moment: BatchMoment,
  ): Promise<{ records: readonly PaymentRecord[]; move: () => Promise<void> }> {
    if (fresh.length === 0) return { records: [], move: nothing };
    const { applied, move } = await this.bills.decide(
      tx,
      fresh.map(({ notification, read }) => ({
        controlNumber: notification.controlNumber,
        amountMinor: read.amountMinor,
        currency: read.currency,
        collectionAccount: notification.collectionAccount,
      })),
      moment.now,
    );
    const institutions = await this.institutionsOf(tx, applied);
    const records = fresh.map((row, i) =>
      recordOf(row, required(applied[i]), institutions, moment, moment.sequences[i] ?? ''),
    );
    return { records, move };
  }

  /** The steps that keep what was decided. They build on one another's locks and rows, and on no answer. */
  private keeping(
    tx: Tx,
    moment: BatchMoment,
    records: readonly PaymentRecord[],
  ): readonly (() => Promise<void>)[] {
    if (records.length === 0) return [];
    return [
      async () => {
        const passed = await this.store.record(
          tx,
          moment,
          records.flatMap((each) => each.payment ?? []),
          records.flatMap((each) => each.allocations),
          records.map((each) => each.gate),
        );
        if (passed < records.length)
          throw new Superseded('a transaction id came to be known meanwhile');
      },
      () =>
        this.ledger.execute(
          tx,
          records.flatMap((each) => each.entry ?? []),
        ),
      () =>
        this.deliveries.execute(
          tx,
          records.flatMap((each) => each.deliveries),
        ),
      () => this.audit.record(tx, ...records.map((each) => each.audit)),
    ];
  }

  private async institutionsOf(
    tx: Tx,
    applied: readonly AppliedPayment[],
  ): Promise<ReadonlyMap<string, ServiceProvider>> {
    const codes = new Set(
      applied.flatMap(({ stored }) =>
        stored === undefined
          ? []
          : [submitterOf(stored), ...stored.bills.map((bill) => bill.spCode)],
      ),
    );
    const found = new Map<string, ServiceProvider>();
    for (const code of codes) {
      const party = await this.directory.find(code, tx);
      if (party?.kind !== 'service-provider') throw new Error(`${code} is not an institution`);
      found.set(code, party);
    }
    return found;
  }
}

async function nothing(): Promise<void> {
  // There is nothing to write.
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('every row of a batch has its result');
  return value;
}
