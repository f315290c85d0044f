/**
 * One-time codes of an authenticator (RFC 6238: SHA-1, six digits, thirty seconds, which every authenticator knows). A
 * code of the step before and after is taken, since clocks of phones differ. Secrets are kept sealed.
 */
import { Injectable } from '@nestjs/common';
import { generateSecret, generateURI, verifySync } from 'otplib/functional';
import { Secrets } from '../platform/config/secrets';
import { openSealed, sealBytes } from '../platform/crypto/sealed-bytes';

const toleranceSeconds = 30;

@Injectable()
export class Codes {
  private readonly key: Buffer;

  constructor(secrets: Secrets) {
    this.key = secrets.keyFor('officer codes');
  }

  makeSecret(): string {
    return generateSecret();
  }

  /** What an authenticator reads as a QR code. */
  addressOf(secret: string, name: string): string {
    return generateURI({ issuer: 'Malipo', label: name, secret });
  }

  /** The step that the code belongs to; undefined for a wrong code and for one that was used. */
  stepOf(secret: string, code: string, lastStep: bigint): bigint | undefined {
    if (!/^\d{6}$/.test(code)) return undefined;
    const found = verifySync({
      secret,
      token: code,
      epochTolerance: toleranceSeconds,
      afterTimeStep: Number(lastStep),
    });
    return found.valid && 'timeStep' in found ? BigInt(found.timeStep) : undefined;
  }

  seal(secret: string, officerId: number): Buffer {
    return sealBytes(this.key, Buffer.from(secret), `officer ${String(officerId)}`);
  }

  open(sealed: Buffer, officerId: number): string {
    return openSealed(this.key, sealed, `officer ${String(officerId)}`).toString();
  }
}
