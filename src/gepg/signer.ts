/**
 * Signs what we send with the gateway's key, in the generation's digest. Signing costs ten verifications, so it runs on
 * the thread pool; acknowledgements of generation 4 are constant, so their signatures are kept: the exact bytes are the
 * key, a few dozen at most (performance.md §8).
 */
import { Injectable } from '@nestjs/common';
import type { Generation } from '../parties/profile.rules';
import { Secrets } from '../platform/config/secrets';
import { type Digest, signOnPool } from '../platform/crypto/signature';
import { wrapSigned } from './envelope';

export const digestOf: Readonly<Record<Generation, Digest>> = { v4: 'sha1', v5: 'sha256' };

@Injectable()
export class Signer {
  private readonly kept = new Map<string, Promise<Buffer>>();

  constructor(private readonly secrets: Secrets) {}

  async sign(element: Buffer, generation: Generation): Promise<Buffer> {
    const { privateKey } = this.secrets.gateway;
    const signature = await signOnPool(element, privateKey, digestOf[generation]);
    return wrapSigned(element, signature, generation);
  }

  /** For elements out of a small closed set only: acknowledgements without ids. */
  async signConstant(element: Buffer, generation: Generation): Promise<Buffer> {
    const key = element.toString('latin1');
    const kept = this.kept.get(key);
    if (kept !== undefined) return kept;
    const signed = this.sign(element, generation);
    if (this.kept.size < 256) {
      this.kept.set(key, signed);
      // One failure must not be every later answer's.
      signed.catch(() => this.kept.delete(key));
    }
    return signed;
  }
}
