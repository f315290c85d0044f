/** Finds the signed bytes of stored messages for `audit verify`, by the grammar they came in with. */
import { Injectable } from '@nestjs/common';
import { type SignedParts, SignedPartsReader } from '../assurance/signed-parts';
import { Refusal } from '../kernel/refusal';
import { openEnvelope } from './envelope';

/** What was taken once is read again, so the widest limits of all operations hold. */
const limits = { maxElements: 30_000, maxDepth: 16 };

@Injectable()
export class EnvelopeParts extends SignedPartsReader {
  override read(body: Buffer): SignedParts | undefined {
    try {
      const { signature, candidates } = openEnvelope(body, limits);
      return {
        signature,
        bytesOf: (candidate) => candidates.find(({ kind }) => kind === candidate)?.bytes,
      };
    } catch (fault) {
      if (fault instanceof Refusal) return undefined;
      throw fault;
    }
  }
}
