/** Parties: who may talk to the gateway. */
import type { Command } from 'commander';
import { enrolFromFile } from '../enrol-file';
import { SuspendParty } from '../parties/suspend-party';
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

  const party = program.command('party').description('whether a party may take part');

  party
    .command('suspend')
    .description('refuse the messages of a party; what it is owed waits until it is resumed')
    .requiredOption('--party <code>', 'the party')
    .requiredOption('--reason <text>', 'why; kept in the audit trail')
    .action(async (options: { party: string; reason: string }) =>
      change(options.party, 'suspended', options.reason),
    );

  party
    .command('resume')
    .description('let a suspended party take part again')
    .requiredOption('--party <code>', 'the party')
    .option('--reason <text>', 'why; kept in the audit trail', '')
    .action(async (options: { party: string; reason: string }) =>
      change(options.party, 'active', options.reason),
    );
}

async function change(code: string, status: 'active' | 'suspended', reason: string): Promise<void> {
  await withApp(async (app) => {
    const isChanged = await app
      .get(SuspendParty, { strict: false })
      .execute(code, { status, reason }, actor);
    say(
      isChanged
        ? `${code} is ${status}; every running gateway knows within five seconds.`
        : `${code} is ${status} already; nothing was changed.`,
    );
  });
}
