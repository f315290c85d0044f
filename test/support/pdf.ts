/** Printed documents read back as text. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of poppler-utils. Without it the files are made all the same, and not read back. */
export const hasPdfReader = spawnSync('pdftotext', ['-v']).error === undefined;
if (!hasPdfReader)
  process.stderr.write('PDF files are not read back: no pdftotext (poppler-utils).\n');

export function readPdf(bytes: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'malipo-report-'));
  try {
    const path = join(folder, 'report.pdf');
    writeFileSync(path, bytes);
    return execFileSync('pdftotext', ['-layout', '-nopgbrk', path, '-'], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
