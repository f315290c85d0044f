/**
 * Changes bills that stand open: the expiry alone, or all that the bill says. BillId, number and money stay; of a
 * partly paid bill only the expiry moves (rulings.md §2). The audit trail keeps what stood before. Asking for the last
 * change again gets the same answer, whatever happened to the bill since.
 */
import { Injectable } from '@nestjs/common';
import { parseWireInstant } from '../kernel/business-day';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { ServiceProvider } from '../parties/party-directory';
import type { Tx } from '../platform/database/database';
import { contentDigest, contentOf, draftOf } from './bill-content';
import { type BillDraft, checkBill } from './bill-content.rules';
import { changeFault } from './bill.rules';
import type { BillAnswer, BillChange, ChangeFault } from './bill-submission';
import { type BillContent, BillStore, type LockedBill } from './bill.store';
import { termsOf } from './submit-bills';

type Proposal =
  | { readonly faults: readonly ChangeFault[] }
  | { readonly faults?: undefined; readonly after: BillContent };

@Injectable()
export class ChangeBills {
  constructor(
    private readonly store: BillStore,
    private readonly audit: AuditTrail,
  ) {}

  /** One answer per change, in order. Several changes of one bill in a message follow one another. */
  async execute(
    tx: Tx,
    sp: ServiceProvider,
    changes: readonly BillChange[],
    protocolNames: ReadonlySet<string>,
  ): Promise<readonly BillAnswer[]> {
    const answers: BillAnswer[] = [];
    const locked = await this.store.lockToChange(
      tx,
      sp.id,
      changes.map((change) => change.billId),
    );
    const now = await this.store.now(tx);
    const current = new Map(locked.map((bill) => [bill.spBillId, bill]));
    for (const change of changes) {
      const bill = current.get(change.billId);
      const answer = (faults: readonly ChangeFault[]) =>
        answers.push({
          billId: change.billId,
          controlNumber: bill?.controlNumber ?? null,
          faults,
        });
      if (bill === undefined) {
        answer(['bill.unknown']);
        continue;
      }
      const digest = contentDigest(change);
      if (bill.changeDigest?.equals(digest)) {
        answer([]);
        continue;
      }
      const proposal = propose(bill, change, sp, now, protocolNames);
      answer(proposal.faults ?? []);
      if (proposal.faults !== undefined) continue;
      const { after } = proposal;
      await this.keep(tx, sp, bill, after, digest);
      const next = { ...bill, content: after, expiresAt: after.expiresAt, changeDigest: digest };
      current.set(change.billId, next);
    }
    return answers;
  }

  private async keep(
    tx: Tx,
    sp: ServiceProvider,
    bill: LockedBill,
    after: BillContent,
    digest: Buffer,
  ): Promise<void> {
    await this.store.change(tx, [
      {
        ...after,
        id: bill.id,
        changeDigest: digest.toString('hex'),
        replacesItems: bill.state === 'open',
      },
    ]);
    await this.audit.record(tx, {
      actor: sp.code,
      action: 'bill.changed',
      subject: `${sp.code}/${bill.spBillId}`,
      detail: { before: bill.content, after },
    });
  }
}

function propose(
  bill: LockedBill,
  change: BillChange,
  sp: ServiceProvider,
  now: Date,
  protocolNames: ReadonlySet<string>,
): Proposal {
  // The state is asked first: of a bill that is paid nothing else matters.
  const closed = changeFault(bill, now, true);
  if (closed !== undefined) return { faults: [closed] };
  const proposal =
    change.terms !== undefined
      ? replace({ ...change, draft: redraft(bill, change, change.terms) }, sp, now, protocolNames)
      : change.draft === undefined
        ? moveExpiry(bill, change, sp, now)
        : replace({ ...change, draft: change.draft }, sp, now, protocolNames);
  if (proposal.faults !== undefined) return proposal;
  const isSameElse = sameElse(bill.content, proposal.after);
  const fault = changeFault(bill, now, isSameElse);
  return fault === undefined ? proposal : { faults: [fault] };
}

function moveExpiry(
  bill: LockedBill,
  change: BillChange,
  sp: ServiceProvider,
  now: Date,
): Proposal {
  const { systemId } = change;
  const isSystemUnknown = systemId !== '' && sp.systemIds.size > 0 && !sp.systemIds.has(systemId);
  const expiresAt = parseWireInstant(change.expiresAt);
  const isFuture = expiresAt !== undefined && expiresAt > now;
  const faults: readonly ChangeFault[] = [
    ...(isSystemUnknown ? (['bill.system-unknown'] as const) : []),
    ...(isFuture ? [] : (['bill.expiry-unacceptable'] as const)),
  ];
  if (expiresAt === undefined || faults.length > 0) return { faults };
  return { after: { ...bill.content, expiresAt } };
}

function replace(
  { draft }: BillChange & { draft: NonNullable<BillChange['draft']> },
  sp: ServiceProvider,
  now: Date,
  protocolNames: ReadonlySet<string>,
): Proposal {
  const result = checkBill(draft, termsOf(sp), now, protocolNames);
  return result.ok ? { after: contentOf(draft, result.bill) } : { faults: result.faults };
}

/** The bill as it stands with other terms; the amount of an only item is the bill's. */
function redraft(
  bill: LockedBill,
  { expiresAt }: BillChange,
  terms: NonNullable<BillChange['terms']>,
): BillDraft {
  const draft = draftOf(bill.spBillId, bill.content);
  const amount = terms.amount === '' ? draft.amount : terms.amount;
  const [only, ...others] = draft.items;
  const kept =
    only !== undefined && others.length === 0
      ? [{ ...only, amount, equivalentAmount: '' }]
      : draft.items;
  return {
    ...draft,
    amount,
    expiresAt: expiresAt === '' ? draft.expiresAt : expiresAt,
    items: terms.items ?? kept,
  };
}

/** Whether two contents differ in nothing but their expiry; when it was generated and extras change no terms. */
function sameElse(before: BillContent, after: BillContent): boolean {
  const bare = (content: BillContent) => ({
    ...content,
    expiresAt: '',
    generatedAt: '',
    extras: '',
  });
  return contentDigest(bare(before)).equals(contentDigest(bare(after)));
}
