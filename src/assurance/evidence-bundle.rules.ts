/**
 * The files of an evidence bundle and the list that is signed: one line for each file, as `sha256sum` writes and checks
 * it. Every file is in the list but the list and its signature. Pure.
 */
import { createHash } from 'node:crypto';

export type BundleFiles = ReadonlyMap<string, Buffer>;

export const manifestName = 'manifest.sha256';
export const signatureName = 'manifest.sha256.sig';
export const certificateName = 'gateway-certificate.pem';

/** Names that every system can unpack, below the folder and never above it. */
const namePattern = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
const linePattern = /^([0-9a-f]{64}) {2}(\S+)$/;

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The list of the files, in the order of their names. */
export function manifestOf(files: BundleFiles): Buffer {
  const lines = [...files]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, bytes]) => {
      if (!namePattern.test(name)) throw new Error(`${name} is no name for a file of a bundle`);
      return `${digestOf(bytes)}  ${name}\n`;
    });
  return Buffer.from(lines.join(''));
}

/** Each file that is not as the list has it, in a sentence that names it; none for a list that agrees. */
export function faultsOfFiles(files: BundleFiles): readonly string[] {
  const manifest = files.get(manifestName);
  if (manifest === undefined) return [`${manifestName} is missing`];
  const lines = manifest.toString('latin1').split('\n');
  if (lines.pop() !== '') return [`the last line of ${manifestName} is cut off`];
  const listed = new Map<string, string>();
  const faults: string[] = [];
  for (const [i, line] of lines.entries()) {
    const [, digest, name] = linePattern.exec(line) ?? [];
    if (digest === undefined || name === undefined || listed.has(name))
      faults.push(`line ${String(i + 1)} of ${manifestName} is none of a list of files`);
    else listed.set(name, digest);
  }
  for (const [name, digest] of listed) {
    const bytes = files.get(name);
    if (bytes === undefined) faults.push(`${name} is missing`);
    else if (digestOf(bytes) !== digest) faults.push(`${name} was changed`);
  }
  const unlisted = [...files.keys()].filter(
    (name) => !listed.has(name) && name !== manifestName && name !== signatureName,
  );
  return [...faults, ...unlisted.map((name) => `${name} was added`)];
}
