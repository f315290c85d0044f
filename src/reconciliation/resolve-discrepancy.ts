/**
 * Decides a discrepancy: at once where no money moves, else after a second officer approved exactly this. What is
 * approved is carried out, posted and matched anew in the transaction of the approval. A resolution is undone the same
 * way, by counter-entries (product.md §7).
 */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { ClosedDays } from '../ledger/closed-days';
import { buildEntry, type EntryDraft } from '../ledger/entry.rules';
import { PostEntries } from '../ledger/post-entries';
import { Approvals } from '../officers/approvals';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Tx } from '../platform/database/database';
import { DiscrepancyStore } from './discrepancy.store';
import { type DiscrepancyView, DiscrepancyViewStore } from './discrepancy-view.store';
import { type Effect, effectSentence } from './effect';
import { ReconcilePsp } from './reconcile-psp';
import { ReconciliationStore } from './reconciliation.store';
import { type ResolutionInput, Resolutions, type ResolvingOfficers } from './resolution';
import { unknownDiscrepancy } from './work-discrepancies';

const action = 'discrepancies.resolve';
/** The counter-resolution: it takes back what the last one did. */
const undo = 'undo';

export interface ResolutionWish {
  readonly id: bigint;
  /** As the officer saw it; undefined: as it is now. */
  readonly revision?: number;
  readonly resolution: string;
  readonly input: ResolutionInput;
}

export interface Decision {
  readonly id: bigint;
  readonly state: 'resolved' | 'open' | 'awaiting-approval';
  readonly approvalId: string | null;
  /** What it does, or did, in English. */
  readonly effect: string;
  readonly says: Effect;
}

interface Content {
  readonly id: string;
  readonly revision: number;
  readonly resolution: string;
  readonly input: ResolutionInput;
  readonly effect: string;
  readonly says: Effect;
}

interface Plan {
  readonly needsApproval: boolean;
  readonly says: Effect;
  execute(tx: Tx, officers: ResolvingOfficers): Promise<readonly EntryDraft[]>;
}

