/**
 * Makes, lists and revokes the API keys of a party. A key is shown once, when it is made; several may hold at once, so
 * that a new one is in use before the old one goes. Audited.
 */
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isId, newId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Reader } from '../platform/database/database';
import { apiKeyDigest, formatApiKey, type Scope, scopesOf } from './api-key.rules';
import { ApiKeyStore, type StoredApiKey } from './api-key.store';
import type { PartyRow } from './parties.tables';
import { PartyStore } from './party.store';

export interface NewApiKey {
  readonly id: string;
  readonly key: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date;
}

/** A key nobody renews is a key nobody watches. */
const longestDays = 730;

@Injectable()
export class ChangeApiKeys {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeyStore,
    private readonly parties: PartyStore,
    private readonly audit: AuditTrail,
  ) {}

  /** Refuses: party.unknown, api-key.scope-unknown, api-key.expiry-unacceptable. */
  async create(
    code: string,
    wanted: readonly string[],
    days: number,
    actor: string,
  ): Promise<NewApiKey> {
    if (!Number.isSafeInteger(days) || days < 1 || days > longestDays) {
      throw new Refusal(
        'api-key.expiry-unacceptable',
        `a key lasts from 1 to ${String(longestDays)} days`,
      );
    }
    return this.database.transaction(async (tx) => {
      const party = await this.party(tx, code);
      const allowed = scopesOf(party.kind);
      const unknown = wanted.filter((scope) => !(allowed as readonly string[]).includes(scope));
      if (unknown.length > 0 || wanted.length === 0) {
        throw new Refusal(
          'api-key.scope-unknown',
          `${unknown.join(', ') || 'no scope'}: a ${party.kind} may have ${allowed.join(', ')}`,
        );
      }
      const scopes = allowed.filter((scope) => wanted.includes(scope));
      const key = formatApiKey(randomBytes(32));
      const id: string = newId();
      const digest = apiKeyDigest(key);
      if (digest === undefined) throw new Error('a new key has its own form');
      const expiresAt = await this.keys.add(tx, { id, partyId: party.id, digest, scopes, days });
      await this.audit.record(tx, {
        actor,
        action: 'api-key.created',
        subject: code,
        detail: { id, scopes, expiresAt },
      });
      return { id, key, scopes, expiresAt };
    });
  }

  /** Refuses: party.unknown. */
  async list(code: string): Promise<readonly StoredApiKey[]> {
    const { reader } = this.database;
    return this.keys.ofParty(reader, (await this.party(reader, code)).id);
  }

  /** False when it was revoked before. Refuses: api-key.unknown. */
  async revoke(id: string, actor: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const found = isId(id) ? await this.keys.revoke(tx, id) : undefined;
      if (found === undefined)
        throw new Refusal('api-key.unknown', `there is no key ${id}`, 'not-found');
      if (!found.isNew) return false;
      await this.audit.record(tx, {
        actor,
        action: 'api-key.revoked',
        subject: found.partyCode,
        detail: { id },
      });
      return true;
    });
  }

  private async party(reader: Reader, code: string): Promise<PartyRow> {
    const party = await this.parties.findByCode(reader, code);
    if (party === null) throw new Refusal('party.unknown', `${code} is not enrolled`, 'not-found');
    return party;
  }
}
