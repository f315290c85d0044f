/**
 * Takes a combined bill: parts of several institutions under one number of the submitter's, all or none. Each part is
 * a bill of its own institution with a number of its own, which nobody can pay on (gepg-decisions C11). A repeated
 * id of the whole gets the same answer, with other content bill.id-duplicate and the number that exists.
 */
import { Injectable } from '@nestjs/common';
import { type BillId, type Id, newId } from '../kernel/ids';
import { PartyDirectory, type ServiceProvider } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { Tx } from '../platform/database/database';
import { contentDigest, contentOf } from './bill-content';
import { type BillDraft, type CheckedBill, checkBill } from './bill-content.rules';
import type { BillAnswer, GroupAnswer, GroupSubmission, SubmissionFault } from './bill-submission';
import { BillStore } from './bill.store';
import { GroupStore, type KnownGroup } from './group.store';
import { NumberIssuer } from './number-issuer';
import { NumberReuse } from './number-reuse';
import { termsOf } from './submit-bills';

interface CheckedPart {
  readonly draft: BillDraft;
  readonly sp: ServiceProvider | undefined;
  readonly checked: CheckedBill | undefined;
  readonly answer: BillAnswer;
}

interface GoodPart {
  readonly draft: BillDraft;
  readonly sp: ServiceProvider;
  readonly checked: CheckedBill;
}

@Injectable()
export class SubmitBillGroup {
  constructor(
    private readonly store: GroupStore,
    private readonly bills: BillStore,
    private readonly numbers: NumberIssuer,
    private readonly reuse: NumberReuse,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
  ) {}

  async execute(
    tx: Tx,
    sp: ServiceProvider,
    submission: GroupSubmission,
    protocolNames: ReadonlySet<string>,
  ): Promise<GroupAnswer> {
    const digest = contentDigest({ ...submission, form: '' });
    const known = await this.store.find(tx, sp.id, submission.groupBillId);
    if (known !== undefined) return answerOfKnown(submission, known, digest);

    const now = await this.bills.now(tx);
    const parts = await this.check(tx, sp, submission, now, protocolNames);
    const faults: SubmissionFault[] = wholeFaults(submission);
    const good = parts.flatMap(({ draft, sp: owner, checked, answer }): GoodPart[] =>
      owner === undefined || checked === undefined || answer.faults.length > 0
        ? []
        : [{ draft, sp: owner, checked }],
    );
    const refuse = (more: readonly SubmissionFault[]): GroupAnswer => ({
      groupBillId: submission.groupBillId,
      controlNumber: null,
      faults: [...faults, ...more],
      parts: parts.map((part) => part.answer),
    });
    if (faults.length > 0 || good.length < parts.length || good.length === 0) return refuse([]);

    const { reusedNumber } = submission;
    if (reusedNumber !== '') {
      const refused = await this.reuse.claim(tx, sp.id, [reusedNumber], 'group', now);
      const fault = refused.get(reusedNumber);
      if (fault !== undefined) return refuse([fault]);
    }
    const numbers = await this.issue(tx, sp, good, reusedNumber);
    if (numbers === undefined) return refuse(['bill.numbers-exhausted']);
    const id = newId<Id<'bill-group'>>();
    const isFirst = await this.store.insert(tx, {
      id,
      spId: sp.id,
      code: submission.groupCode,
      billId: submission.groupBillId,
      controlNumber: numbers.whole,
      isReuse: reusedNumber !== '',
      systemId: submission.systemId,
      form: submission.form,
      contentDigest: digest,
    });
    if (!isFirst) {
      const twin = await this.store.find(tx, sp.id, submission.groupBillId);
      if (twin === undefined) throw new Error('the twin of a group is stored');
      return answerOfKnown(submission, twin, digest);
    }
    await this.insertParts(tx, submission, id, good, numbers.parts);
    await this.audit.record(tx, {
      actor: sp.code,
      action: 'group.submitted',
      subject: `${sp.code}/${submission.groupBillId}`,
      detail: { controlNumber: numbers.whole, parts: numbers.parts },
    });
    return {
      groupBillId: submission.groupBillId,
      controlNumber: numbers.whole,
      faults: [],
      parts: good.map(({ draft }, i) => ({
        billId: draft.billId,
        controlNumber: numbers.parts[i] ?? null,
        faults: [],
      })),
    };
  }

