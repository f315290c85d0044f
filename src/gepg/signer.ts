/**
 * Signs what we send with the gateway's key, in the generation's digest; for a PSP that agreed on it with the P-256 key,
 * in SHA-256 for both generations (SHA-1 is kept for clients of before only, rulings.md §3). Signing costs ten
 * verifications, so it runs on the thread pool; acknowledgements of generation 4 are constant, so their signatures are
 * kept: algorithm and exact bytes are the key, a few dozen at most (performance.md §8).
 */
import { Injectable } from '@nestjs/common';
import type { GatewaySignature, Generation } from '../parties/profile.rules';
import { Secrets } from '../platform/config/secrets';
import {
  type Digest,
  isEcSignedBy,
  isSignedBy,
  signEcOnPool,
  signOnPool,
} from '../platform/crypto/signature';
import { wrapSigned } from './envelope';

export const digestOf: Readonly<Record<Generation, Digest>> = { v4: 'sha1', v5: 'sha256' };

/** A way to sign, and to prove it with the certificate that we publish. */
interface Way {
  sign(element: Buffer): Promise<Buffer>;
  holds(element: Buffer, signature: Buffer): boolean;
}

@Injectable()
export class Signer {
  private readonly kept = new Map<string, Promise<Buffer>>();

  constructor(private readonly secrets: Secrets) {}

  async sign(element: Buffer, generation: Generation, by: GatewaySignature): Promise<Buffer> {
    const signature = await this.way(generation, by).sign(element);
    return wrapSigned(element, signature, generation);
  }

  /** For elements out of a small closed set only: acknowledgements without ids. */
  async signConstant(
    element: Buffer,
    generation: Generation,
    by: GatewaySignature,
  ): Promise<Buffer> {
    const key = `${by} ${element.toString('latin1')}`;
    const kept = this.kept.get(key);
    if (kept !== undefined) return kept;
    const signed = this.signProved(element, generation, by);
    if (this.kept.size < 256) {
      this.kept.set(key, signed);
      // One failure must not be every later answer's.
      signed.catch(() => this.kept.delete(key));
    }
    return signed;
  }

  /** What is given out a million times is verified once: a fault of memory or of the library would go on for ever. */
  private async signProved(
    element: Buffer,
    generation: Generation,
    by: GatewaySignature,
  ): Promise<Buffer> {
    const way = this.way(generation, by);
    const signature = await way.sign(element);
    if (!way.holds(element, signature)) {
      throw new Error(`a signature that was just made with the ${by} key does not hold`);
    }
    return wrapSigned(element, signature, generation);
  }

  private way(generation: Generation, by: GatewaySignature): Way {
    const { gateway, gatewayEc } = this.secrets;
    if (by === 'rsa') {
      const { privateKey, certificate } = gateway;
      const digest = digestOf[generation];
      return {
        sign: (element) => signOnPool(element, privateKey, digest),
        holds: (element, signature) =>
          isSignedBy(element, signature, certificate.publicKey, digest),
      };
    }
    // The start refuses this, and enrolment: another key than was agreed on would be taken for a forger's.
    if (gatewayEc === undefined) throw new Error('GATEWAY_KEYSTORE holds no P-256 key');
    const { privateKey, certificate } = gatewayEc;
    return {
      sign: (element) => signEcOnPool(element, privateKey),
      holds: (element, signature) => isEcSignedBy(element, signature, certificate.publicKey),
    };
  }
}
