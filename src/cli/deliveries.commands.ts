/** What we owe others to say: looked at, sent again, parked and put back. */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { ParkDeliveries } from '../deliveries/park-deliveries';
import { PinAuthority } from '../deliveries/pin-authority';
import { ResendDeliveries, type Selection } from '../deliveries/resend-deliveries';
import { type DeliveryState, ReviewDeliveries } from '../deliveries/review-deliveries';
import { parseBusinessDay } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { PartyDirectory } from '../parties/party-directory';
import { Database } from '../platform/database/database';
import { actor, asJson, readCount, say, withApp } from './run-command';
import { table } from './text-table';

const readId = (text: string): bigint => BigInt(readCount(text));
const dueAgain = (count: number): string =>
  `${String(count)} ${count === 1 ? 'delivery is' : 'deliveries are'} due again.`;

export function registerDeliveryCommands(program: Command): void {
  const deliveries = program.command('deliveries').description('what we owe others to say');
  registerLooking(deliveries);
  registerResend(deliveries);
  registerParking(deliveries);

  deliveries
    .command('pin')
    .description('the certification authority that a recipient must show, or the public ones again')
    .requiredOption('--party <code>', 'whose endpoint')
    .option('--ca <file>', 'PEM certificate of the authority; without it, the public ones')
    .action(async (options: { party: string; ca?: string }) => {
      const pem = options.ca === undefined ? null : readPem(options.ca);
      await withApp(async (app) => {
        await app.get(PinAuthority, { strict: false }).execute(options.party, pem, actor);
        say(
          `${options.party} must show a certificate of ${pem === null ? 'a public authority' : 'this authority'}.`,
        );
      });
    });
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Refusal('delivery.authority-malformed', `cannot read ${path}`);
  }
}

function registerLooking(deliveries: Command): void {
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
    .option('--recipient <code>', 'only what is owed to this party')
    .option('--limit <count>', 'how many', readCount, 50)
    .option('--json', 'print JSON')
    .action(
      async (options: { state?: DeliveryState; recipient?: string; limit: number; json?: true }) =>
        withApp(async (app) => {
          const rows = await app.get(ReviewDeliveries, { strict: false }).list(options);
          if (options.json) {
            say(asJson(rows));
            return;
          }
          say(
            table(
              ['id', 'to', 'kind', 'subject', 'state', 'tries', 'last outcome'],
              rows.map((row) => [
                String(row.id),
                row.recipient,
                row.kind,
                row.subject,
                row.state,
                String(row.attemptCount),
                row.lastOutcome ?? '',
              ]),
              [0, 5],
            ),
          );
        }),
    );

  deliveries
    .command('attempts')
    .description('every try at one delivery, and what was answered')
    .requiredOption('--id <id>', 'delivery id', readId)
    .option('--json', 'print JSON')
    .action(async (options: { id: bigint; json?: true }) =>
      withApp(async (app) => {
        const found = await app.get(ReviewDeliveries, { strict: false }).attempts(options.id);
        const attempts = found.attempts.map((each) => ({
          ...each,
          answer: each.answer?.toString('utf8') ?? null,
        }));
        if (options.json) {
          say(asJson({ ...found, attempts }));
          return;
        }
        const { delivery } = found;
        say(
          `${delivery.kind} to ${delivery.recipient} about ${delivery.subject}: ${delivery.state}, next at ${delivery.nextAttemptAt.toISOString()}`,
        );
        say(
          table(
            ['try', 'at', 'ms', 'HTTP', 'outcome', 'answer'],
            attempts.map((each) => [
              String(each.attempt),
              each.startedAt.toISOString(),
              String(each.durationMs),
              String(each.httpStatus ?? ''),
              each.outcome,
              // What a stranger answered, on one line and without what a terminal would obey.
              (each.answer ?? '').replace(/[^\x20-\x7e]+/g, ' ').slice(0, 80),
            ]),
            [0, 2, 3],
          ),
        );
      }),
    );

  deliveries
    .command('down')
    .description('recipients whose endpoints failed too often, and until when they are left alone')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) =>
      withApp(async (app) => {
        const rows = await app.get(ReviewDeliveries, { strict: false }).openBreakers();
        if (options.json) {
          say(asJson(rows));
          return;
        }
        say(
          table(
            ['party', 'endpoint', 'since', 'next probe', 'last outcome', 'waiting'],
            rows.map((row) => [
              row.code,
              row.endpoint,
              row.openedAt.toISOString(),
              row.openUntil.toISOString(),
              row.lastOutcome,
              String(row.waiting),
            ]),
            [5],
          ),
        );
      }),
    );
}

