/** The work list: what is open, since when, whose it is, what was said and done; and taking and commenting it. */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { DiscrepancyStore } from './discrepancy.store';
import {
  type DiscrepancyFilter,
  type DiscrepancyView,
  DiscrepancyViewStore,
} from './discrepancy-view.store';
import { Resolutions } from './resolution';

export type { DiscrepancyView };

export interface DiscrepancyFile extends DiscrepancyView {
  readonly history: Awaited<ReturnType<DiscrepancyViewStore['history']>>;
  readonly resolutions: readonly { readonly name: string; readonly needsApproval: boolean }[];
}

@Injectable()
export class WorkDiscrepancies {
  constructor(
    private readonly database: Database,
    private readonly views: DiscrepancyViewStore,
    private readonly store: DiscrepancyStore,
    private readonly resolutions: Resolutions,
    private readonly audit: AuditTrail,
  ) {}

  async list(filter: DiscrepancyFilter): Promise<readonly DiscrepancyView[]> {
    return this.views.list(this.database.reader, filter);
  }

  /** Refuses: discrepancy.unknown. */
  async one(id: bigint): Promise<DiscrepancyFile> {
    const { reader } = this.database;
    const view = await this.views.one(reader, id);
    if (view === undefined) throw unknownDiscrepancy(id);
    return {
      ...view,
      history: await this.views.history(reader, id),
      resolutions: this.resolutions
        .ofKind(view.kind)
        .map(({ name, needsApproval }) => ({ name, needsApproval })),
    };
  }

  /** '' gives it back. Refuses: discrepancy.unknown. */
  async assign(id: bigint, owner: string, actor: string): Promise<void> {
    await this.note(id, actor, 'assigned', { owner });
  }

  /** Refuses: discrepancy.unknown, discrepancy.comment-empty. */
  async comment(id: bigint, text: string, actor: string): Promise<void> {
    if (text.trim() === '')
      throw new Refusal(
        'discrepancy.comment-empty',
        'there is nothing to be said',
        'unprocessable',
      );
    await this.note(id, actor, 'commented', { text });
  }

  private async note(
    id: bigint,
    actor: string,
    action: 'assigned' | 'commented',
    detail: { readonly owner?: string; readonly text?: string },
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      if ((await this.store.lock(tx, id)) === undefined) throw unknownDiscrepancy(id);
      if (detail.owner !== undefined) await this.store.assign(tx, id, detail.owner || null);
      await this.store.record(tx, [{ discrepancyId: id, action, actor, detail }]);
      await this.audit.record(tx, {
        actor,
        action: `discrepancy.${action}`,
        subject: `discrepancy/${id.toString()}`,
        detail,
      });
    });
  }
}

export function unknownDiscrepancy(id: bigint): Refusal {
  return new Refusal(
    'discrepancy.unknown',
    `there is no discrepancy ${id.toString()}`,
    'not-found',
  );
}
