/**
 * Verifies the whole audit chain for who asks from a page: one verification at a time, a few blocks a turn in the worker,
 * so that no thread is held and a restart goes on where it was. A block that does not hold raises an alarm.
 */
import { setImmediate as breath } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { AuditChain } from '../platform/audit/audit-chain';
import { AuditTrail } from '../platform/audit/audit-trail';
import { VerifyChain } from '../platform/audit/verify-chain';
import { Database } from '../platform/database/database';
import { type ChainCheck, ChainCheckStore } from './chain-check.store';

/** Blocks read at a time: up to 4,000 events, a few thousandths of a second of hashing. */
const pageSize = 4n;
/** Of one turn; others of the process get theirs between. Chosen, not measured. */
const turnMs = 300;
const shown = 10;

@Injectable()
export class CheckChain {
  constructor(
    private readonly database: Database,
    private readonly store: ChainCheckStore,
    private readonly chain: AuditChain,
    private readonly verify: VerifyChain,
    private readonly audit: AuditTrail,
  ) {}

  /** Refuses: audit.check-running. */
  async request(by: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.store.request(tx, by)))
        throw new Refusal(
          'audit.check-running',
          'the audit chain is being verified already; its progress is on the page',
          'conflict',
        );
      await this.audit.record(tx, { actor: by, action: 'audit.check-requested', subject: 'chain' });
    });
  }

  async latest(): Promise<readonly ChainCheck[]> {
    return this.store.latest(this.database.reader, shown);
  }

  /** One turn; true when there is more to do at once. */
  async step(): Promise<boolean> {
    const { reader } = this.database;
    const open = await this.store.open(reader);
    if (open === undefined) return false;
    if (open.startedAt === null) {
      const head = await this.chain.head(reader);
      await this.database.transaction((tx) =>
        this.store.begin(tx, open.id, head?.sequence ?? 0n, head?.hash ?? null),
      );
      return true;
    }
    const { lastBlock } = open;
    const broken: string[] = [];
    let through = open.checkedThrough;
    for (const end = performance.now() + turnMs; through < lastBlock && performance.now() < end;) {
      const last = through + pageSize < lastBlock ? through + pageSize : lastBlock;
      broken.push(...(await this.verify.range(reader, through + 1n, last)));
      through = last;
      await breath();
    }
    await this.database.transaction(async (tx) => {
      await this.store.advance(tx, open.id, through, broken);
      if (through < lastBlock) return;
      const all = [...open.broken, ...broken];
      await this.audit.record(tx, {
        actor: open.requestedBy,
        action: 'audit.chain-checked',
        subject: 'chain',
        detail: { blocks: String(lastBlock), head: open.lastHash, broken: all.length },
      });
      if (all.length === 0) return;
      await this.audit.raiseAlarm(tx, {
        kind: 'control-failed',
        subject: 'audit-chain',
        detail: `the audit chain does not hold at ${all.slice(0, 5).join(', ')}`,
      });
    });
    return through < lastBlock;
  }
}
