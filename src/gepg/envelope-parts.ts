/**
 * Finds the signed bytes of stored messages for `audit verify`, by the grammar they came in with. Of a message that was
 * repaired the journal has the bytes as received, and the repair, which is deterministic, is done once more.
 */
import { Injectable } from '@nestjs/common';
import { type SignedParts, SignedPartsReader } from '../assurance/signed-parts';
import { Refusal } from '../kernel/refusal';
import { openEnvelope } from './envelope';
import { operations } from './operations';
import { repair } from './repair';

/** What was taken once is read again, so the widest limits of all operations hold. */
const limits = { maxElements: 30_000, maxDepth: 16 };

const shapes = new Set(operations.flatMap(({ messages }) => messages.map(({ shape }) => shape)));

@Injectable()
export class EnvelopeParts extends SignedPartsReader {
  override read(body: Buffer): SignedParts | undefined {
    const asReceived = partsOf(body, '');
    if (asReceived !== undefined) return asReceived;
    const shape = [...shapes].find(({ name }) => body.includes(`<${name}>`));
    return shape && partsOf(repair(body, shape), 'repaired-');
  }
}

function partsOf(body: Buffer, prefix: string): SignedParts | undefined {
  try {
    const { signature, candidates } = openEnvelope(body, limits);
    return {
      signature,
      bytesOf: (candidate) => candidates.find(({ kind }) => prefix + kind === candidate)?.bytes,
    };
  } catch (fault) {
    if (fault instanceof Refusal) return undefined;
    throw fault;
  }
}
