/** The alarms that somebody must look at, from the server. */
import { type Command, InvalidArgumentError } from 'commander';
import { Alarms } from '../assurance/alarms';
import { actor, asJson, say, withApp } from './run-command';
import { table } from './text-table';

function alarmId(text: string): bigint {
  if (!/^\d{1,18}$/.test(text))
    throw new InvalidArgumentError('wanted the number of an alarm, as "alarms list" shows it.');
  return BigInt(text);
}

export function registerAlarmCommands(program: Command): void {
  const alarms = program.command('alarms').description('what somebody must look at');

  alarms
    .command('list')
    .description('the open ones, the newest first, fifty at a time')
    .option('--before <id>', 'those older than this one', alarmId)
    .option('--json', 'print JSON')
    .action(async (options: { before?: bigint; json?: true }) =>
      withApp(async (app) => {
        const found = await app.get(Alarms, { strict: false }).open(options.before);
        if (options.json) {
          say(asJson(found.alarms));
          return;
        }
        if (found.alarms.length === 0) {
          say('no alarm is open');
          return;
        }
        const rows = found.alarms.map((each) => [
          String(each.id),
          each.openedAt.toISOString(),
          each.kind,
          each.subject,
          each.detail,
        ]);
        say(table(['id', 'since', 'kind', 'about', 'what'], rows));
        if (found.next !== undefined) say(`older ones: alarms list --before ${String(found.next)}`);
      }),
    );

  alarms
    .command('acknowledge')
    .argument('<id>', 'its number', alarmId)
    .description('say what was found or done; if the same happens again, there is a new alarm')
    .requiredOption('--note <text>', 'what was found or done')
    .action(async (id: bigint, options: { note: string }) =>
      withApp(async (app) => {
        await app.get(Alarms, { strict: false }).acknowledge(id, options.note, actor);
        say(`alarm ${String(id)}: acknowledged`);
      }),
    );
}
