/**
 * A party's webhook endpoints: several, each with the events it wants and a secret that is shown once. A rotated secret
 * signs beside the new one for a day, so that a receiver can change over without losing a message. One that is switched
 * off, by hand or because it answered 410, keeps its place and its secrets.
 */
import { Injectable } from '@nestjs/common';
import { type Id, newId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import { SandboxSwitch } from '../parties/admit-certificate';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Reader, type Tx } from '../platform/database/database';
import { BreakerStore } from './breaker.store';
import { addressFault } from './egress.rules';
import type { EventType } from './feed-digest.rules';
import { WebhookSecrets } from './webhook-secrets';
import { type WebhookEndpoint, WebhookStore } from './webhook.store';

export type { WebhookEndpoint };

export interface WebhookWish {
  readonly url: string;
  /** Empty: all. */
  readonly eventTypes: readonly EventType[];
}

/** What is absent stays as it is. */
interface WebhookWishes extends Partial<WebhookWish> {
  readonly isOn?: boolean;
}

interface Owner {
  readonly id: number;
  readonly code: string;
  /** The officer who does it for the party; without one the party does it itself. */
  readonly officer?: string;
}

const mostEndpoints = 10;
const hoursOfBoth = 24;

@Injectable()
export class ManageWebhooks {
  constructor(
    private readonly database: Database,
    private readonly store: WebhookStore,
    private readonly secrets: WebhookSecrets,
    private readonly breakers: BreakerStore,
    private readonly sandbox: SandboxSwitch,
    private readonly audit: AuditTrail,
  ) {}

  async list(partyId: number): Promise<readonly WebhookEndpoint[]> {
    return this.database.forParty(partyId).read((reader) => this.store.list(reader, partyId));
  }

  /** Refuses: webhook.unknown. */
  async one(partyId: number, id: string): Promise<WebhookEndpoint> {
    return this.database.forParty(partyId).read((reader) => this.find(reader, partyId, id));
  }

  /** Refuses: webhook.url-unsafe, webhook.too-many. */
  async add(
    tx: Tx,
    owner: Owner,
    wish: WebhookWish,
  ): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
    this.requireSafe(wish.url);
    await this.store.lock(tx, owner.id);
    const existing = await this.store.list(tx, owner.id);
    if (existing.length >= mostEndpoints)
      throw new Refusal(
        'webhook.too-many',
        `a party has at most ${String(mostEndpoints)} endpoints`,
        'conflict',
      );
    const id = newId<Id<'webhook-endpoint'>>();
    await this.store.add(tx, owner.id, { id, ...wish });
    const secret = await this.secrets.make(tx, id);
    await this.record(tx, owner, 'webhook.added', id, { url: wish.url });
    return { endpoint: await this.find(tx, owner.id, id), secret };
  }

  /** Refuses: webhook.unknown, webhook.url-unsafe. */
  async change(tx: Tx, owner: Owner, id: string, wish: WebhookWishes): Promise<WebhookEndpoint> {
    if (wish.url !== undefined) this.requireSafe(wish.url);
    await this.store.lock(tx, owner.id);
    const endpoint = await this.find(tx, owner.id, id);
    await this.store.change(tx, owner.id, {
      id,
      url: wish.url ?? endpoint.url,
      eventTypes: wish.eventTypes ?? endpoint.eventTypes,
    });
    if (wish.isOn === true) await this.store.switchOn(tx, owner.id, id);
    if (wish.isOn === false) await this.store.switchOff(tx, owner.id, id, null);
    if (wish.url !== undefined) {
      await this.store.redirect(tx, owner.id, id, wish.url);
      await this.breakers.close(tx, { recipient_id: owner.id, endpoint: id });
    }
    const changed = await this.find(tx, owner.id, id);
    const [before, after] = [settingsOf(endpoint), settingsOf(changed)];
    await this.record(tx, owner, 'webhook.changed', id, { before, after });
    return changed;
  }

  /** Refuses: webhook.unknown. */
  async remove(owner: Owner, id: string): Promise<void> {
    await this.database.forParty(owner.id).transaction(async (tx) => {
      await this.store.lock(tx, owner.id);
      const endpoint = await this.find(tx, owner.id, id);
      await this.store.remove(tx, owner.id, id);
      await this.record(tx, owner, 'webhook.removed', id, { before: settingsOf(endpoint) });
    });
  }

  /** The new secret; the ones before hold for a day more. Refuses: webhook.unknown. */
  async rotate(tx: Tx, owner: Owner, id: string): Promise<string> {
    await this.store.lock(tx, owner.id);
    await this.find(tx, owner.id, id);
    await this.store.endSecrets(tx, id, hoursOfBoth);
    const secret = await this.secrets.make(tx, id);
    await this.record(tx, owner, 'webhook.secret-rotated', id, {});
    return secret;
  }

  private async find(reader: Reader, partyId: number, id: string): Promise<WebhookEndpoint> {
    const found = await this.store.find(reader, partyId, id);
    if (found === undefined)
      throw new Refusal('webhook.unknown', 'there is no such endpoint', 'not-found');
    return found;
  }

  /** What the address resolves to is checked at each attempt; here only what no attempt could mend. */
  private requireSafe(url: string): void {
    const isSafe = this.sandbox.isOn
      ? URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
      : addressFault(url) === undefined;
    if (!isSafe)
      throw new Refusal(
        'webhook.url-unsafe',
        'wanted an https address of a public name, without a user',
        'unprocessable',
      );
  }

  private async record(
    tx: Tx,
    { code, officer }: Owner,
    action: string,
    id: string,
    detail: object,
  ): Promise<void> {
    await this.audit.record(tx, {
      actor: officer ?? code,
      action,
      subject: id,
      detail: officer === undefined ? detail : { party: code, ...detail },
    });
  }
}

function settingsOf({ url, eventTypes, switchedOffAt }: WebhookEndpoint): object {
  return { url, eventTypes, isOn: switchedOffAt === null };
}
