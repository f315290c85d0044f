/**
 * Random samples of the payments of a period, for an auditor who looks at some and speaks of all: the seed is shown, and
 * with it anybody draws the same again. Each sample is kept, and stands in the audit trail before its payments are seen.
 */
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { zipSync } from 'fflate';
import { addDays, type BusinessDay } from '../kernel/business-day';
import { isId, newId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import type { Language } from '../platform/locale/locale';
import { MakeEvidence } from './make-evidence';
import { type Sample, type SampledPayment, SampleStore } from './sample.store';

export interface SampleWish {
  readonly from: BusinessDay;
  readonly to: BusinessDay;
  readonly psp?: string;
  readonly sp?: string;
  readonly size: number;
  /** Absent: one is made. */
  readonly seed?: string;
}

const mostSampled = 100;
/** Of larger samples the evidence is made payment by payment. */
export const mostBundled = 20;
const mostDays = 31;
const shown = 20;

@Injectable()
export class DrawSample {
  constructor(
    private readonly database: Database,
    private readonly store: SampleStore,
    private readonly audit: AuditTrail,
    private readonly evidence: MakeEvidence,
  ) {}

  /**
   * The id of the sample. Refuses: audit.sample-period (more than 31 days, or none), audit.sample-size (1 to 100),
   * audit.sample-seed, audit.sample-party.
   */
  async execute(wish: SampleWish, drawnBy: string): Promise<string> {
    const { from, to, size, psp = null, sp = null } = wish;
    const seed = wish.seed ?? randomBytes(8).toString('hex');
    if (to < from || to > addDays(from, mostDays - 1))
      throw new Refusal(
        'audit.sample-period',
        `a sample is drawn from 1 to ${String(mostDays)} days`,
      );
    if (!Number.isInteger(size) || size < 1 || size > mostSampled)
      throw new Refusal('audit.sample-size', `a sample has 1 to ${String(mostSampled)} payments`);
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(seed))
      throw new Refusal('audit.sample-seed', 'a seed is 1 to 64 letters, digits, dots, hyphens');
    const { reader } = this.database;
    for (const [code, kind] of [
      [psp, 'payment-service-provider'],
      [sp, 'service-provider'],
    ] as const)
      if (code !== null && !(await this.store.isParty(reader, code, kind)))
        throw new Refusal('audit.sample-party', `there is no ${kind} ${code}`);
    const scope = { from, to, psp, sp, seed };
    const drawn = await this.database.snapshot((each) => this.store.draw(each, scope, size));
    const id = newId<string>();
    const population = drawn[0]?.population ?? 0;
    const paymentIds = drawn.map((each) => each.id);
    await this.database.transaction(async (tx) => {
      await this.store.insert(tx, { ...scope, id, drawnBy, population, paymentIds });
      await this.audit.record(tx, {
        actor: drawnBy,
        action: 'sample.drawn',
        subject: id,
        detail: { ...scope, population, payments: paymentIds },
      });
    });
    return id;
  }

  async latest(): Promise<readonly Sample[]> {
    return this.store.latest(this.database.reader, shown);
  }

  /** Refuses: audit.sample-unknown. */
  async find(
    id: string,
  ): Promise<{ readonly sample: Sample; readonly payments: readonly SampledPayment[] }> {
    const { reader } = this.database;
    const sample = isId(id) ? await this.store.find(reader, id) : undefined;
    if (sample === undefined)
      throw new Refusal('audit.sample-unknown', 'there is no such sample', 'not-found');
    return { sample, payments: await this.store.payments(reader, sample.paymentIds) };
  }

  /** The bundles of all its payments in one ZIP. Refuses: audit.sample-unknown, audit.sample-large. */
  async bundles(
    id: string,
    wish: { readonly madeBy: string; readonly language: Language; readonly hidesPayer: boolean },
  ): Promise<Buffer> {
    const { sample } = await this.find(id);
    if (sample.paymentIds.length > mostBundled)
      throw new Refusal(
        'audit.sample-large',
        `the evidence of at most ${String(mostBundled)} payments is made at once; take it payment by payment`,
        'unprocessable',
      );
    const files: Record<string, [Uint8Array, { level: 0 }]> = {};
    for (const paymentId of sample.paymentIds) {
      const { fileName, zip } = await this.evidence.execute({ ...wish, paymentId });
      files[fileName] = [zip, { level: 0 }];
    }
    return Buffer.from(zipSync(files));
  }
}
