/**
 * Verifies the signatures of stored messages once more, from the bytes in the journal and the certificate that verified
 * them first (also when that certificate is retired by now). What is signed in JSON travels beside its signature; in XML the
 * protocol edge finds both. All of them, or a share drawn anew at every run.
 */
import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { readCertificate } from '../platform/crypto/certificate';
import {
  isDetachedJwsBy,
  jwsCandidate,
  jwsHeader,
  readDetachedJws,
} from '../platform/crypto/detached-jws';
import { type Digest, isSignedByOnPool } from '../platform/crypto/signature';
import {
  AssuranceStore,
  type FirstDay,
  mostKeys,
  type StatementReader,
  type StoredMessage,
  type Violations,
} from './assurance.store';
import { SignedPartsReader } from './signed-parts';

/** A few hundredths of a second of reading on this thread, while the pool verifies what came before. */
const pageSize = 500;
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
    const keys = new Map<string, KeyObject>();
    const broken: string[] = [];
    let verified = 0;
    let after = '';
    for (;;) {
      const page = await this.store.messagePage(reader, since, {
        after,
        size: pageSize,
        share,
        salt,
      });
      const holds = await Promise.all(page.map((message) => this.holds(message, keys)));
      page.forEach(({ id }, i) => {
        if (holds[i] !== true) broken.push(id);
      });
      verified += page.length;
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) break;
      after = last.id;
    }
    return { count: broken.length, keys: broken.slice(0, mostKeys), verified };
  }

  /** Whether the signature of one message still holds. `keys` keeps what was read of certificates. */
  async holds(
    message: Omit<StoredMessage, 'id'>,
    keys = new Map<string, KeyObject>(),
  ): Promise<boolean> {
    if (message.pem === null) return false;
    let key = keys.get(message.pem);
    if (key === undefined) {
      key = readCertificate(Buffer.from(message.pem), 'rsa or ec').publicKey;
      keys.set(message.pem, key);
    }
    if (message.candidate === jwsCandidate) {
      const jws = readDetachedJws(message.headers[jwsHeader] ?? '');
      return jws !== undefined && isDetachedJwsBy(jws, message.body, key);
    }
    const parts = this.parts.read(message.body, message.candidate);
    if (parts === undefined) return false;
    return isSignedByOnPool(parts.bytes, parts.signature, key, message.digest as Digest);
  }
}
