/**
 * Signs what we send with the gateway's key, in the generation's digest. Acknowledgements are constant, so their
 * signatures are kept: the exact bytes are the key, a few dozen at most (performance.md §8).
 */
import { Injectable } from '@nestjs/common';
import { Secrets } from '../platform/config/secrets';
import { type Digest, signBytes } from '../platform/crypto/signature';
import { type Generation, wrapSigned } from './envelope';

export const digestOf: Readonly<Record<Generation, Digest>> = { v4: 'sha1', v5: 'sha256' };

@Injectable()
export class Signer {
  private readonly kept = new Map<string, Buffer>();

  constructor(private readonly secrets: Secrets) {}

  sign(element: Buffer, generation: Generation): Buffer {
    const signature = signBytes(element, this.secrets.gateway.privateKey, digestOf[generation]);
    return wrapSigned(element, signature, generation);
  }

  /** For elements out of a small closed set only: acknowledgements. */
  signConstant(element: Buffer, generation: Generation): Buffer {
    const key = element.toString();
    const kept = this.kept.get(key);
    if (kept !== undefined) return kept;
    const signed = this.sign(element, generation);
    if (this.kept.size < 256) this.kept.set(key, signed);
    return signed;
  }
}
