/**
 * Who agreed on ECDSA gets ECDSA: a party is not enrolled for a key that the gateway does not have, and a gateway that
 * lost the key does not start, since an answer by another key looks like a forger's.
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { Secrets } from '../platform/config/secrets';
import { Database } from '../platform/database/database';
import { PartyStore } from './party.store';
import type { Profile } from './profile.rules';

@Injectable()
export class RequireAgreedKey {
  constructor(
    private readonly database: Database,
    private readonly store: PartyStore,
    private readonly secrets: Secrets,
  ) {}

  /** Refuses: party.gateway-key-missing. */
  forParty(code: string, { gatewaySignature }: Pick<Profile, 'gatewaySignature'>): void {
    if (gatewaySignature === 'rsa' || this.secrets.gatewayEc !== undefined) return;
    throw new Refusal(
      'party.gateway-key-missing',
      `${code} wants ECDSA, but GATEWAY_KEYSTORE holds no P-256 key; make one with "keystore make --gateway --ec"`,
      'unprocessable',
    );
  }

  /** A fault of the start. */
  async forAll(): Promise<void> {
    if (this.secrets.gatewayEc !== undefined) return;
    const parties = await this.store.profiles(this.database.reader);
    const agreed = parties
      .filter(({ profile }) => (profile as Profile).gatewaySignature === 'ecdsa')
      .map(({ code }) => code);
    if (agreed.length === 0) return;
    throw new Error(
      `GATEWAY_KEYSTORE holds no P-256 key, but ${agreed.join(', ')} agreed on ECDSA; bring the key back, or enrol them with "gatewaySignature": "rsa"`,
    );
  }
}