function registerResend(deliveries: Command): void {
  deliveries
    .command('resend')
    .description(
      'send again, with the same id and the same bytes: one, a range of events, those of a bill, or of a day',
    )
    .option('--id <id>', 'delivery id', readId)
    .option('--from <sequence>', 'events of the feed of --recipient, from this number', readId)
    .option('--to <sequence>', 'to this number; without it, the one event', readId)
    .option('--bill <control-number>', 'everything about a bill')
    .option('--subject <subject>', 'control number, or PSP and transaction id')
    .option('--day <day>', 'everything that came to be owed on a day')
    .option('--recipient <code>', 'only what is owed to this party')
    .action(
      async (options: {
        id?: bigint;
        from?: bigint;
        to?: bigint;
        bill?: string;
        subject?: string;
        day?: string;
        recipient?: string;
      }) =>
        withApp(async (app) => {
          const { id, from, to = from, day, recipient } = options;
          const subject = options.bill ?? options.subject;
          if ([id, from, subject, day].filter((each) => each !== undefined).length !== 1)
            program(deliveries).error(
              'malipo: give one of --id, --from, --bill, --subject and --day',
            );
          if (from === undefined ? options.to !== undefined : recipient === undefined)
            program(deliveries).error('malipo: a range of events is --from, --to and --recipient');
          const party =
            recipient === undefined
              ? undefined
              : await app.get(PartyDirectory, { strict: false }).find(recipient);
          if (recipient !== undefined && party === undefined)
            throw new Refusal('party.unknown', `${recipient} is not enrolled`, 'not-found');
          const selection: Selection = {
            ...(id === undefined ? {} : { ids: [id] }),
            ...(from === undefined || to === undefined ? {} : { events: { from, to } }),
            ...(subject === undefined ? {} : { subject }),
            ...(day === undefined ? {} : { day: parseBusinessDay(day) }),
            ...(party === undefined ? {} : { recipientId: party.id }),
          };
          const resend = app.get(ResendDeliveries, { strict: false });
          const count = await app
            .get(Database, { strict: false })
            .transaction((tx) => resend.execute(tx, selection, actor));
          say(dueAgain(count));
        }),
    );
}

function registerParking(deliveries: Command): void {
  deliveries
    .command('park')
    .description('take a waiting delivery out of the schedule')
    .requiredOption('--id <id>', 'delivery id', readId)
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .action(async (options: { id: bigint; reason: string }) =>
      withApp(async (app) => {
        await app.get(ParkDeliveries, { strict: false }).park(options.id, options.reason, actor);
        say(`delivery ${String(options.id)} is parked.`);
      }),
    );

  deliveries
    .command('unpark')
    .description('put a parked delivery back, or all of a party')
    .option('--id <id>', 'delivery id', readId)
    .option('--recipient <code>', 'everything parked for this party')
    .action(async (options: { id?: bigint; recipient?: string }) =>
      withApp(async (app) => {
        const { id, recipient } = options;
        if ((id === undefined) === (recipient === undefined))
          program(deliveries).error('malipo: give either --id or --recipient');
        const what = id === undefined ? { recipient: recipient ?? '' } : { id };
        say(dueAgain(await app.get(ParkDeliveries, { strict: false }).unpark(what, actor)));
      }),
    );
}

function program(command: Command): Command {
  return command.parent ?? command;
}
