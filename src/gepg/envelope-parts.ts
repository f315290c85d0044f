/**
 * Finds the signed bytes of stored messages for `audit verify`, by the grammar they came in with. Of a message that was
 * repaired the journal has the bytes as received, and the repair, which is deterministic, is done once more.
 */
import { Injectable } from '@nestjs/common';
import { type SignedParts, SignedPartsReader } from '../assurance/signed-parts';
import { Refusal } from '../kernel/refusal';
import { openEnvelope, type SignedMessage } from './envelope';
import { operations } from './operations';
import { repair } from './repair';

type Candidate = SignedMessage['candidates'][number]['kind'];

/** What was taken once is read again, so the widest limits of all operations hold. */
const limits = { maxElements: 30_000, maxDepth: 16 };

const shapes = new Set(operations.flatMap(({ messages }) => messages.map(({ shape }) => shape)));

/** How the journal says that the bytes of a candidate were repaired first. */
export function repairedCandidate(candidate: Candidate): string {
  return `repaired-${candidate}`;
}

@Injectable()
export class EnvelopeParts extends SignedPartsReader {
  /** The journal's word decides, not how the body looks: a well-formed one may have been repaired for its shape. */
  override read(body: Buffer, candidate: string): SignedParts | undefined {
    if (!candidate.startsWith('repaired-')) {
      return partsOf(opened(body), (kind) => kind === candidate);
    }
    for (const shape of shapes) {
      const message = opened(repair(body, shape));
      if (message?.name !== shape.name) continue;
      return partsOf(message, (kind) => repairedCandidate(kind) === candidate);
    }
    return undefined;
  }
}

function opened(body: Buffer): SignedMessage | undefined {
  try {
    return openEnvelope(body, limits);
  } catch (fault) {
    if (fault instanceof Refusal) return undefined;
    throw fault;
  }
}

function partsOf(
  message: SignedMessage | undefined,
  isMeant: (kind: Candidate) => boolean,
): SignedParts | undefined {
  const bytes = message?.candidates.find(({ kind }) => isMeant(kind))?.bytes;
  const signature = message?.signature;
  return bytes === undefined || signature === undefined ? undefined : { bytes, signature };
}
