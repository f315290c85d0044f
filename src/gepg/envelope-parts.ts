/**
 * Finds the signed bytes of stored messages for `audit verify`, by the grammar they came in with. Of a message that was
 * repaired the journal has the bytes as received, and the repair, which is deterministic, is done once more.
 */
import { Injectable } from '@nestjs/common';
import { type SignedParts, SignedPartsReader } from '../assurance/signed-parts';
import { Refusal } from '../kernel/refusal';
import { type Envelope, findSigned } from './envelope';
import { operations } from './operations';
import { repair } from './repair';

type Candidate = Envelope['candidates'][number]['kind'];

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

function opened(body: Buffer): Envelope | undefined {
  try {
    return findSigned(body);
  } catch (fault) {
    if (fault instanceof Refusal) return undefined;
    throw fault;
  }
}

function partsOf(
  message: Envelope | undefined,
  isMeant: (kind: Candidate) => boolean,
): SignedParts | undefined {
  const bytes = message?.candidates.find(({ kind }) => isMeant(kind))?.bytes;
  const signature = message?.signature;
  return bytes === undefined || signature === undefined ? undefined : { bytes, signature };
}
