/** The histories of `model.spec.ts`, ten times as many, and others at every run; a failure prints the seed. */
import { randomInt } from 'node:crypto';

process.env['MODEL_SEED'] ??= String(randomInt(2 ** 31));
process.env['MODEL_RUNS'] ??= '400';
// eslint-disable-next-line @typescript-eslint/no-require-imports -- after the two lines above, which it reads
require('./model.spec');
