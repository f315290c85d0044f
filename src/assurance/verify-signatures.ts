/**
 * Verifies the signatures of stored messages once more, from the bytes in the journal and the certificate that verified
 * them first (also when that certificate is retired by now); and, of all of them, that the bytes still have the digest of
 * their receipt. All of them, or a share drawn anew at every run.
 */
import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { readCertificate } from '../platform/crypto/certificate';
import { isDetachedJwsBy } from '../platform/crypto/detached-jws';
import { type Digest, isSignedByOnPool } from '../platform/crypto/signature';
import {
  AssuranceStore,
  type FirstDay,
  mostKeys,
  type StatementReader,
  type StoredMessage,
  type Violations,
} from './assurance.store';
import { type JournalledMessage, signedOf, SignedPartsReader } from './signed-parts';

/** Enough that a fault in one message of a hundred is missed once in 20,000 runs. */
const sampleSize = 1_000;

export interface SignatureOutcome extends Violations {
  readonly verified: number;
}

@Injectable()
export class VerifySignatures {
  constructor(
    private readonly store: AssuranceStore,
    private readonly parts: SignedPartsReader,
  ) {}

  async execute(
    reader: StatementReader,
    since: FirstDay,
    isFull: boolean,
  ): Promise<SignatureOutcome> {
    const total = await this.store.countMessages(reader, since);
    const share = isFull || total <= sampleSize ? 1 : sampleSize / total;
    const salt = randomBytes(8).toString('hex');
    const keys = await this.keys(reader);
    const broken: string[] = [];
    let verified = 0;
    const verify = async (messages: readonly StoredMessage[]): Promise<void> => {
      verified += messages.length;
      const each = await Promise.all(messages.map((message) => this.isSound(message, keys)));
      messages.forEach(({ id }, i) => {
        if (each[i] !== true) broken.push(id);
      });
    };
    // While the pool verifies what arrived, this thread reads what comes next.
    let underway = Promise.resolve();
    for await (const messages of this.store.messages(reader, since, share, salt)) {
      const before = underway;
      underway = verify(messages);
      await before;
    }
    await underway;
    return { count: broken.length, keys: broken.sort().slice(0, mostKeys), verified };
  }

  /** Never throws: what cannot be verified, since its digest or its certificate is none, is not sound. */
  private async isSound(
    message: StoredMessage,
    keys: (certificate: number | null) => KeyObject | undefined,
  ): Promise<boolean> {
    try {
      const key = keys(message.certificate);
      return message.isWhole && key !== undefined && (await this.holds(message, key));
    } catch {
      return false;
    }
  }

  /** By certificate; each is read when it is first asked for. */
  private async keys(
    reader: StatementReader,
  ): Promise<(certificate: number | null) => KeyObject | undefined> {
    const pems = new Map((await this.store.certificates(reader)).map(({ id, pem }) => [id, pem]));
    const keys = new Map<number, KeyObject>();
    return (certificate) => {
      const pem = pems.get(certificate ?? 0);
      if (certificate === null || pem === undefined) return undefined;
      let key = keys.get(certificate);
      if (key === undefined) {
        key = keyOf(pem);
        keys.set(certificate, key);
      }
      return key;
    };
  }

  /** Whether the signature of one message still holds. */
  async holds(
    message: JournalledMessage & { readonly digest: string },
    key: KeyObject,
  ): Promise<boolean> {
    const signed = signedOf(message, this.parts);
    if (signed === undefined) return false;
    if (signed.jws !== undefined) return isDetachedJwsBy(signed.jws, message.body, key);
    return isSignedByOnPool(signed.bytes, signed.signature, key, message.digest as Digest);
  }
}

/** Of a certificate of any kind that a party may have. */
export function keyOf(pem: string): KeyObject {
  return readCertificate(Buffer.from(pem), 'rsa or ec').publicKey;
}