@Injectable()
export class ResolveDiscrepancy implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly store: DiscrepancyStore,
    private readonly views: DiscrepancyViewStore,
    private readonly resolutions: Resolutions,
    private readonly approvals: Approvals,
    private readonly ledger: PostEntries,
    private readonly closedDays: ClosedDays,
    private readonly runs: ReconciliationStore,
    private readonly reconcilePsp: ReconcilePsp,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.approvals.register(action, {
      execute: async (tx, content, officers) => {
        const { id, revision, resolution, input } = content as unknown as Content;
        const wish = { id: BigInt(id), revision, resolution, input };
        const view = await this.hold(tx, wish);
        await this.carryOut(tx, view, wish, await this.planOf(tx, view, wish), officers);
      },
    });
  }

  /**
   * Refuses: discrepancy.unknown, discrepancy.not-open, discrepancy.not-resolved, discrepancy.changed,
   * discrepancy.awaiting-approval, discrepancy.note-missing, discrepancy.resolution-unknown, discrepancy.day-closed,
   * and what the resolution refuses.
   */
  async execute(wish: ResolutionWish, actor: string): Promise<Decision> {
    return this.database.longTransaction((tx) => this.decide(tx, wish, actor));
  }

  /** As `execute`, in the caller's transaction. */
  async decide(tx: Tx, wish: ResolutionWish, actor: string): Promise<Decision> {
    const view = await this.hold(tx, wish);
    if (view.state === 'awaiting-approval') {
      throw new Refusal(
        'discrepancy.awaiting-approval',
        'a resolution waits for a second officer; it must be approved or declined first',
        'conflict',
      );
    }
    const plan = await this.planOf(tx, view, wish);
    const { id, resolution, input } = wish;
    const { says } = plan;
    const effect = effectSentence(says);
    if (!plan.needsApproval) {
      await this.carryOut(tx, view, wish, plan, { requestedBy: actor, approvedBy: actor });
      const state = resolution === undo ? 'open' : 'resolved';
      return { id, state, approvalId: null, effect, says };
    }
    const approvalId = await this.approvals.request(tx, {
      action,
      subject: `discrepancy/${id.toString()}`,
      content: {
        id: id.toString(),
        revision: view.revision,
        resolution,
        input,
        effect,
        says: { ...says },
      },
      requestedBy: actor,
    });
    await this.store.record(tx, [
      {
        discrepancyId: id,
        action: 'proposed',
        actor,
        detail: { resolution, input, effect, says, approval: approvalId },
      },
    ]);
    return { id, state: 'awaiting-approval', approvalId, effect, says };
  }

  /** What it would do; nothing is changed. Refuses as `execute`. */
  async preview(
    wish: ResolutionWish,
  ): Promise<{ needsApproval: boolean; effect: string; says: Effect }> {
    const { reader } = this.database;
    const view = await this.views.one(reader, wish.id);
    if (view === undefined) throw unknownDiscrepancy(wish.id);
    checkState(view, wish);
    const { needsApproval, says } = await this.planOf(reader, view, wish);
    return { needsApproval, effect: effectSentence(says), says };
  }

  /** The PSP's day first, as runs do, then the row. */
  private async hold(tx: Tx, wish: ResolutionWish): Promise<DiscrepancyView> {
    const found = await this.views.one(tx, wish.id);
    if (found === undefined) throw unknownDiscrepancy(wish.id);
    if (found.pspId !== null) await this.runs.lockDay(tx, found.pspId, found.businessDay);
    await this.store.lock(tx, wish.id);
    const view = await this.views.one(tx, wish.id);
    if (view === undefined) throw unknownDiscrepancy(wish.id);
    if (await this.closedDays.isClosed(tx, view.businessDay)) {
      throw new Refusal(
        'discrepancy.day-closed',
        `${view.businessDay} is closed: nothing of it is changed any more`,
        'conflict',
      );
    }
    checkState(view, wish);
    return view;
  }

  private async planOf(
    reader: Parameters<DiscrepancyViewStore['one']>[0],
    view: DiscrepancyView,
    { resolution: name, input }: ResolutionWish,
  ): Promise<Plan> {
    if (name === undo) return this.undoing(reader, view);
    const resolution = this.resolutions.find(view.kind, name);
    return {
      needsApproval: resolution.needsApproval,
      says: await resolution.preview(reader, view, input),
      execute: (tx, officers) => resolution.execute(tx, view, input, officers),
    };
  }

  /** Takes back the last resolution, by the hands that it took. */
  private async undoing(
    reader: Parameters<DiscrepancyViewStore['one']>[0],
    view: DiscrepancyView,
  ): Promise<Plan> {
    const history = await this.views.history(reader, view.id);
    const last = history.findLast((each) => each.action === 'resolved');
    const { resolution: name, revision } = (last?.detail ?? {}) as {
      resolution?: string;
      revision?: number;
    };
    if (name === undefined || revision === undefined) {
      throw new Refusal(
        'discrepancy.not-undoable',
        'it came right by itself; there is nothing to be undone',
        'conflict',
      );
    }
    const resolution = this.resolutions.find(view.kind, name);
    const why = resolution.final?.(view);
    if (why !== undefined) throw new Refusal('discrepancy.not-undoable', why, 'conflict');
    const source = `${view.id.toString()}/${revision.toString()}`;
    return {
      needsApproval: resolution.needsApproval,
      says: { code: 'undo', values: { resolution: name } },
      execute: async (tx, officers) => {
        await resolution.undo?.(tx, view, officers);
        const day = await this.runs.today(tx);
        return (await this.store.entriesOf(tx, source)).map((entry) =>
          buildEntry({ ...entry, sourceKind: 'resolution-undo', businessDay: day }),
        );
      },
    };
  }

  private async carryOut(
    tx: Tx,
    view: DiscrepancyView,
    wish: ResolutionWish,
    plan: Plan,
    officers: ResolvingOfficers,
  ): Promise<void> {
    const entries = await plan.execute(tx, officers);
    await this.ledger.execute(tx, entries);
    const isUndo = wish.resolution === undo;
    await this.store.move(tx, view.id, isUndo ? 'open' : 'resolved');
    await this.store.record(tx, [
      {
        discrepancyId: view.id,
        action: isUndo ? 'reopened' : 'resolved',
        actor: officers.approvedBy,
        detail: {
          resolution: wish.resolution,
          input: wish.input,
          effect: effectSentence(plan.says),
          says: plan.says,
          requestedBy: officers.requestedBy,
          revision: view.revision,
        },
      },
    ]);
    await this.audit.record(tx, {
      actor: officers.approvedBy,
      action: isUndo ? 'discrepancy.reopened' : 'discrepancy.resolved',
      subject: `discrepancy/${view.id.toString()}`,
      detail: { resolution: wish.resolution, requestedBy: officers.requestedBy, input: wish.input },
    });
    if (!view.isOfRun || view.pspId === null) return;
    const psps = await this.runs.pspsOfDay(tx, view.businessDay);
    const psp = psps.find((each) => each.pspId === view.pspId);
    if (psp !== undefined) await this.reconcilePsp.execute(tx, psp, view.businessDay);
  }
}

function checkState(view: DiscrepancyView, wish: ResolutionWish): void {
  if (wish.revision !== undefined && wish.revision !== view.revision) {
    throw new Refusal(
      'discrepancy.changed',
      'it is not any more what the resolution was meant for; look at it again',
      'conflict',
    );
  }
  const isUndo = wish.resolution === undo;
  if (isUndo && view.state !== 'resolved')
    throw new Refusal('discrepancy.not-resolved', `it is ${view.state}`, 'conflict');
  if (!isUndo && view.state !== 'open' && view.state !== 'awaiting-approval')
    throw new Refusal('discrepancy.not-open', `it is ${view.state}`, 'conflict');
  if (wish.input.note.trim() === '')
    throw new Refusal('discrepancy.note-missing', 'say why, in the note', 'unprocessable');
}
