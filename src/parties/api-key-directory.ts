/**
 * Whose key it is. Kept for five seconds like the party itself, so that a revoked key is out after five seconds at most
 * (security-reliability K3). The last use is written at most once a minute, and no answer waits for it.
 */
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database';
import { Log } from '../platform/logging/logger';
import { apiKeyDigest, apiKeyState, type Scope } from './api-key.rules';
import { ApiKeyStore, type StoredApiKey } from './api-key.store';
import { type Party, PartyDirectory } from './party-directory';

export interface KeyHolder {
  readonly keyId: string;
  readonly party: Party;
  readonly scopes: readonly Scope[];
}

interface Kept {
  readonly until: number;
  readonly key: Promise<StoredApiKey | undefined>;
}

const keptMs = 5_000;
const touchMs = 60_000;
/** Strangers may try any key: what is kept of them is bounded. */
const maxKept = 10_000;

@Injectable()
export class ApiKeyDirectory {
  private readonly kept = new Map<string, Kept>();
  private readonly touched = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly store: ApiKeyStore,
    private readonly parties: PartyDirectory,
    private readonly log: Log,
  ) {}

  /** Undefined for a key that is unknown, revoked or expired: the caller learns no more than that. */
  async find(key: string): Promise<KeyHolder | undefined> {
    const holder = await this.holderOf(key);
    if (holder !== undefined) this.touch(holder.keyId);
    return holder;
  }

  /** As `find`, by somebody who only asks: it is no use of the key. */
  async holderOf(key: string): Promise<KeyHolder | undefined> {
    const digest = apiKeyDigest(key);
    const stored = digest === undefined ? undefined : await this.stored(digest);
    if (stored === undefined) return undefined;
    if (apiKeyState(stored, stored.at) !== 'active') return undefined;
    const party = await this.parties.find(stored.partyCode);
    if (party === undefined) return undefined;
    return { keyId: stored.id, party, scopes: stored.scopes };
  }

  private async stored(digest: Buffer): Promise<StoredApiKey | undefined> {
    const now = performance.now();
    const name = digest.toString('base64');
    const found = this.kept.get(name);
    if (found !== undefined && found.until > now) return found.key;
    if (this.kept.size >= maxKept) this.kept.clear();
    const key = this.store.findByDigest(this.database.reader, digest);
    this.kept.set(name, { until: now + keptMs, key });
    key.catch(() => this.kept.delete(name));
    return key;
  }

  private touch(id: string): void {
    const now = performance.now();
    if (now - (this.touched.get(id) ?? -Infinity) < touchMs) return;
    this.touched.set(id, now);
    this.database
      .transaction((tx) => this.store.touch(tx, id))
      .catch((fault: unknown) => {
        this.log.warn('api-key-use-not-written', { reason: String(fault) });
      });
  }
}
