/**
 * Takes an institution's bills: checks each, gives every good one a control number, new or used again, and answers per
 * bill. A repeated BillId never makes a second bill: the same content gets the same answer again, other content gets
 * bill.id-duplicate with the number that exists (rulings.md §2, gepg-decisions A11).
 */
import { Injectable } from '@nestjs/common';
import { type BillId, newId } from '../kernel/ids';
import type { Tx } from '../platform/database/database';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { ServiceProvider } from '../parties/party-directory';
import { contentDigest, contentOf } from './bill-content';
import { type BillDraft, type CheckedBill, checkBill, type Terms } from './bill-content.rules';
import type { BillAnswer, BillSubmission, SubmissionFault } from './bill-submission';
import type { DraftDefaults } from './bill-upload.rules';
import { BillStore, type KnownBill } from './bill.store';
import { NumberIssuer } from './number-issuer';
import { NumberReuse } from './number-reuse';

interface Fresh {
  readonly draft: BillDraft;
  readonly checked: CheckedBill;
}

type Faults = Map<BillDraft, readonly SubmissionFault[]>;

/** What an institution is enrolled for; an empty set restricts nothing. */
export function termsOf(sp: ServiceProvider): Terms {
  return {
    systemIds: sp.systemIds,
    subSpCodes: sp.subSpCodes,
    gfsCodes: sp.gfsCodes,
    isBulk: sp.profile.isBulk,
    allowsLimited: sp.profile.allowsLimited,
  };
}

/** What a bill says where its institution does not: what an institution has but one of, it need not say. */
export function defaultsOf(sp: ServiceProvider): DraftDefaults {
  const only = (enrolled: ReadonlySet<string>): string => {
    const [first = ''] = enrolled;
    return enrolled.size === 1 ? first : '';
  };
  return { subSpCode: only(sp.subSpCodes), systemId: only(sp.systemIds), maker: sp.code };
}

@Injectable()
export class SubmitBills {
  constructor(
    private readonly store: BillStore,
    private readonly numbers: NumberIssuer,
    private readonly reuse: NumberReuse,
    private readonly audit: AuditTrail,
  ) {}

  async execute(
    tx: Tx,
    sp: ServiceProvider,
    submission: BillSubmission,
    protocolNames: ReadonlySet<string>,
  ): Promise<readonly BillAnswer[]> {
    const { drafts } = submission;
    const { known, faults, fresh, reusing } = await this.sift(tx, sp, drafts, protocolNames);
    const numbering = fresh.filter(({ draft }) => draft.reusedNumber === '');
    const issued = await this.numbers.issue(tx, sp.id, numbering.length);
    const numbered = [
      ...reusing.map((each) => ({ ...each, number: each.draft.reusedNumber, isReuse: true })),
      ...numbering.flatMap((each, i) => {
        const number = issued[i];
        return number === undefined ? [] : [{ ...each, number, isReuse: false }];
      }),
    ];
    const inserted = await this.store.insert(
      tx,
      numbered.map(({ draft, checked, number, isReuse }) => ({
        ...contentOf(draft, checked),
        id: newId<BillId>(),
        spId: sp.id,
        spBillId: draft.billId,
        controlNumber: number,
        isReuse,
        isImported: false,
        groupId: null,
        groupPosition: 1,
        form: submission.form,
        contentDigest: contentDigest(draft).toString('hex'),
      })),
    );
    if (fresh.length > 0) {
      for (const [id, bill] of await this.known(tx, sp.id, drafts)) known.set(id, bill);
    }
    await this.audit.record(tx, {
      actor: sp.code,
      action: 'bills.submitted',
      subject: sp.code,
      detail: {
        submitted: drafts.length,
        issued: inserted.size,
        reused: reusing.map(({ draft }) => draft.reusedNumber),
      },
    });
    return drafts.map((draft) => answerFor(draft, known.get(draft.billId), faults.get(draft)));
  }

  /** What would be wrong with each if it were submitted now; no bill is made, and no number issued. */
  async check(
    tx: Tx,
    sp: ServiceProvider,
    drafts: readonly BillDraft[],
    protocolNames: ReadonlySet<string>,
  ): Promise<readonly BillAnswer[]> {
    const { known, faults, fresh } = await this.sift(tx, sp, drafts, protocolNames);
    const isGood = new Set(fresh.map(({ draft }) => draft).filter((draft) => !faults.has(draft)));
    return drafts.map((draft) =>
      isGood.has(draft)
        ? { billId: draft.billId, controlNumber: null, faults: [] }
        : answerFor(draft, known.get(draft.billId), faults.get(draft)),
    );
  }

  /** Those that exist, those that are at fault, those that are new and good, and of these those that reuse a number. */
  private async sift(
    tx: Tx,
    sp: ServiceProvider,
    drafts: readonly BillDraft[],
    protocolNames: ReadonlySet<string>,
  ) {
    const now = await this.store.now(tx);
    const known = await this.known(tx, sp.id, drafts);
    const faults: Faults = new Map();
    const fresh = freshOf(drafts, known, faults, sp, now, protocolNames);
    const reusing = await this.claim(tx, sp.id, fresh, faults, now);
    return { known, faults, fresh, reusing };
  }

  /** Those whose number is free for them; the others get their fault. */
  private async claim(
    tx: Tx,
    spId: number,
    fresh: readonly Fresh[],
    faults: Faults,
    now: Date,
  ): Promise<readonly Fresh[]> {
    const asking = fresh.filter(({ draft }) => draft.reusedNumber !== '');
    const wanted = [...new Set(asking.map(({ draft }) => draft.reusedNumber))];
    const refused = await this.reuse.claim(tx, spId, wanted, 'bill', now);
    const given = new Set<string>();
    return asking.filter(({ draft }) => {
      const number = draft.reusedNumber;
      const fault = refused.get(number) ?? (given.has(number) ? 'bill.number-in-use' : undefined);
      given.add(number);
      if (fault !== undefined) faults.set(draft, [fault]);
      return fault === undefined;
    });
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

/** The good drafts whose BillId is new; of one BillId within the message only the first. */
function freshOf(
  drafts: readonly BillDraft[],
  known: ReadonlyMap<string, KnownBill>,
  faults: Faults,
  sp: ServiceProvider,
  now: Date,
  protocolNames: ReadonlySet<string>,
): readonly Fresh[] {
  const terms = termsOf(sp);
  const seen = new Set(known.keys());
  return drafts.flatMap((draft): Fresh[] => {
    if (seen.has(draft.billId)) return [];
    const result = checkBill(draft, terms, now, protocolNames);
    const isForeign = draft.spCode !== '' && draft.spCode !== sp.code;
    if (!result.ok || isForeign) {
      const found: readonly SubmissionFault[] = result.ok ? [] : result.faults;
      faults.set(draft, isForeign ? [...found, 'group.member-unknown'] : found);
      return [];
    }
    seen.add(draft.billId);
    return [{ draft, checked: result.bill }];
  });
}

function answerFor(
  draft: BillDraft,
  bill: KnownBill | undefined,
  faults: readonly SubmissionFault[] | undefined,
): BillAnswer {
  const { billId } = draft;
  if (faults !== undefined) return { billId, controlNumber: null, faults };
  if (bill === undefined)
    return { billId, controlNumber: null, faults: ['bill.numbers-exhausted'] };
  const isSame = bill.contentDigest.equals(contentDigest(draft));
  return { billId, controlNumber: bill.controlNumber, faults: isSame ? [] : ['bill.id-duplicate'] };
}
