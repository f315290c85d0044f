/** API keys: who may sign in at the JSON edge. A key is printed once, when it is made. */
import type { Command } from 'commander';
import { apiKeyState } from '../parties/api-key.rules';
import { ChangeApiKeys } from '../parties/change-api-keys';
import { actor, asJson, readCount, say, withApp } from './run-command';
import { table } from './text-table';

const collect = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...text.split(',').map((each) => each.trim()),
];

export function registerApiKeyCommands(program: Command): void {
  const keys = program.command('api-key').description('keys for the JSON API');

  keys
    .command('create')
    .description('make a key; it is shown this once')
    .requiredOption('--party <code>', 'whose key')
    .requiredOption(
      '--scope <scope>',
      'what it opens; again, or with commas, for more',
      collect,
      [],
    )
    .option('--days <count>', 'how long it holds', readCount, 365)
    .option('--json', 'print JSON')
    .action(
      async (options: { party: string; scope: readonly string[]; days: number; json?: true }) =>
        withApp(async (app) => {
          const made = await app
            .get(ChangeApiKeys, { strict: false })
            .create(options.party, options.scope, options.days, actor);
          if (options.json) {
            say(asJson(made));
            return;
          }
          say(made.key);
          say(`  id ${made.id}, for ${made.scopes.join(', ')}`);
          say(`  holds until ${made.expiresAt.toISOString()}; it cannot be shown again`);
        }),
    );

  keys
    .command('list')
    .description('the keys of a party, without what signs in')
    .requiredOption('--party <code>', 'whose keys')
    .option('--json', 'print JSON')
    .action(async (options: { party: string; json?: true }) =>
      withApp(async (app) => {
        const found = await app.get(ChangeApiKeys, { strict: false }).list(options.party);
        const shown = found.map(({ at, ...key }) => ({ ...key, state: apiKeyState(key, at) }));
        if (options.json) say(asJson(shown));
        else if (shown.length === 0) say(`${options.party} has no keys.`);
        else
          say(
            table(
              ['id', 'state', 'expires', 'last used', 'scopes'],
              shown.map((key) => [
                key.id,
                key.state,
                key.expiresAt.toISOString(),
                key.lastUsedAt?.toISOString() ?? 'never',
                key.scopes.join(' '),
              ]),
            ),
          );
      }),
    );

  keys
    .command('revoke')
    .description('end a key; every running gateway knows within five seconds')
    .requiredOption('--id <id>', 'the id of the key, as "list" shows it')
    .option('--json', 'print JSON')
    .action(async (options: { id: string; json?: true }) =>
      withApp(async (app) => {
        const isNew = await app.get(ChangeApiKeys, { strict: false }).revoke(options.id, actor);
        if (options.json) say(asJson({ id: options.id, revoked: isNew }));
        else say(isNew ? `${options.id} is revoked.` : `${options.id} was revoked before.`);
      }),
    );
}
