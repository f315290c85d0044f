/** Officers and their approvals from the server: the first administrator, recovery, and four eyes without a browser. */
import type { Command } from 'commander';
import { canonicalJson } from '../kernel/canonical-json';
import { Approvals } from '../officers/approvals';
import { ManageOfficers } from '../officers/manage-officers';
import { roles } from '../officers/permission.rules';
import { actor, asJson, say, withApp } from './run-command';
import { table } from './text-table';

function sayPassword(name: string, password: string): void {
  say(`${name} signs in once with the password ${password}`);
  say('  and chooses another then; it cannot be shown again');
}

export function registerOfficerCommands(program: Command): void {
  const officers = program.command('officer').description('who signs in at the console');

  officers
    .command('create')
    .description('make an officer; the first password is shown this once')
    .requiredOption('--name <name>', 'the user name')
    .requiredOption('--full-name <text>', 'as it stands in reports')
    .requiredOption('--role <role>', roles.join(', '))
    .option('--party <code>', 'the institution of an institution-officer')
    .option('--json', 'print JSON')
    .action(
      async (options: {
        name: string;
        fullName: string;
        role: string;
        party?: string;
        json?: true;
      }) =>
        withApp(async (app) => {
          const { name, fullName, role, party } = options;
          const wanted = {
            name,
            fullName,
            role,
            ...(party === undefined ? {} : { partyCode: party }),
          };
          const made = await app.get(ManageOfficers, { strict: false }).create(wanted, actor);
          if (options.json) say(asJson({ name, role, password: made.password }));
          else sayPassword(name, made.password);
        }),
    );

  for (const [word, status, description] of [
    ['disable', 'disabled', 'end all sessions of an officer and let him in no more'],
    ['enable', 'active', 'let a disabled officer in again'],
  ] as const) {
    officers
      .command(word)
      .description(description)
      .requiredOption('--name <name>', 'the user name')
      .option('--json', 'print JSON')
      .action(async (options: { name: string; json?: true }) =>
        withApp(async (app) => {
          await app.get(ManageOfficers, { strict: false }).setStatus(options.name, status, actor);
          say(options.json ? asJson({ name: options.name, status }) : `${options.name}: ${status}`);
        }),
      );
  }

  officers
    .command('reset')
    .description('a new first password; the authenticator is forgotten and all sessions end')
    .requiredOption('--name <name>', 'the user name')
    .option('--json', 'print JSON')
    .action(async (options: { name: string; json?: true }) =>
      withApp(async (app) => {
        const made = await app.get(ManageOfficers, { strict: false }).reset(options.name, actor);
        if (options.json) say(asJson({ name: options.name, password: made.password }));
        else sayPassword(options.name, made.password);
      }),
    );

  officers
    .command('list')
    .description('officers, without what signs them in')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) =>
      withApp(async (app) => {
        const all = await app.get(ManageOfficers, { strict: false }).list();
        if (options.json) say(asJson(all));
        else if (all.length === 0) say('There are no officers; make one with "officer create".');
        else
          say(
            table(
              ['name', 'role', 'institution', 'status', 'code', 'full name'],
              all.map((each) => [
                each.name,
                each.role,
                each.partyCode ?? '',
                each.status,
                each.hasCode ? 'yes' : 'no',
                each.fullName,
              ]),
            ),
          );
      }),
    );
}

export function registerApprovalCommands(program: Command): void {
  const approvals = program.command('approvals').description('what waits for a second officer');

  approvals
    .command('list')
    .description('requests that wait for a decision')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) =>
      withApp(async (app) => {
        const waiting = await app.get(Approvals, { strict: false }).waiting();
        if (options.json) say(asJson(waiting));
        else if (waiting.length === 0) say('Nothing waits for a decision.');
        else
          for (const each of waiting) {
            say(`${each.id}  ${each.action}  ${each.subject}`);
            say(`  asked by ${each.requestedBy} at ${each.requestedAt.toISOString()}`);
            say(`  ${canonicalJson(each.content)}`);
          }
      }),
    );

  approvals
    .command('approve <id>')
    .description('approve a request of another officer and carry it out')
    .requiredOption('--officer <name>', 'who approves')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { officer: string; json?: true }) =>
      withApp(async (app) => {
        await app.get(Approvals, { strict: false }).approve(id, options.officer);
        say(
          options.json ? asJson({ id, state: 'approved' }) : `${id} is approved and carried out.`,
        );
      }),
    );

  approvals
    .command('decline <id>')
    .description('decline a request of another officer')
    .requiredOption('--officer <name>', 'who declines')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { officer: string; reason: string; json?: true }) =>
      withApp(async (app) => {
        await app.get(Approvals, { strict: false }).decline(id, options.officer, options.reason);
        say(options.json ? asJson({ id, state: 'declined' }) : `${id} is declined.`);
      }),
    );
}
