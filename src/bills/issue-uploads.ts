/**
 * Job: works uploads off in sets of a thousand rows, each set in one transaction with the progress of its upload, so that
 * a crash loses nothing and does nothing twice. A set is submitted as any other bills are. With the choice `all`, every
 * row is checked first, and one bad row is the end of it; what changes between the check and the issue (a bill of that id
 * sent meanwhile) refuses its own row. Uploads take turns, so that a long one does not hold up a short one.
 */
import { Injectable } from '@nestjs/common';
import { PartyDirectory, type ServiceProvider } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Tx } from '../platform/database/database';
import { isOutage } from '../platform/database/outage';
import type { BillDraft } from './bill-content.rules';
import type { BillAnswer, SubmissionFault } from './bill-submission';
import { BillUploadStore, type LockedUpload, type RowOutcome } from './bill-upload.store';
import { SubmitBills } from './submit-bills';

const setSize = 1_000;

/** What XML reserves means nothing in a file, as in JSON. */
const noNames: ReadonlySet<string> = new Set();

@Injectable()
export class IssueUploads {
  constructor(
    private readonly database: Database,
    private readonly store: BillUploadStore,
    private readonly submitBills: SubmitBills,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /** One set of one upload. False: nothing waits, or another process has it. */
  async execute(): Promise<boolean> {
    const next = await this.store.next(this.database.reader);
    if (next === undefined) return false;
    const sp = await this.directory.findById(next.spId);
    if (sp?.kind !== 'service-provider') throw new Error('only institutions upload bills');
    try {
      return await this.database.longTransaction(async (tx) => {
        const upload = await this.store.lock(tx, next.id);
        if (upload !== undefined) await this.turn(tx, sp, upload);
        return upload !== undefined;
      });
    } catch (fault) {
      // A fault of ours in one upload is no reason for the others to wait.
      if (!isOutage(fault))
        await this.database.transaction((tx) => this.store.postpone(tx, next.id));
      throw fault;
    }
  }

  private async turn(tx: Tx, sp: ServiceProvider, upload: LockedUpload): Promise<void> {
    const rows = await this.store.nextRows(tx, upload, setSize);
    const last = rows.at(-1);
    if (last === undefined) {
      if (upload.state === 'checking') await this.endCheck(tx, sp, upload);
      else await this.finish(tx, sp, upload, 'done');
      return;
    }
    const waiting = rows.flatMap(({ line, draft }) => (draft === null ? [] : [{ line, draft }]));
    const drafts = waiting.map(({ draft }) => draft);
    const isCheck = upload.state === 'checking';
    const answers = await this.answersTo(tx, sp, drafts, isCheck);
    const outcomes = waiting.flatMap(({ line }, i) => outcomeOf(line, answers[i], isCheck));
    await this.store.recordRows(tx, upload.id, outcomes);
    const issued = outcomes.filter(({ state }) => state === 'issued').length;
    const isSecondTime = upload.checked === upload.rows;
    await this.store.advance(tx, upload.id, {
      lastLine: last.line,
      checked: isSecondTime ? 0 : rows.length,
      issued,
      refused: outcomes.length - issued,
    });
  }

  private async answersTo(
    tx: Tx,
    sp: ServiceProvider,
    drafts: readonly BillDraft[],
    isCheck: boolean,
  ): Promise<readonly BillAnswer[]> {
    if (drafts.length === 0) return [];
    return isCheck
      ? this.submitBills.check(tx, sp, drafts, noNames)
      : this.submitBills.execute(tx, sp, { form: 'json', drafts }, noNames);
  }

  private async endCheck(tx: Tx, sp: ServiceProvider, upload: LockedUpload): Promise<void> {
    const missing = upload.refused > 0 ? 0 : await this.store.numbersMissing(tx, upload.id);
    if (missing > 0) await this.store.refuseLast(tx, upload.id, missing, 'bill.numbers-exhausted');
    const refused = upload.refused + missing;
    if (refused > 0) await this.finish(tx, sp, { ...upload, refused }, 'refused');
    else await this.store.startIssuing(tx, upload.id);
  }

  private async finish(
    tx: Tx,
    sp: ServiceProvider,
    { id, rows, issued, refused }: LockedUpload,
    state: 'done' | 'refused',
  ): Promise<void> {
    await this.store.finish(tx, id, state);
    await this.audit.record(tx, {
      actor: sp.code,
      action: 'bills.upload-finished',
      subject: id,
      detail: { state, rows, issued, refused },
    });
  }
}

/** A row that is found good in the check waits on; every other one is decided. */
function outcomeOf(line: number, answer: BillAnswer | undefined, isCheck: boolean): RowOutcome[] {
  if (answer === undefined) throw new Error('every bill has an answer');
  const { controlNumber } = answer;
  const faults = answer.faults as readonly SubmissionFault[];
  if (faults.length > 0) return [{ line, state: 'refused', controlNumber, faults }];
  return isCheck ? [] : [{ line, state: 'issued', controlNumber, faults }];
}
