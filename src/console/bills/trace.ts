/**
 * Follows a bill or a payment through everything that is written of it, for one officer: his institution bounds what he
 * finds, payers are masked until he says that he needs to see one, and that he looked is written down.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SettlementOfPayments } from '../../assurance/settlement-of-payments';
import { keyOf, VerifySignatures } from '../../assurance/verify-signatures';
import { isId } from '../../kernel/ids';
import { Refusal } from '../../kernel/refusal';
import type { Session } from '../../officers/sessions';
import { AuditTrail } from '../../platform/audit/audit-trail';
import { jwsHeader } from '../../platform/crypto/detached-jws';
import { Database } from '../../platform/database/database';
import { masked } from '../../payments/payer.rules';
import { type FoundMessage, TraceStore } from './trace.store';

type Officer = Pick<Session['officer'], 'name' | 'partyId'>;

/** A working officer opens a few payers in an hour; who opens more is collecting them. */
const mostReveals = 60;

export const viewActions = [
  'bill.viewed',
  'payment.viewed',
  'payer.revealed',
  'evidence.made',
] as const;

@Injectable()
export class Trace {
  constructor(
    private readonly database: Database,
    private readonly store: TraceStore,
    private readonly audit: AuditTrail,
    private readonly settlement: SettlementOfPayments,
    private readonly signatures: VerifySignatures,
  ) {}

  /** Refuses: trace.unknown, for a bill of another institution as for none; trace.view-limit when `isRevealed`. */
  async bill(id: string, officer: Officer, isRevealed = false) {
    const { reader } = this.database;
    const found = isId(id) ? await this.store.bill(reader, id, officer.partyId) : undefined;
    if (found === undefined) throw unknown();
    const subjects = [`${found.sp}/${found.billId}`, found.controlNumber, found.id];
    await this.noteView(officer, isRevealed, 'bill', found.id);
    const payments = await this.store.paymentsOfBill(reader, found.id);
    return {
      bill: isRevealed ? found : masked(found),
      payments: payments.map(masked),
      ...(await this.following(
        { paymentIds: payments.map((each) => each.id), billIds: [found.id] },
        subjects,
        found.createdAt,
        officer,
      )),
    };
  }

  /** Refuses as `bill`. */
  async payment(id: string, officer: Officer, isRevealed = false) {
    const { reader } = this.database;
    const found = isId(id) ? await this.store.payment(reader, id, officer.partyId) : undefined;
    if (found === undefined) throw unknown();
    await this.noteView(officer, isRevealed, 'payment', found.id);
    const bills = await this.store.billsOfPayment(reader, found.id, officer.partyId);
    const subjects = [`${found.psp}/${found.transactionId}`, found.controlNumber, found.id];
    return {
      payment: isRevealed ? found : masked(found),
      bills: bills.map(masked),
      ...(await this.following(
        { paymentIds: [found.id], billIds: bills.map(({ id }) => id) },
        subjects,
        found.receivedAt,
        officer,
      )),
    };
  }

  /** The bytes as they came, with payers in them: seeing them counts as a payer seen. Refuses as `bill`. */
  async message(
    id: string,
    officer: Officer,
  ): Promise<{ readonly message: FoundMessage; readonly isSigned: boolean }> {
    const found = isId(id)
      ? await this.store.message(this.database.reader, id, officer.partyId)
      : undefined;
    if (found === undefined) throw unknown();
    await this.noteView(officer, true, 'message', found.id);
    const { body, bodyDigest, pem, digest, candidate } = found;
    const isWhole = createHash('sha256').update(body).digest('hex') === bodyDigest;
    const jws = found.headers[jwsHeader];
    const isSigned =
      pem !== null && (await this.signatures.holds({ body, digest, candidate, jws }, keyOf(pem)));
    return { message: found, isSigned: isWhole && isSigned };
  }

  /** Before payers leave in a file: each counts as one seen. Refuses: trace.view-limit. */
  async noteReveals(officer: Officer, paymentIds: readonly string[]): Promise<void> {
    for (const id of paymentIds) await this.noteView(officer, true, 'payment', id);
  }

  /** What was done to something, the latest first. */
  async eventsOf(subjects: readonly string[]) {
    return this.store.events(this.database.reader, subjects);
  }

  private async following(
    { paymentIds, billIds }: { paymentIds: readonly string[]; billIds: readonly string[] },
    subjects: readonly string[],
    since: Date,
    { partyId }: Officer,
  ) {
    const { reader } = this.database;
    const isTreasury = partyId === null;
    const events = isTreasury ? await this.store.events(reader, [...subjects, ...paymentIds]) : [];
    const settlement = await this.settlement.execute(reader, paymentIds);
    return {
      messages: await this.store.messagesOf(reader, paymentIds, billIds, partyId),
      // One entry of a combined bill names the accounts of all its institutions.
      postings: isTreasury ? await this.store.postings(reader, paymentIds) : [],
      deliveries: await this.store.deliveries(reader, subjects, since, partyId),
      matches: (await this.store.matches(reader, paymentIds)).map((each) => ({
        ...each,
        text: JSON.stringify(each.inputs),
      })),
      // What others are owed stands in the same expectation and on the same line of the bank.
      settlement: isTreasury
        ? settlement
        : settlement.map((each) => ({
            ...each,
            expectedMinor: null,
            entryMinor: null,
            bankReference: null,
            remittance: null,
            statementId: null,
          })),
      views: events.filter(({ action }) => isView(action)),
      events: events.filter(({ action }) => !isView(action)),
    };
  }

  private async noteView(
    { name }: Officer,
    isRevealed: boolean,
    kind: 'bill' | 'payment' | 'message',
    subject: string,
  ): Promise<void> {
    const count = isRevealed ? await this.store.revealsInLastHour(this.database.reader, name) : 0;
    await this.database.transaction(async (tx) => {
      const action = isRevealed ? 'payer.revealed' : `${kind}.viewed`;
      if (count < mostReveals)
        await this.audit.record(tx, { actor: name, action, subject, detail: { kind } });
      else
        await this.audit.raiseAlarm(tx, {
          kind: 'payers-viewed',
          subject: name,
          detail: `${name} has asked for more than ${String(mostReveals)} payers within an hour`,
        });
    });
    if (count < mostReveals) return;
    throw new Refusal(
      'trace.view-limit',
      `at most ${String(mostReveals)} payers are shown to an officer within an hour`,
      'limited',
    );
  }
}

/** What was looked at, and not changed. */
function isView(action: string): boolean {
  return (viewActions as readonly string[]).includes(action);
}

function unknown(): Refusal {
  return new Refusal('trace.unknown', 'there is no such record', 'not-found');
}
