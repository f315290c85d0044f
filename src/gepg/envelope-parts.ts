/** Finds the signed bytes of stored messages for `audit verify`, by the grammar they came in with. */
import { Injectable } from '@nestjs/common';
import { type SignedParts, SignedPartsReader } from '../assurance/signed-parts';
import { Refusal } from '../kernel/refusal';
import { openEnvelope, type SignedMessage } from './envelope';
import { repair } from './repair';
import { v4Shapes } from './v4/messages';
import { v5Shapes } from './v5/messages';

/** What was taken once is read again, so the widest limits of all operations hold. */
const limits = { maxElements: 30_000, maxDepth: 16 };

@Injectable()
export class EnvelopeParts extends SignedPartsReader {
  override read(body: Buffer): SignedParts | undefined {
    const asWritten = open(body);
    if (asWritten !== undefined) {
      const { signature, candidates } = asWritten;
      return {
        signature,
        bytesOf: (candidate) => candidates.find(({ kind }) => kind === candidate)?.bytes,
      };
    }
    // Stored as it came; the signature is over the repaired text.
    const shape = [...v4Shapes, ...v5Shapes].find(({ name }) => body.includes(`<${name}>`));
    const repaired = shape && open(repair(body, shape));
    if (repaired === undefined) return undefined;
    const { signature, candidates } = repaired;
    return {
      signature,
      bytesOf: (candidate) => (candidate === 'repaired' ? candidates[0]?.bytes : undefined),
    };
  }
}

function open(body: Buffer): SignedMessage | undefined {
  try {
    return openEnvelope(body, limits);
  } catch (fault) {
    if (fault instanceof Refusal) return undefined;
    throw fault;
  }
}
