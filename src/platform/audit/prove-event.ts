/**
 * Proves to a stranger that one event is in the audit chain: the event, the path to the root of its block, the block
 * and its signature. The proof is checked without the database, against the heads that were exported.
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../../kernel/refusal';
import { Database } from '../database/database';
import { blockText, hashOfText } from './audit-chain.rules';
import { AuditChain, beginning } from './audit-chain';
import type { ExportedHead } from './audit-heads';
import { isSignedByAuditKey } from './audit-key';
import { merklePath, rootOfPath } from './merkle.rules';

/** As it is written to a file; hashes are hexadecimal, signature and key base64. */
export interface EventProof {
  /** Canonical JSON; its SHA-256 is the row of the tree. */
  readonly event: string;
  readonly path: readonly { readonly side: 'left' | 'right'; readonly hash: string }[];
  /** Canonical JSON; its SHA-256 is the hash of the block. */
  readonly block: string;
  readonly signature: string;
  readonly publicKey: string;
}

@Injectable()
export class ProveEvent {
  constructor(
    private readonly database: Database,
    private readonly store: AuditChain,
  ) {}

  /** Refuses: audit.event-unknown, audit.event-unsealed (for about a second after it was recorded). */
  async execute(id: bigint): Promise<EventProof> {
    return this.database.snapshot(async (reader) => {
      const event = await this.store.event(reader, id);
      if (event === undefined)
        throw new Refusal('audit.event-unknown', `there is no event ${String(id)}`, 'not-found');
      const [first, second] = await this.store.blockOf(reader, event.place, id);
      const block = second ?? first;
      if (block === undefined) {
        throw new Refusal(
          'audit.event-unsealed',
          `event ${String(id)} is not sealed yet; ask again in a few seconds`,
          'conflict',
        );
      }
      const from = second === undefined ? beginning : (first ?? beginning);
      const rows = await this.store.rowsBetween(reader, from, block);
      const path = merklePath(
        rows.map(({ hash }) => hash),
        rows.findIndex((row) => row.id === id),
      );
      return {
        event: event.content,
        path: path.map(({ side, hash }) => ({ side, hash: hash.toString('hex') })),
        block: blockText(block),
        signature: block.signature.toString('base64'),
        publicKey: block.publicKey.toString('base64'),
      };
    });
  }
}

/** What is wrong with a proof, in a sentence; undefined for a good one. With `heads`, its block must be one of theirs. */
export function faultOfProof(
  proof: EventProof,
  heads?: readonly ExportedHead[],
): string | undefined {
  const row = hashOfText(proof.event);
  const path = proof.path.map(({ side, hash }) => ({ side, hash: Buffer.from(hash, 'hex') }));
  const block = JSON.parse(proof.block) as { root?: unknown; sequence?: unknown };
  if (rootOfPath(row, path).toString('hex') !== block.root)
    return 'the event does not lead to the root of the block';
  const publicKey = Buffer.from(proof.publicKey, 'base64');
  if (!isSignedByAuditKey(proof.block, Buffer.from(proof.signature, 'base64'), publicKey))
    return 'the signature of the block does not hold';
  if (heads === undefined) return undefined;
  if (!heads.some((head) => head.publicKey.equals(publicKey)))
    return 'the block is signed with a key that signed none of the exported heads';
  const hash = hashOfText(proof.block);
  const exported = heads.find(({ sequence }) => String(sequence) === block.sequence);
  if (exported !== undefined && !exported.hash.equals(hash))
    return 'another block of this number was exported';
  return undefined;
}

/** Refuses: audit.proof-malformed. */
export function readProof(text: string): EventProof {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    read = undefined;
  }
  const { event, path, block, signature, publicKey } = (read ?? {}) as Record<string, unknown>;
  const isText = (value: unknown): value is string => typeof value === 'string';
  if (
    !isText(event) ||
    !isText(block) ||
    !isText(signature) ||
    !isText(publicKey) ||
    !Array.isArray(path) ||
    !isObject(block)
  )
    throw malformed();
  const steps = path.map((step: unknown) => {
    const { side, hash } = (step ?? {}) as Record<string, unknown>;
    if ((side !== 'left' && side !== 'right') || !isText(hash) || !/^[0-9a-f]{64}$/.test(hash))
      throw malformed();
    return { side, hash } as const;
  });
  return { event, path: steps, block, signature, publicKey };
}

function isObject(text: string): boolean {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null;
  } catch {
    return false;
  }
}

function malformed(): Refusal {
  return new Refusal('audit.proof-malformed', 'the file is no proof of an event');
}
