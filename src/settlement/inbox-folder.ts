/**
 * The watched folder on the disk: what lies in it, whether it has come to rest, its bytes, and where it is put away. Only
 * plain files are opened, by their own name: a link that somebody lays down leads nowhere.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import {
  doneFolder,
  failedFolder,
  isAccountFolder,
  isPspFolder,
  nameKind,
  safeName,
} from './inbox.rules';

/** Where files are laid down; a setting. */
export class InboxPlace {
  constructor(readonly folder: string) {}
}

export type InboxOwner =
  | { readonly kind: 'psp'; readonly pspCode: string }
  | { readonly kind: 'bank'; readonly account: string };

export interface InboxFile {
  readonly owner: InboxOwner;
  readonly folder: string;
  readonly name: string;
  /** Undefined for what may be opened; else why not. */
  readonly refused: string | undefined;
  /** Changes with every byte that is written. */
  readonly stamp: string;
  readonly modifiedMs: number;
}

/** Somebody writes to it after all; it is looked at again. */
export class FileChanged extends Error {}

const bankFolder = 'bank';
const sliceBytes = 65_536;

@Injectable()
export class InboxFolder {
  /** By path: as it was at the last look. */
  private seen = new Map<string, string>();
  private readonly handles: FileHandle[] = [];

  constructor(private readonly place: InboxPlace) {}

  /** What is as it was at the last look, the oldest first: a correction comes after what it corrects. */
  async atRest(): Promise<readonly InboxFile[]> {
    const found = await this.all();
    const before = this.seen;
    this.seen = new Map(found.map((file) => [join(file.folder, file.name), file.stamp]));
    return found
      .filter((file) => before.get(join(file.folder, file.name)) === file.stamp)
      .sort((a, b) => a.modifiedMs - b.modifiedMs || (a.name < b.name ? -1 : 1));
  }

  /** Throws FileChanged where it is no longer as it was seen. Refuses: file.unreadable. */
  async *read(file: InboxFile): AsyncGenerator<Buffer> {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const path = join(file.folder, file.name);
    let handle: FileHandle;
    try {
      handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (fault) {
      if (isMissing(fault)) throw new FileChanged(path);
      throw new Refusal('file.unreadable', `cannot read ${file.name}`);
    }
    this.handles.push(handle);
    if (stampOf(await handle.stat()) !== file.stamp) throw new FileChanged(path);
    for (;;) {
      const { bytesRead, buffer } = await handle.read({ buffer: Buffer.allocUnsafe(sliceBytes) });
      if (bytesRead === 0) break;
      yield buffer.subarray(0, bytesRead);
    }
    if (stampOf(await handle.stat()) !== file.stamp) throw new FileChanged(path);
  }

  /** What was opened, also where nobody read it to its end. */
  async close(): Promise<void> {
    await Promise.all(this.handles.splice(0).map((handle) => handle.close()));
  }

  /** The file and its report, under a name that is free there. The report comes first: no file is put away without one. */
  async putAway(file: InboxFile, isTaken: boolean, report: string): Promise<void> {
    const folder = join(file.folder, isTaken ? doneFolder : failedFolder);
    await mkdir(folder, { recursive: true });
    const name = await freeName(folder, safeName(file.name));
    await writeFile(join(folder, `${name}.report.txt`), report);
    await rename(join(file.folder, file.name), join(folder, name));
  }

  private async all(): Promise<readonly InboxFile[]> {
    const root = this.place.folder;
    const psps = (await foldersIn(root)).filter(isPspFolder);
    const accounts = (await foldersIn(join(root, bankFolder))).filter(isAccountFolder);
    const lists = [
      ...psps.map((pspCode) => filesIn(join(root, pspCode), { kind: 'psp', pspCode })),
      ...accounts.map((account) =>
        filesIn(join(root, bankFolder, account), { kind: 'bank', account }),
      ),
    ];
    return (await Promise.all(lists)).flat();
  }
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const found = await readdir(folder, { withFileTypes: true });
    return found.filter((each) => each.isDirectory()).map((each) => each.name);
  } catch (fault) {
    if (isMissing(fault)) return [];
    throw fault;
  }
}

async function filesIn(folder: string, owner: InboxOwner): Promise<readonly InboxFile[]> {
  const files: InboxFile[] = [];
  for (const name of await readdir(folder)) {
    if (name === doneFolder || name === failedFolder) continue;
    const kind = nameKind(name);
    if (kind === 'unfinished') continue;
    const found = await lstat(join(folder, name)).catch(() => undefined);
    // What was moved away between, and what has no byte yet.
    if (found === undefined || (found.isFile() && found.size === 0)) continue;
    const refused = found.isFile()
      ? kind === 'odd'
        ? 'the name holds characters that a file of statements does not need'
        : undefined
      : `not a file but ${sortOf(found)}; it was not opened`;
    files.push({ owner, folder, name, refused, stamp: stampOf(found), modifiedMs: found.mtimeMs });
  }
  return files;
}

function sortOf(found: Stats): string {
  if (found.isSymbolicLink()) return 'a link';
  return found.isDirectory() ? 'a folder' : 'something else';
}

function stampOf(found: Stats): string {
  return [found.dev, found.ino, found.size, found.mtimeMs].map(String).join(' ');
}

async function freeName(folder: string, wanted: string): Promise<string> {
  const taken = new Set(await readdir(folder));
  const { name, ext } = parse(wanted);
  for (let count = 1; ; count++) {
    const tried = count === 1 ? wanted : `${name} (${String(count)})${ext}`;
    if (!taken.has(tried)) return tried;
  }
}

function isMissing(fault: unknown): boolean {
  return (fault as NodeJS.ErrnoException).code === 'ENOENT';
}
