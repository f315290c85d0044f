/**
 * Checks every invariant of the books in one snapshot, so that it may run beside a gateway that takes payments. Without
 * `full` it looks at the last three business days and verifies a sample of signatures; `since` sets another first day.
 */
import { Injectable } from '@nestjs/common';
import { VerifyDay } from '../closing/verify-day';
import { addDays, type BusinessDay } from '../kernel/business-day';
import { Database } from '../platform/database/database';
import {
  AssuranceStore,
  type FirstDay,
  type StatementReader,
  type Violations,
} from './assurance.store';
import type { ExportedHead } from '../platform/audit/audit-heads';
import { VerifyChain } from '../platform/audit/verify-chain';
import { chainInvariant, closedDayInvariant, invariants, signatureInvariant } from './invariants';
import { type SignatureOutcome, VerifySignatures } from './verify-signatures';

export interface Finding extends Violations {
  readonly invariant: string;
  readonly sentence: string;
}

export interface VerifyOutcome {
  /** First business day looked at; undefined for all. */
  readonly since: BusinessDay | undefined;
  /** One for each invariant, in order; a count of 0 is sound. */
  readonly findings: readonly Finding[];
  readonly verifiedSignatures: number;
  /** What does not agree with the exported heads of the audit chain, if any were given. */
  readonly headFaults: readonly string[];
  /** False where the login could not make roles, so that the program could change the books it keeps. */
  readonly hasSeparateGrants: boolean;
  readonly isSound: boolean;
}

export interface VerifyScope {
  readonly isFull: boolean;
  readonly since?: BusinessDay;
  /** Heads of the audit chain, as they were exported. */
  readonly heads?: readonly ExportedHead[];
}

/** Today and the two days before: what a night and a weekend's day may still have changed. */
const recentDays = 3;

@Injectable()
export class VerifyBooks {
  constructor(
    private readonly database: Database,
    private readonly store: AssuranceStore,
    private readonly signatures: VerifySignatures,
    private readonly chain: VerifyChain,
    private readonly days: VerifyDay,
  ) {}

  async execute(scope: VerifyScope): Promise<VerifyOutcome> {
    return this.database.snapshotOfTwo((readers) => this.check(readers, scope));
  }

  /** As `execute`, on a connection of the caller's, which sees what its open transaction did. */
  async verify(reader: StatementReader, scope: VerifyScope): Promise<VerifyOutcome> {
    return this.check([reader], scope);
  }

  /** One invariant by its number, from the business day on, with a sample of signatures where it is about them. */
  async one(reader: StatementReader, id: string, from: BusinessDay): Promise<Violations> {
    const found = await this.store.violations(reader, id, from);
    if (id === signatureInvariant)
      return merge(found, await this.signatures.execute(reader, from, false));
    if (id === chainInvariant) return merge(found, await this.chain.execute(reader, from));
    if (id !== closedDayInvariant) return found;
    const keys = await this.days.broken(reader, from);
    return merge(found, { count: keys.length, keys });
  }

  /** Each reader takes the next check when it is through with its last; the signatures, which take longest, come first. */
  private async check(
    readers: readonly [StatementReader, ...StatementReader[]],
    { isFull, since, heads }: VerifyScope,
  ): Promise<VerifyOutcome> {
    const { today, hasSeparateGrants } = await this.store.standing(readers[0]);
    const from: FirstDay = since ?? (isFull ? '-infinity' : addDays(today, 1 - recentDays));
    let signatures: SignatureOutcome = { count: 0, keys: [], verified: 0 };
    let headFaults: readonly string[] = [];
    const seen = new Map<string, Violations>();
    const byProgram = new Map<string, Violations>();
    const checks = [
      async (reader: StatementReader) => {
        signatures = await this.signatures.execute(reader, from, isFull);
        byProgram.set(signatureInvariant, signatures);
      },
      async (reader: StatementReader) => {
        const keys = await this.days.broken(reader, from);
        byProgram.set(closedDayInvariant, { count: keys.length, keys });
      },
      async (reader: StatementReader) => {
        byProgram.set(chainInvariant, await this.chain.execute(reader, from));
        if (heads !== undefined) headFaults = await this.chain.compare(reader, heads);
      },
      ...invariants.map(({ id }) => async (reader: StatementReader) => {
        seen.set(id, await this.store.violations(reader, id, from));
      }),
    ];
    await Promise.all(
      readers.map(async (reader) => {
        for (let next = checks.shift(); next !== undefined; next = checks.shift())
          await next(reader);
      }),
    );
    const findings = invariants.map(({ id, sentence }): Finding => {
      const found = seen.get(id) ?? { count: 0, keys: [] };
      const more = byProgram.get(id);
      const all = more === undefined ? found : merge(found, more);
      return { invariant: id, sentence, count: all.count, keys: all.keys };
    });
    return {
      since: from === '-infinity' ? undefined : from,
      findings,
      verifiedSignatures: signatures.verified,
      headFaults,
      hasSeparateGrants,
      isSound: headFaults.length === 0 && findings.every(({ count }) => count === 0),
    };
  }
}

/** A message whose bytes changed fails by its digest and by its signature: it is one. */
function merge(one: Violations, other: Violations): Violations {
  const keys = [...new Set([...one.keys, ...other.keys])].sort();
  return { count: Math.max(one.count, other.count, keys.length), keys };
}
