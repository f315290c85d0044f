/**
 * The heads of the audit chain outside the database: a file that only grows, a line of JSON for each head. Kept on
 * another machine or mailed away, it shows whether the chain in the database is still the one that it was.
 */
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonicalJson } from '../../kernel/canonical-json';
import { Refusal } from '../../kernel/refusal';
import type { SealedBlock } from './audit-chain';

export interface ExportedHead {
  readonly sequence: bigint;
  readonly hash: Buffer;
  readonly publicKey: Buffer;
}

/** What is longer than this of the end of the file holds its last line. */
const tailBytes = 4_096;

export class AuditHeads {
  private last: bigint | undefined;

  constructor(private readonly path: string) {}

  /** Writes the head unless the file has it. It is on the disk when the promise is kept. */
  async export(head: SealedBlock): Promise<void> {
    this.last ??= await this.lastInFile();
    if (head.sequence <= this.last) return;
    await mkdir(dirname(this.path), { recursive: true });
    const file = await open(this.path, 'a', 0o640);
    try {
      await file.write(`${headLine(head)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    this.last = head.sequence;
  }

  private async lastInFile(): Promise<bigint> {
    let file;
    try {
      file = await open(this.path, 'r');
    } catch {
      return 0n;
    }
    try {
      const { size } = await file.stat();
      const from = Math.max(0, size - tailBytes);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, from);
      const lines = buffer.subarray(0, bytesRead).toString().trimEnd().split('\n');
      return readHeadLine(lines.at(-1) ?? '')?.sequence ?? 0n;
    } finally {
      await file.close();
    }
  }
}

function headLine(head: SealedBlock): string {
  return canonicalJson({
    hash: head.hash.toString('hex'),
    publicKey: head.publicKey.toString('base64'),
    sealedAt: head.sealedAt.toISOString(),
    sequence: String(head.sequence),
    signature: head.signature.toString('base64'),
  });
}

function readHeadLine(line: string): ExportedHead | undefined {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { sequence, hash, publicKey } = (read ?? {}) as Record<string, unknown>;
  if (typeof sequence !== 'string' || typeof hash !== 'string' || typeof publicKey !== 'string')
    return undefined;
  if (!/^[1-9]\d{0,17}$/.test(sequence) || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
  return {
    sequence: BigInt(sequence),
    hash: Buffer.from(hash, 'hex'),
    publicKey: Buffer.from(publicKey, 'base64'),
  };
}

/** Every head of a file, in its order. Refuses: audit.head-file-unreadable, naming the line. */
export async function readHeads(path: string): Promise<readonly ExportedHead[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new Refusal('audit.head-file-unreadable', `${path} cannot be read`);
  }
  const lines = text.split('\n');
  // A line that was cut off while it was written is no head; every other line is one.
  if (lines.pop() === undefined || lines.length === 0)
    throw new Refusal('audit.head-file-unreadable', `${path} holds no head of an audit chain`);
  return lines.map((line, i) => {
    const head = readHeadLine(line);
    if (head === undefined) {
      throw new Refusal(
        'audit.head-file-unreadable',
        `line ${String(i + 1)} of ${path} is no head of an audit chain`,
      );
    }
    return head;
  });
}