  private async check(
    tx: Tx,
    submitter: ServiceProvider,
    { parts, groupCode }: GroupSubmission,
    now: Date,
    protocolNames: ReadonlySet<string>,
  ): Promise<readonly CheckedPart[]> {
    const members = await this.store.members(tx, groupCode);
    const owners = new Map<string, ServiceProvider | undefined>();
    for (const code of new Set(parts.map((part) => part.spCode || submitter.code))) {
      const party = await this.directory.find(code, tx);
      const isMember = members.size === 0 || members.has(code);
      const isGood = party?.kind === 'service-provider' && party.isActive && isMember;
      owners.set(code, isGood ? party : undefined);
    }
    const ownerOf = (draft: BillDraft) => owners.get(draft.spCode || submitter.code);
    const existing = await this.store.knownBills(
      tx,
      parts.map((draft) => ownerOf(draft)?.id ?? 0),
      parts.map((draft) => draft.billId),
    );
    const seen = new Set<string>();
    return parts.map((draft, i): CheckedPart => {
      const sp = ownerOf(draft);
      const answer = (faults: readonly SubmissionFault[]): BillAnswer => ({
        billId: draft.billId,
        controlNumber: existing.get(i) ?? null,
        faults,
      });
      if (sp === undefined)
        return { draft, sp, checked: undefined, answer: answer(['group.member-unknown']) };
      // The system and the manner of sending are the submitter's, codes of revenue those of the part's institution.
      const { systemIds, isBulk } = termsOf(submitter);
      const result = checkBill(draft, { ...termsOf(sp), systemIds, isBulk }, now, protocolNames);
      const key = `${sp.code} ${draft.billId}`;
      const isDuplicate = existing.has(i) || seen.has(key);
      seen.add(key);
      const faults: SubmissionFault[] = result.ok ? [] : [...result.faults];
      if (isDuplicate) faults.push('bill.id-duplicate');
      return { draft, sp, checked: result.ok ? result.bill : undefined, answer: answer(faults) };
    });
  }

  /** Undefined when a range is used up. Institutions in id order: each draw locks the ranges of one. */
  private async issue(
    tx: Tx,
    sp: ServiceProvider,
    parts: readonly GoodPart[],
    reusedNumber: string,
  ): Promise<{ whole: string; parts: readonly string[] } | undefined> {
    const counts = new Map<number, number>();
    const owners = parts.map((part) => part.sp.id);
    for (const id of reusedNumber === '' ? [sp.id, ...owners] : owners)
      counts.set(id, (counts.get(id) ?? 0) + 1);
    const drawn = new Map<number, string[]>();
    for (const [id, count] of [...counts].sort(([a], [b]) => a - b))
      drawn.set(id, [...(await this.numbers.issue(tx, id, count))]);
    const take = (id: number) => drawn.get(id)?.shift();
    const whole = reusedNumber === '' ? take(sp.id) : reusedNumber;
    const own = owners.flatMap((id) => take(id) ?? []);
    return whole === undefined || own.length < parts.length ? undefined : { whole, parts: own };
  }

  private async insertParts(
    tx: Tx,
    { form }: GroupSubmission,
    groupId: string,
    parts: readonly GoodPart[],
    numbers: readonly string[],
  ): Promise<void> {
    // The whole falls due with its earliest part, and every part with the whole.
    const expiresAt = parts
      .map((part) => part.checked.expiresAt)
      .reduce((least, each) => (each < least ? each : least));
    const inserted = await this.bills.insert(
      tx,
      parts.map(({ draft, sp, checked }, i) => ({
        ...contentOf(draft, checked),
        expiresAt,
        id: newId<BillId>(),
        spId: sp.id,
        spBillId: draft.billId,
        controlNumber: numbers[i] ?? '',
        isReuse: false,
        isImported: false,
        groupId,
        groupPosition: i + 1,
        form,
        contentDigest: contentDigest(draft).toString('hex'),
      })),
    );
    // All or none: the same BillId came at once in another message, so the whole message is taken back.
    if (inserted.size < parts.length) throw new Error('a part of a group was submitted meanwhile');
  }
}

/** Faults of the whole that its own fields show. */
function wholeFaults({ groupBillId, parts }: GroupSubmission): SubmissionFault[] {
  const faults: SubmissionFault[] = [];
  if (groupBillId === '') faults.push('bill.id-blank');
  else if (!/^[\x20-\x7e]{1,100}$/.test(groupBillId)) faults.push('bill.id-malformed');
  if (parts.length === 0) faults.push('bill.items-missing');
  const terms = new Set(parts.map((part) => `${part.currency} ${part.paymentOption}`));
  if (terms.size > 1) faults.push('group.terms-different');
  return faults;
}

function answerOfKnown(
  { groupBillId }: GroupSubmission,
  known: KnownGroup,
  digest: Buffer,
): GroupAnswer {
  const isSame = known.contentDigest.equals(digest);
  return {
    groupBillId,
    controlNumber: known.controlNumber,
    faults: isSame ? [] : ['bill.id-duplicate'],
    parts: known.parts.map((part) => ({ ...part, faults: [] })),
  };
}
