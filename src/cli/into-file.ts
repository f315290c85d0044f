/** A file that a command makes. */
import { randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';

/** The file appears when it is whole, and never where something failed. */
export async function intoFile(
  path: string,
  make: (out: WriteStream) => Promise<void>,
): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await make(createWriteStream(unfinished, { flags: 'wx' }));
    await rename(unfinished, path);
  } catch (fault) {
    await rm(unfinished, { force: true });
    throw fault;
  }
}
