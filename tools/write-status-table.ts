/** Writes docs/status-codes.md anew. Run in the repository root after a build: `node dist/tools/write-status-table.js`. */
import { writeFileSync } from 'node:fs';
import { statusTable } from './wire/status-table';

const path = 'docs/status-codes.md';

writeFileSync(path, statusTable());
process.stdout.write(`${path} written\n`);
