/**
 * Files that wait between their preview and their import: what is imported is byte for byte what was looked at. They lie
 * below DATA_DIR, readable by the gateway alone, found by officer and SHA-256 only, and are gone after an hour.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { SystemClock } from '../../kernel/clock';
import { newId } from '../../kernel/ids';
import { Refusal } from '../../kernel/refusal';
import { ConsoleSettings } from '../console-settings';

const lifeMs = 3_600_000;
const longest = 20 * 1024 * 1024;

@Injectable()
export class KeptFiles {
  private readonly clock = new SystemClock();

  constructor(private readonly settings: ConsoleSettings) {}

  /** The digest that it is found by. Refuses: statement.file-large. */
  async keep(officer: string, stream: Readable): Promise<string> {
    const bytes = await readAll(stream);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const { uploadFolder } = this.settings;
    await mkdir(uploadFolder, { recursive: true, mode: 0o700 });
    await this.sweep();
    const path = this.pathOf(officer, digest);
    const fresh = `${path}.${newId()}`;
    await writeFile(fresh, bytes, { mode: 0o600 });
    await rename(fresh, path);
    return digest;
  }

  /** Refuses: upload.gone. */
  async find(officer: string, digest: string): Promise<Buffer> {
    try {
      return await readFile(this.pathOf(officer, digest));
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault;
      throw new Refusal('upload.gone', 'the file is no longer kept; send it again', 'not-found');
    }
  }

  async drop(officer: string, digest: string): Promise<void> {
    await rm(this.pathOf(officer, digest), { force: true });
  }

  private pathOf(officer: string, digest: string): string {
    const name = createHash('sha256').update(`${officer}\n${digest}`).digest('hex');
    return join(this.settings.uploadFolder, name);
  }

  private async sweep(): Promise<void> {
    const { uploadFolder } = this.settings;
    const nowMs = this.clock.now().getTime();
    for (const name of await readdir(uploadFolder)) {
      const path = join(uploadFolder, name);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && nowMs - found.mtimeMs > lifeMs) await rm(path, { force: true });
    }
  }
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longest) {
      throw new Refusal('statement.file-large', 'the file is longer than 20 MB', 'unprocessable');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
