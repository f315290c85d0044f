/** What we owe others to say: looked at, and sent again. */
import { type Command, Option } from 'commander';
import { ReviewDeliveries } from '../deliveries/review-deliveries';
import { actor, asJson, readCount, say, withApp } from './run-command';
import { table } from './text-table';

export function registerDeliveryCommands(program: Command): void {
  const deliveries = program.command('deliveries').description('what we owe others to say');

  deliveries
    .command('list')
    .description('the newest deliveries')
    .addOption(
      new Option('--state <state>', 'only this state').choices([
        'ready',
        'leased',
        'delivered',
        'parked',
      ]),
    )
    .option('--limit <count>', 'how many', readCount, 50)
    .option('--json', 'print JSON')
    .action(
      async (options: {
        state?: 'ready' | 'leased' | 'delivered' | 'parked';
        limit: number;
        json?: true;
      }) =>
        withApp(async (app) => {
          const rows = await app
            .get(ReviewDeliveries, { strict: false })
            .list({ ...(options.state ? { state: options.state } : {}), limit: options.limit });
          if (options.json) {
            say(asJson(rows));
            return;
          }
          say(
            table(
              ['id', 'kind', 'subject', 'state', 'tries', 'last outcome'],
              rows.map((row) => [
                String(row.id),
                row.kind,
                row.subject,
                row.state,
                String(row.attemptCount),
                row.lastOutcome ?? '',
              ]),
              [0, 4],
            ),
          );
        }),
    );

  deliveries
    .command('resend')
    .description('send a delivery again, by its id or by its subject (control number)')
    .option('--id <id>', 'delivery id', (text) => BigInt(readCount(text)))
    .option('--subject <subject>', 'control number, or PSP and transaction id')
    .action(async (options: { id?: bigint; subject?: string }) =>
      withApp(async (app) => {
        if ((options.id === undefined) === (options.subject === undefined)) {
          program.error('malipo: give either --id or --subject');
        }
        const what =
          options.id === undefined ? { subject: options.subject ?? '' } : { id: options.id };
        const count = await app.get(ReviewDeliveries, { strict: false }).resend(what, actor);
        say(`${String(count)} ${count === 1 ? 'delivery is' : 'deliveries are'} due again.`);
      }),
    );
}
