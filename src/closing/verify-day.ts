/**
 * Whether a closed day is still what was sealed: everything is computed again from the raw rows and compared with the
 * record, and the record with the hash that the next one names.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { Approvals } from '../officers/approvals';
import { Database } from '../platform/database/database';
import { ClosingStore, type Statements, type StoredSeal } from './closing.store';
import {
  type AuditHead,
  type DayRecord,
  DayRecords,
  readAuditHead,
  readRecord,
  subjectOf,
} from './day-record';

export interface DayVerification {
  readonly day: BusinessDay;
  readonly sealedDigest: string;
  readonly actualDigest: string;
  /** Hash of the sealed record, hexadecimal. */
  readonly sealHash: string;
  readonly proposedBy: string;
  readonly approvedBy: string;
  readonly sealedAt: Date;
  /** The parts of the record that come out otherwise; empty for a day as it was sealed. */
  readonly differences: readonly string[];
  readonly isSame: boolean;
}

/** A sealed day as pages show it. */
export interface SealedDay extends DayRecord {
  readonly proposedBy: string;
  readonly approvedBy: string;
  readonly sealedAt: Date;
  readonly sealHash: string;
  /** null where the proposal is not found, which an audit tells (20). */
  readonly proposedAt: Date | null;
  readonly auditHead: AuditHead | null;
}

@Injectable()
export class VerifyDay {
  constructor(
    private readonly database: Database,
    private readonly store: ClosingStore,
    private readonly records: DayRecords,
    private readonly approvals: Approvals,
  ) {}

  /** Refuses: day.not-closed. */
  async execute(day: BusinessDay): Promise<DayVerification> {
    return this.database.snapshot((reader) => this.verify(reader, day));
  }

  /** The sealed record; undefined for a day that is not closed. */
  async sealed(day: BusinessDay): Promise<SealedDay | undefined> {
    const seal = await this.store.seal(this.database.reader, day);
    if (seal === undefined) return undefined;
    const { content, proposedBy, approvedBy, sealedAt, hash } = seal;
    const asked = await this.approvals.ofSubject(subjectOf(day));
    const proposal = asked.find(
      ({ state, requestedBy, decidedBy }) =>
        state === 'approved' && requestedBy === proposedBy && decidedBy === approvedBy,
    );
    return {
      ...readRecord(content),
      proposedBy,
      approvedBy,
      proposedAt: proposal?.requestedAt ?? null,
      sealedAt,
      sealHash: hash.toString('hex'),
      auditHead: readAuditHead(content),
    };
  }

  /** The lines that the digest is over, in pages, for who computes it himself. */
  async lines(day: BusinessDay, each: (lines: string) => void): Promise<void> {
    await this.database.snapshot((reader) => this.store.digest(reader, day, each));
  }

  /** As `execute`, of every day closed since, with a reader of the caller's: the days that are no longer what was sealed. */
  async broken(reader: Statements, since: string): Promise<readonly string[]> {
    const broken: string[] = [];
    for (const day of await this.store.sealedDays(reader, since)) {
      const seal = await this.store.seal(reader, day);
      if (seal === undefined) broken.push(`${day} has no record`);
      else if (!(await this.compare(reader, seal)).isSame) broken.push(day);
    }
    return broken;
  }

  private async verify(reader: Statements, day: BusinessDay): Promise<DayVerification> {
    const seal = await this.store.seal(reader, day);
    if (seal === undefined)
      throw new Refusal('day.not-closed', `${day} is not closed`, 'not-found');
    return this.compare(reader, seal);
  }

  private async compare(reader: Statements, seal: StoredSeal): Promise<DayVerification> {
    const { day, proposedBy, approvedBy, sealedAt } = seal;
    const sealed = readRecord(seal.content);
    const actual = await this.records.compute(reader, day);
    const differences = (Object.keys(sealed) as (keyof DayRecord)[]).filter(
      (part) => JSON.stringify(sortedIn(sealed[part])) !== JSON.stringify(sortedIn(actual[part])),
    );
    const isHashTrue = createHash('sha256').update(seal.content).digest().equals(seal.hash);
    const isDigestKept = seal.digest.toString('hex') === sealed.digest;
    const all = [...differences, ...(isHashTrue && isDigestKept ? [] : ['record'])];
    return {
      day,
      sealedDigest: sealed.digest,
      actualDigest: actual.digest,
      sealHash: seal.hash.toString('hex'),
      proposedBy,
      approvedBy,
      sealedAt,
      differences: all,
      isSame: all.length === 0,
    };
  }
}

/** The same members in one order: a sealed text has them sorted. */
function sortedIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sortedIn(member)]),
  );
}
