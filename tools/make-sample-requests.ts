/**
 * Writes `certs-sample/requests`: a file for each sample request, and the list of them. Run in the repository root
 * after a build, and after every change of the sandbox keys: `node dist/tools/make-sample-requests.js`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleFiles } from './sandbox/sample-files';

const folder = 'certs-sample/requests';

mkdirSync(folder, { recursive: true });
const files = sampleFiles();
for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
process.stdout.write(`${String(files.size)} files in ${folder}\n`);
