/** The installation itself. */
import type { Command } from 'commander';
import { openInstallation, readSettings } from '../installation';
import { say } from './run-command';

export function registerInstallationCommands(program: Command): void {
  program
    .command('migrate')
    .description('bring the database to the schema of this version')
    .action(async () => {
      const installation = await openInstallation(readSettings());
      await installation.stopDatabase();
      say(
        installation.applied.length === 0
          ? 'The schema is up to date.'
          : `Applied ${installation.applied.join(', ')}.`,
      );
    });
}
