/**
 * The secrets that webhooks are signed with: made here, told once, and kept encrypted under a key of the gateway that is
 * not in the database. A copy of the database signs nothing.
 */
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Secrets } from '../platform/config/secrets';
import { openSealed, sealBytes } from '../platform/crypto/sealed-bytes';
import { Database, type Tx } from '../platform/database/database';
import { formatSecret } from './webhook-signature.rules';
import { WebhookStore } from './webhook.store';

@Injectable()
export class WebhookSecrets {
  private readonly key: Buffer;

  constructor(
    private readonly database: Database,
    private readonly store: WebhookStore,
    secrets: Secrets,
  ) {
    this.key = secrets.keyFor('webhook secrets');
  }

  /** A new one, as its owner is told it. */
  async make(tx: Tx, endpointId: string): Promise<string> {
    const secret = randomBytes(32);
    await this.store.addSecret(tx, endpointId, sealBytes(this.key, secret, endpointId));
    return formatSecret(secret);
  }

  /** Newest first. */
  async inUse(endpointId: string): Promise<readonly Buffer[]> {
    const sealed = await this.store.secretsInUse(this.database.reader, endpointId);
    return sealed.map((each) => openSealed(this.key, each, endpointId));
  }
}
