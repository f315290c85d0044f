/**
 * What may be done about a discrepancy, as a registry: folders above add the resolutions of their kinds at module init.
 * One that moves money waits for a second officer; all run inside one transaction with what they post.
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import type { EntryDraft } from '../ledger/entry.rules';
import type { Reader, Tx } from '../platform/database/database';
import type { DiscrepancyKind } from './discrepancy.rules';
import type { DiscrepancyView } from './discrepancy-view.store';
import type { Effect } from './effect';

/** What an officer gives with a resolution: always a note, and what its kind needs. */
export interface ResolutionInput {
  readonly note: string;
  /** Of the bill that money goes to, where the line's is not it. */
  readonly controlNumber?: string;
  readonly [more: string]: string | undefined;
}

export interface ResolvingOfficers {
  readonly requestedBy: string;
  /** The same officer where none other is needed. */
  readonly approvedBy: string;
}

export interface Resolution {
  readonly name: string;
  readonly kinds: readonly DiscrepancyKind[];
  readonly needsApproval: boolean;
  /** What it does to this one, with the sums. Throws the Refusal that executing would. */
  preview(reader: Reader, discrepancy: DiscrepancyView, input: ResolutionInput): Promise<Effect>;
  /** The entries that are to be posted; what it did elsewhere in the transaction it has posted itself. */
  execute(
    tx: Tx,
    discrepancy: DiscrepancyView,
    input: ResolutionInput,
    officers: ResolvingOfficers,
  ): Promise<readonly EntryDraft[]>;
  /** Why this one is not undone; undefined: it is. Absent: all are. */
  final?(discrepancy: DiscrepancyView): string | undefined;
  /** Takes back what `entries` do not show. Absent: the counter-entries are all, or nothing was done. */
  undo?(tx: Tx, discrepancy: DiscrepancyView, officers: ResolvingOfficers): Promise<void>;
}

/** The source of the entries of a resolution: one decision about one state of a discrepancy. */
export function resolutionSource(discrepancy: DiscrepancyView): {
  readonly sourceKind: 'resolution';
  readonly sourceId: string;
} {
  return {
    sourceKind: 'resolution',
    sourceId: `${discrepancy.id.toString()}/${discrepancy.revision.toString()}`,
  };
}

@Injectable()
export class Resolutions {
  private readonly byKind = new Map<DiscrepancyKind, Map<string, Resolution>>();

  register(...resolutions: readonly Resolution[]): void {
    for (const resolution of resolutions) {
      for (const kind of resolution.kinds) {
        const ofKind = this.byKind.get(kind) ?? new Map<string, Resolution>();
        if (ofKind.has(resolution.name))
          throw new Error(`${resolution.name} of ${kind} is registered twice`);
        this.byKind.set(kind, ofKind.set(resolution.name, resolution));
      }
    }
  }

  ofKind(kind: DiscrepancyKind): readonly Resolution[] {
    return [...(this.byKind.get(kind)?.values() ?? [])];
  }

  /** Refuses: discrepancy.resolution-unknown, naming those that there are. */
  find(kind: DiscrepancyKind, name: string): Resolution {
    const found = this.byKind.get(kind)?.get(name);
    if (found !== undefined) return found;
    const names = this.ofKind(kind).map((each) => each.name);
    throw new Refusal(
      'discrepancy.resolution-unknown',
      `${kind} is resolved by: ${names.join(', ')}`,
      'unprocessable',
    );
  }
}
