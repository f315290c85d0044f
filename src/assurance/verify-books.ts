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
import { VerifySignatures } from './verify-signatures';

export interface Finding extends Violations {
  readonly invariant: string;
  readonly sentence: string;
  /** How long it took to look. */
  readonly seconds: number;
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
    let verifiedSignatures = 0;
    let headFaults: readonly string[] = [];
    const seen = new Map<string, Violations & { readonly seconds: number }>();
    const statements = invariants
      .map(({ id }) => id)
      // Whoever verifies every signature looks at every byte.
      .filter((id) => !(isFull && id === signatureInvariant));
    const checks: [id: string, check: (reader: StatementReader) => Promise<Violations>][] = [
      [
        signatureInvariant,
        async (reader) => {
          const found = await this.signatures.execute(reader, from, isFull);
          verifiedSignatures = found.verified;
          return found;
        },
      ],
      [
        closedDayInvariant,
        async (reader) => {
          const keys = await this.days.broken(reader, from);
          return { count: keys.length, keys };
        },
      ],
      [
        chainInvariant,
        async (reader) => {
          if (heads !== undefined) headFaults = await this.chain.compare(reader, heads);
          return this.chain.execute(reader, from);
        },
      ],
      ...statements.map((id): (typeof checks)[number] => [
        id,
        (reader) => this.store.violations(reader, id, from),
      ]),
    ];
    await Promise.all(
      readers.map(async (reader) => {
        for (let next = checks.shift(); next !== undefined; next = checks.shift()) {
          const [id, check] = next;
          const began = performance.now();
          const found = await check(reader);
          const seconds = (performance.now() - began) / 1_000;
          const other = seen.get(id) ?? { count: 0, keys: [], seconds: 0 };
          seen.set(id, { ...merge(found, other), seconds: seconds + other.seconds });
        }
      }),
    );
    const findings = invariants.map(({ id, sentence }): Finding => ({
      invariant: id,
      sentence,
      ...(seen.get(id) ?? { count: 0, keys: [], seconds: 0 }),
    }));
    return {
      since: from === '-infinity' ? undefined : from,
      findings,
      verifiedSignatures,
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
