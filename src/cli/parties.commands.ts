/** Parties: who may talk to the gateway. */
import type { Command } from 'commander';
import { enrolFromFile } from '../enrol-file';
import { actor, asJson, say, withApp } from './run-command';

export function registerPartyCommands(program: Command): void {
  program
    .command('enrol')
    .description('enrol a party from its file, or bring an enrolled one up to its file')
    .requiredOption('--file <party.json>', 'the party file (product card, "enrol")')
    .option('--json', 'print JSON')
    .action(async (options: { file: string; json?: true }) =>
      withApp(async (app) => {
        const party = await enrolFromFile(app, options.file, actor);
        if (options.json) {
          say(asJson(party));
          return;
        }
        say(`${party.isNew ? 'Enrolled' : 'Updated'} ${party.code}, ${party.name} (${party.kind})`);
        for (const each of party.certificates) {
          say(
            each.admission === 'retired'
              ? `  retired, and stays so ("certificate add --force" accepts it again): ${each.fingerprint}  ${each.subject}`
              : `  key ${each.fingerprint}  ${each.subject}, valid to ${each.notAfter}`,
          );
        }
        for (const prefix of party.controlNumberPrefixes) say(`  control numbers 99${prefix}…`);
      }),
    );
}
