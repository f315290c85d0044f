/**
 * Four eyes: one officer asks, another decides, and what is carried out is exactly what was asked, once, in the
 * transaction of the approval. What an action does is registered by the folder that does it (security-reliability
 * CON7): the maker is not the checker by a constraint of the table, both are active and may do it at that moment, and
 * the content is the one whose SHA-256 was written down with the request.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type CanonicalValue, canonicalJson } from '../kernel/canonical-json';
import { isId, newId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Tx } from '../platform/database/database';
import { ApprovalStore, type StoredApproval } from './approval.store';
import { OfficerStore } from './officer.store';
import { type Action, type ApprovedAction, mayDo, secondActionFor } from './permission.rules';

/** A line of an entry, amount in minor units of its currency. */
export interface PlannedPosting {
  readonly account: string;
  readonly side: 'debit' | 'credit';
  readonly amountMinor: bigint;
  readonly currency: string;
}

export interface ApprovalExecutor {
  /** Carries out what was approved; what it throws leaves the request waiting. */
  execute(
    tx: Tx,
    content: CanonicalValue,
    officers: { readonly requestedBy: string; readonly approvedBy: string },
  ): Promise<unknown>;
  /** What carrying it out now would post; writes nothing, and refuses what `execute` would. */
  plan?(tx: Tx, content: CanonicalValue): Promise<readonly PlannedPosting[]>;
}

export interface Approval extends Omit<StoredApproval, 'content' | 'digest'> {
  readonly content: CanonicalValue;
  /** SHA-256 of the canonical JSON, as hexadecimal digits. */
  readonly digest: string;
}

@Injectable()
export class Approvals {
  private readonly executors = new Map<ApprovedAction, ApprovalExecutor>();

  constructor(
    private readonly database: Database,
    private readonly store: ApprovalStore,
    private readonly officers: OfficerStore,
    private readonly audit: AuditTrail,
  ) {}

  /** At module init, once for each action. */
  register(action: ApprovedAction, executor: ApprovalExecutor): void {
    if (this.executors.has(action)) throw new Error(`${action} is carried out by two`);
    this.executors.set(action, executor);
  }

  /** The id of the request, which waits from the commit on. Refuses: approval.officer-unfit. */
  async request(
    tx: Tx,
    request: {
      readonly action: ApprovedAction;
      readonly subject: string;
      readonly content: CanonicalValue;
      readonly requestedBy: string;
    },
  ): Promise<string> {
    const { action, subject, requestedBy } = request;
    await this.requireFit(tx, [[requestedBy, action]]);
    const content = canonicalJson(request.content);
    const digest = createHash('sha256').update(content).digest();
    const id: string = newId();
    await this.store.add(tx, { id, action, subject, content, digest, requestedBy });
    await this.audit.record(tx, {
      actor: requestedBy,
      action: 'approval.requested',
      subject,
      detail: { approval: id, action, digest: digest.toString('hex') },
    });
    return id;
  }

  /**
   * Approves and carries out, in one transaction. Refuses: approval.unknown, approval.decided, approval.own-request,
   * approval.officer-unfit, and what the executor refuses.
   */
  async approve(id: string, by: string): Promise<void> {
    await this.database.longTransaction(async (tx) => {
      const held = await this.holdFor(tx, id, by);
      const { action, subject, content, digest, requestedBy } = held;
      const actual = createHash('sha256').update(content).digest();
      if (!actual.equals(digest)) throw new Error(`approval ${id} is not what was asked for`);
      const executor = this.executors.get(action);
      if (executor === undefined) throw new Error(`nothing carries out ${action}`);
      await this.store.decide(tx, id, { state: 'approved', by, reason: null });
      await executor.execute(tx, JSON.parse(content) as CanonicalValue, {
        requestedBy,
        approvedBy: by,
      });
      await this.audit.record(tx, {
        actor: by,
        action: 'approval.approved',
        subject,
        detail: { approval: id, action, requestedBy, digest: digest.toString('hex') },
      });
    });
  }

  /** Refuses: approval.unknown, approval.decided, approval.own-request, approval.officer-unfit, approval.reason-missing. */
  async decline(id: string, by: string, reason: string): Promise<void> {
    if (reason.trim() === '') {
      throw new Refusal('approval.reason-missing', 'say why it is declined', 'unprocessable');
    }
    await this.database.transaction(async (tx) => {
      const { action, subject, requestedBy } = await this.holdFor(tx, id, by);
      await this.store.decide(tx, id, { state: 'declined', by, reason });
      await this.audit.record(tx, {
        actor: by,
        action: 'approval.declined',
        subject,
        detail: { approval: id, action, requestedBy, reason },
      });
    });
  }

  /** What waits for a decision, the oldest first. */
  async waiting(): Promise<readonly Approval[]> {
    return (await this.store.waiting(this.database.reader)).map(approvalOf);
  }

  /** Decided and waiting ones, the latest first. */
  async latest(count: number): Promise<readonly Approval[]> {
    return (await this.store.latest(this.database.reader, count)).map(approvalOf);
  }

  async ofSubject(subject: string): Promise<readonly Approval[]> {
    return (await this.store.ofSubject(this.database.reader, subject)).map(approvalOf);
  }

  /** Refuses: approval.unknown. */
  async find(id: string): Promise<Approval> {
    const found = isId(id) ? await this.store.find(this.database.reader, id) : undefined;
    if (found === undefined) throw unknownApproval(id);
    return approvalOf(found);
  }

  /**
   * What a waiting request would post if it were approved now; undefined where its action does not say. Refuses what the
   * executor would.
   */
  async plan({ action, content }: Approval): Promise<readonly PlannedPosting[] | undefined> {
    const executor = this.executors.get(action);
    if (executor?.plan === undefined) return undefined;
    return this.database.transaction(async (tx) => executor.plan?.(tx, content));
  }

  private async holdFor(tx: Tx, id: string, by: string): Promise<StoredApproval> {
    const held = isId(id) ? await this.store.hold(tx, id) : undefined;
    if (held === undefined) throw unknownApproval(id);
    if (held.state !== 'waiting') {
      throw new Refusal(
        'approval.decided',
        `it was ${held.state} by ${String(held.decidedBy)}`,
        'conflict',
      );
    }
    if (held.requestedBy === by) {
      throw new Refusal(
        'approval.own-request',
        'who asks does not decide; another officer must',
        'forbidden',
      );
    }
    const second = secondActionFor(held.action);
    if (second === undefined) throw new Error(`${held.action} takes no second officer`);
    await this.requireFit(tx, [
      [held.requestedBy, held.action],
      [by, second],
    ]);
    return held;
  }

  /** Each is active and may do it now; their rows are held, so that it stays so until the commit. */
  private async requireFit(tx: Tx, wanted: readonly (readonly [string, Action])[]): Promise<void> {
    const held = await this.officers.holdAll(
      tx,
      wanted.map(([name]) => name),
    );
    for (const [name, action] of wanted) {
      const officer = held.find((each) => each.name === name);
      if (officer?.status !== 'active' || !mayDo(officer.role, action)) {
        throw new Refusal(
          'approval.officer-unfit',
          `${name} is no active officer who may ${action}`,
          'forbidden',
        );
      }
    }
  }
}

function approvalOf({ content, digest, ...rest }: StoredApproval): Approval {
  return {
    ...rest,
    content: JSON.parse(content) as CanonicalValue,
    digest: digest.toString('hex'),
  };
}

function unknownApproval(id: string): Refusal {
  return new Refusal('approval.unknown', `there is no request ${id}`, 'not-found');
}
