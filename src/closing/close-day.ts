/**
 * Closes a business day: what it came to is computed and proposed by one officer, computed again and sealed when another
 * approves. While it is sealed nobody writes for the day, and afterwards nobody can (ledger/closed-days). All of it is
 * one transaction: a day is closed with its record or not at all.
 */
import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { parseBusinessDay } from '../kernel/business-day';
import type { CanonicalValue } from '../kernel/canonical-json';
import { Refusal } from '../kernel/refusal';
import { ClosedDays } from '../ledger/closed-days';
import { Approvals } from '../officers/approvals';
import { AuditChain } from '../platform/audit/audit-chain';
import { AuditTrail } from '../platform/audit/audit-trail';
import { VerifyChain } from '../platform/audit/verify-chain';
import { Database, type Tx } from '../platform/database/database';
import { Recent } from '../platform/recent';
import { ClosingStore, type Statements } from './closing.store';
import { checkDay, type DayCheck } from './day-check.rules';
import {
  type DayOutline,
  type DayRecord,
  DayRecords,
  isBalanced,
  recordText,
  sealText,
  subjectOf,
} from './day-record';
import { missingSentence } from './missing-words';

export interface DayOutlook {
  readonly checks: readonly DayCheck[];
  readonly isReady: boolean;
  readonly record: DayRecord;
}

export type DayGlance = Omit<DayOutlook, 'record'> & {
  readonly record: DayOutline;
  /** When the record was added up; the conditions are those of now. */
  readonly asOf: Date;
};

export interface DayProposal extends DayOutlook {
  readonly approvalId: string;
}

const action = 'day.close.propose';

/** A page that is looked at again and again adds up a day of a million payments once. */
const glanceForMs = 10_000;

@Injectable()
export class CloseDay implements OnModuleInit {
  private readonly outlines = new Recent<Pick<DayGlance, 'record' | 'asOf'>>(glanceForMs);

  constructor(
    private readonly database: Database,
    private readonly store: ClosingStore,
    private readonly records: DayRecords,
    private readonly closedDays: ClosedDays,
    private readonly approvals: Approvals,
    private readonly chain: AuditChain,
    private readonly verifyChain: VerifyChain,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.approvals.register(action, {
      execute: (tx, content, officers) => this.seal(tx, content, officers),
    });
  }

  /** The list of conditions, and what the day would be sealed as; reads only. */
  async outlook(day: BusinessDay): Promise<DayOutlook> {
    return this.database.snapshot((reader) => this.look(reader, day));
  }

  /**
   * As `outlook`, without what is read line by line: the digest, and the audit trail, which are computed when the day is
   * proposed and again when it is sealed. The sums may be ten seconds old. `isReady` says whether it may be proposed.
   */
  async glance(day: BusinessDay): Promise<DayGlance> {
    const outline = await this.outlines.of(day, () =>
      this.database.snapshot(async (reader) => ({
        record: await this.records.outline(reader, day),
        asOf: await this.store.now(reader),
      })),
    );
    const facts = await this.database.snapshot((reader) => this.store.facts(reader, day));
    const all = checkDay(day, facts, {
      isBalanced: isBalanced(outline.record),
      brokenBlocks: [],
    });
    const checks = all.filter(({ name }) => name !== 'chain-verified');
    return { ...outline, checks, isReady: checks.every(({ isMet }) => isMet) };
  }

  /** Refuses: day.not-ready, naming what is missing; day.already-proposed; approval.officer-unfit. */
  async propose(day: BusinessDay, officer: string): Promise<DayProposal> {
    const outlook = await this.outlook(day);
    requireReady(day, outlook.checks);
    const { digest, lineCount } = outlook.record;
    const approvalId = await this.database.transaction(async (tx) => {
      await this.closedDays.hold(tx, day);
      if ((await this.waiting(day)) !== undefined) {
        throw new Refusal(
          'day.already-proposed',
          `the closing of ${day} waits for another officer already`,
          'conflict',
        );
      }
      return this.approvals.request(tx, {
        action,
        subject: subjectOf(day),
        content: { day, digest, lines: lineCount, record: hashOf(outlook.record) },
        requestedBy: officer,
      });
    });
    return { ...outlook, approvalId };
  }

