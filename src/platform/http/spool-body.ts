/**
 * A large body on its way into a file of its own: nothing of it stays in memory, no transaction waits for the client, and
 * its digest is known before anything is done with it. Few at a time, each up to a limit, and the file goes when its
 * work is over, whatever happened (security-reliability F4).
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '../../kernel/refusal';

export interface SpooledBody {
  /** SHA-256. */
  readonly digest: Buffer;
  readonly open: () => AsyncIterable<Buffer>;
}

/** Of one process: what they may fill together is this times the limit of each. */
const mostAtOnce = 4;
let underWay = 0;

/** Refuses: upload.busy, upload.too-large, and whatever `work` refuses. */
export async function withSpooledBody<T>(
  body: Readable,
  mostBytes: number,
  work: (spooled: SpooledBody) => Promise<T>,
): Promise<T> {
  if (underWay >= mostAtOnce)
    throw new Refusal('upload.busy', 'other files are on their way in', 'limited', {
      retryAfterSeconds: 5,
    });
  underWay += 1;
  let folder: string | undefined;
  try {
    // Nobody else may look into it.
    folder = await mkdtemp(join(tmpdir(), 'malipo-upload-'));
    const path = join(folder, 'body');
    const hash = createHash('sha256');
    let length = 0;
    async function* hashed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        length += chunk.length;
        if (length > mostBytes)
          throw new Refusal(
            'upload.too-large',
            `the file is longer than ${String(mostBytes / 1_048_576)} MB; split it`,
            'too-large',
          );
        hash.update(chunk);
        yield chunk;
      }
    }
    // A body that is refused must not be destroyed: its connection would go with it, and the answer too.
    const chunks = body.iterator({ destroyOnReturn: false });
    await pipeline(chunks, hashed, createWriteStream(path, { mode: 0o600 }));
    return await work({ digest: hash.digest(), open: () => createReadStream(path) });
  } finally {
    underWay -= 1;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}
