/**
 * Takes an institution's bills: checks each, gives every good one a control number, and answers per bill. A repeated
 * BillId never makes a second bill: the same content gets the same answer again, other content gets
 * bill.id-duplicate with the number that exists (rulings.md §2, gepg-decisions A11).
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type BillId, newId } from '../kernel/ids';
import type { Tx } from '../platform/database/database';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { ServiceProvider } from '../parties/party-directory';
import { type BillDraft, type BillFault, type CheckedBill, checkBill } from './bill-content.rules';
import { BillStore, type KnownBill, type NewBill } from './bill.store';
import { NumberIssuer } from './number-issuer';

export type SubmissionFault = BillFault | 'bill.id-duplicate' | 'bill.numbers-exhausted';

export interface BillAnswer {
  readonly billId: string;
  readonly controlNumber: string | null;
  readonly faults: readonly SubmissionFault[];
}

/** What makes two submissions of a BillId the same: every field as received, in its own place. */
function contentDigest(draft: BillDraft): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(draft, Object.keys(draft).sort().concat(itemKeys)))
    .digest();
}

const itemKeys = [
  'reference',
  'payByReference',
  'amount',
  'equivalentAmount',
  'miscAmount',
  'gfsCode',
];

@Injectable()
export class SubmitBills {
  constructor(
    private readonly store: BillStore,
    private readonly numbers: NumberIssuer,
    private readonly audit: AuditTrail,
  ) {}

  async execute(
    tx: Tx,
    sp: ServiceProvider,
    drafts: readonly BillDraft[],
    protocolNames: ReadonlySet<string>,
  ): Promise<readonly BillAnswer[]> {
    const now = await this.store.now(tx);
    const terms = {
      systemIds: sp.systemIds,
      subSpCodes: sp.subSpCodes,
      gfsCodes: sp.gfsCodes,
      isBulk: sp.profile.isBulk,
      allowsLimited: sp.profile.allowsLimited,
    };
    const known = await this.known(tx, sp.id, drafts);
    const fresh: { draft: BillDraft; checked: CheckedBill; digest: Buffer }[] = [];
    const faults = new Map<BillDraft, readonly BillFault[]>();
    for (const draft of drafts) {
      if (known.has(draft.billId) || fresh.some((each) => each.draft.billId === draft.billId))
        continue;
      const result = checkBill(draft, terms, now, protocolNames);
      if (result.ok) fresh.push({ draft, checked: result.bill, digest: contentDigest(draft) });
      else faults.set(draft, result.faults);
    }
    const issued = await this.numbers.issue(tx, sp.id, fresh.length);
    const bills = fresh.flatMap(({ checked, digest }, i) => {
      const number = issued[i];
      return number === undefined ? [] : [newBill(sp.id, checked, number, digest)];
    });
    const inserted = bills.length === 0 ? new Set<string>() : await this.store.insert(tx, bills);
    if (inserted.size < bills.length || fresh.length > 0) {
      for (const [id, bill] of await this.known(tx, sp.id, drafts)) known.set(id, bill);
    }
    await this.audit.record(tx, {
      actor: sp.code,
      action: 'bills.submitted',
      subject: sp.code,
      detail: { submitted: drafts.length, issued: inserted.size },
    });
    return drafts.map((draft) => answerFor(draft, known.get(draft.billId), faults.get(draft)));
  }

  private async known(
    tx: Tx,
    spId: number,
    drafts: readonly BillDraft[],
  ): Promise<Map<string, KnownBill>> {
    const rows = await this.store.findKnown(
      tx,
      spId,
      drafts.map((draft) => draft.billId),
    );
    return new Map(rows.map((row) => [row.spBillId, row]));
  }
}

function answerFor(
  draft: BillDraft,
  bill: KnownBill | undefined,
  faults: readonly BillFault[] | undefined,
): BillAnswer {
  const { billId } = draft;
  if (faults !== undefined) return { billId, controlNumber: null, faults };
  if (bill === undefined)
    return { billId, controlNumber: null, faults: ['bill.numbers-exhausted'] };
  const isSame = bill.contentDigest.equals(contentDigest(draft));
  return { billId, controlNumber: bill.controlNumber, faults: isSame ? [] : ['bill.id-duplicate'] };
}

function newBill(spId: number, bill: CheckedBill, controlNumber: string, digest: Buffer): NewBill {
  return {
    id: newId<BillId>(),
    spId,
    spBillId: bill.billId,
    controlNumber,
    option: bill.option,
    currency: bill.currency,
    amountMinor: bill.amountMinor.toString(),
    miscMinor: bill.miscMinor.toString(),
    minimumMinor: bill.minimumMinor.toString(),
    generatedAt: bill.generatedAt,
    expiresAt: bill.expiresAt,
    payerId: bill.payerId,
    payerName: bill.payerName,
    payerPhone: bill.payerPhone,
    payerEmail: bill.payerEmail,
    description: bill.description,
    generatedBy: bill.generatedBy,
    approvedBy: bill.approvedBy,
    subSpCode: bill.subSpCode,
    systemId: bill.systemId,
    contentDigest: digest.toString('hex'),
    items: bill.items.map((item) => ({
      reference: item.reference,
      paysByReference: item.payByReference,
      gfsCode: item.gfsCode,
      amountMinor: item.amountMinor.toString(),
      miscMinor: item.miscMinor.toString(),
    })),
  };
}