  /** Refuses: day.not-proposed, day.changed, and what `propose` and `Approvals.approve` refuse. */
  async approve(day: BusinessDay, officer: string): Promise<void> {
    await this.approvals.approve(await this.proposalOf(day), officer);
  }

  /** The day may then be proposed again. Refuses: day.not-proposed, and what `Approvals.decline` refuses. */
  async decline(day: BusinessDay, officer: string, reason: string): Promise<void> {
    await this.approvals.decline(await this.proposalOf(day), officer, reason);
  }

  private async proposalOf(day: BusinessDay): Promise<string> {
    const id = await this.waiting(day);
    if (id === undefined) {
      throw new Refusal(
        'day.not-proposed',
        `nobody has proposed to close ${day}, or it was decided`,
        'not-found',
      );
    }
    return id;
  }

  private async waiting(day: BusinessDay): Promise<string | undefined> {
    const found = await this.approvals.ofSubject(subjectOf(day));
    return found.find(({ state, action: asked }) => state === 'waiting' && asked === action)?.id;
  }

  private async look(reader: Statements, day: BusinessDay): Promise<DayOutlook> {
    const facts = await this.store.facts(reader, day);
    const record = await this.records.compute(reader, day);
    const { keys } = await this.verifyChain.execute(reader, day);
    const checks = checkDay(day, facts, { isBalanced: isBalanced(record), brokenBlocks: keys });
    return { checks, isReady: checks.every(({ isMet }) => isMet), record };
  }

  /** In the transaction of the approval. What was proposed must still be so: another digest is another day. */
  private async seal(
    tx: Tx,
    content: CanonicalValue,
    officers: { readonly requestedBy: string; readonly approvedBy: string },
  ): Promise<void> {
    const proposed = content as { readonly day: string; readonly record: string };
    const day = parseBusinessDay(proposed.day);
    await this.closedDays.hold(tx, day);
    const { checks, record } = await this.look(tx, day);
    requireReady(day, checks);
    if (hashOf(record) !== proposed.record) {
      throw new Refusal(
        'day.changed',
        `${day} has changed since its closing was proposed; decline it and propose it again`,
        'conflict',
      );
    }
    const head = await this.chain.head(tx);
    const text = sealText(record, {
      proposedBy: officers.requestedBy,
      approvedBy: officers.approvedBy,
      auditHead:
        head === undefined
          ? null
          : { sequence: String(head.sequence), hash: head.hash.toString('hex') },
    });
    await this.closedDays.close(tx, day);
    await this.store.keepCollections(tx, day);
    await this.store.add(tx, {
      day,
      content: text,
      previousHash: Buffer.from(record.previous, 'hex'),
      digest: Buffer.from(record.digest, 'hex'),
      lineCount: record.lineCount,
      proposedBy: officers.requestedBy,
      approvedBy: officers.approvedBy,
    });
    await this.audit.record(tx, {
      actor: officers.approvedBy,
      action: 'day.closed',
      subject: subjectOf(day),
      detail: {
        proposedBy: officers.requestedBy,
        digest: record.digest,
        seal: createHash('sha256').update(text).digest('hex'),
      },
    });
  }
}

function hashOf(record: DayRecord): string {
  return createHash('sha256').update(recordText(record)).digest('hex');
}

function requireReady(day: BusinessDay, checks: readonly DayCheck[]): void {
  const missing = checks.flatMap((check) => check.missing).map(missingSentence);
  if (missing.length > 0) {
    throw new Refusal(
      'day.not-ready',
      `${day} cannot be closed: ${missing.join('; ')}`,
      'unprocessable',
    );
  }
}
