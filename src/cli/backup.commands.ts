/**
 * The whole database into a folder, beside a running gateway; and a new database from such a folder, followed by the
 * full `audit verify` of what was restored (exit 2 when the copy is not sound).
 */
import type { Command } from 'commander';
import { VerifyBooks } from '../assurance/verify-books';
import { openDatabase, readSettings, requireSafeServer } from '../installation';
import { restoreBackup } from '../platform/database/backup/restore-backup';
import { writeBackup } from '../platform/database/backup/write-backup';
import { describeVerification } from './assurance-text';
import { say, withApp } from './run-command';

async function withServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const server = await openDatabase(readSettings().config);
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

export function registerBackupCommands(program: Command): void {
  program
    .command('backup')
    .description('write all data into a new folder, as of one instant')
    .requiredOption('--to <folder>', 'the folder to make')
    .option('--json', 'print JSON')
    .action(async (options: { to: string; json?: true }) => {
      const summary = await withServer((url) => writeBackup(url, options.to));
      say(
        options.json
          ? JSON.stringify(summary)
          : `Backed up ${String(summary.rows)} rows of ${String(summary.tables)} tables to ${summary.folder} ` +
              `(${String(summary.bytes)} bytes).\nThe keystore and CONTROL_NUMBER_KEY are not in it: keep them apart.`,
      );
    });

  program
    .command('restore')
    .description('fill an empty database from a backup, and verify it')
    .requiredOption('--from <folder>', 'the backup')
    .action(async (options: { from: string }) => {
      const summary = await withServer(async (url) => {
        await requireSafeServer(url);
        return restoreBackup(url, options.from);
      });
      say(
        `Restored ${String(summary.rows)} rows of ${String(summary.tables)} tables, as of ${summary.madeAt}.`,
      );
      await withApp(async (app) => {
        const outcome = await app.get(VerifyBooks, { strict: false }).execute({ isFull: true });
        say(describeVerification(outcome));
        if (!outcome.isSound) process.exitCode = 2;
      });
    });
}
