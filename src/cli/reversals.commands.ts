/** Money that goes back: reversals that PSPs ask for or officers propose, and refunds with their files for the bank. */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { formatAmount, parsePlainAmount } from '../kernel/money';
import { DecideReversals } from '../payments/decide-reversals';
import { Refunds, type RefundSource } from '../payments/refunds';
import { actor, asJson, say, withApp } from './run-command';
import { table } from './text-table';

export function registerReversalCommands(program: Command): void {
  const reversals = program.command('reversals').description('payments that shall be taken back');

  reversals
    .command('list')
    .description('what PSPs ask for')
    .option('--state <state>', 'requested, approved or declined')
    .option('--json', 'print JSON')
    .action(async (options: { state?: string; json?: true }) =>
      withApp(async (app) => {
        const list = await app.get(DecideReversals, { strict: false }).requests(options.state);
        say(
          options.json
            ? asJson(list)
            : table(
                ['id', 'psp', 'transaction', 'receipt', 'reason', 'state'],
                list.map((each) => [
                  each.id,
                  each.pspCode,
                  each.transactionId,
                  each.receiptNumber,
                  each.reason,
                  each.state,
                ]),
              ),
        );
      }),
    );

  reversals
    .command('propose')
    .description('take a payment back; a second officer approves (approvals approve)')
    .option('--request <id>', 'as a PSP asked for')
    .option('--payment <id>', 'or this payment')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--officer <name>', 'who does this')
    .option('--json', 'print JSON')
    .action(
      async (options: {
        request?: string;
        payment?: string;
        reason: string;
        officer: string;
        json?: true;
      }) =>
        withApp(async (app) => {
          const approvalId = await app.get(DecideReversals, { strict: false }).propose(
            {
              ...(options.request === undefined ? {} : { requestId: options.request }),
              ...(options.payment === undefined ? {} : { paymentId: options.payment }),
              reason: options.reason,
            },
            options.officer,
          );
          say(options.json ? asJson({ approvalId }) : `awaiting approval ${approvalId}`);
        }),
    );

  reversals
    .command('decline <request>')
    .description("turn a PSP's request down")
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--officer <name>', 'who does this')
    .action(async (request: string, options: { reason: string; officer: string }) =>
      withApp(async (app) => {
        const decide = app.get(DecideReversals, { strict: false });
        await decide.decline(request, options.reason, options.officer);
        say(`${request}: declined`);
      }),
    );

  const refunds = program.command('refunds').description('money that goes back to payers');

  refunds
    .command('list')
    .description('approved, instructed, paid and returned ones')
    .option('--state <state>', 'approved, instructed, paid or returned')
    .option('--json', 'print JSON')
    .action(async (options: { state?: string; json?: true }) =>
      withApp(async (app) => {
        const { state } = options;
        const list = await app
          .get(Refunds, { strict: false })
          .list(state === undefined ? {} : { state });
        say(
          options.json
            ? asJson(list)
            : table(
                ['end-to-end id', 'receipt', 'source', 'amount', '', 'to', 'state', 'batch'],
                list.map((each) => [
                  each.endToEndId,
                  each.receiptNumber,
                  each.source,
                  formatAmount(each.amountMinor),
                  each.currency,
                  each.creditorAccount,
                  each.state,
                  each.batchId ?? '',
                ]),
                [3],
              ),
        );
      }),
    );

  refunds
    .command('request')
    .description('give money of a payment back; a second officer approves')
    .requiredOption('--payment <id>', 'the payment')
    .requiredOption('--from <source>', 'suspense, surplus or reversal')
    .requiredOption('--amount <amount>', 'how much', parsePlainAmount)
    .requiredOption('--name <text>', 'whose account it is')
    .requiredOption('--account <number>', 'the account')
    .option('--bank <bic>', 'its bank', '')
    .option('--paid-from <number>', "our account that pays; the payment's, where it has one")
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--officer <name>', 'who does this')
    .option('--json', 'print JSON')
    .action(
      async (options: {
        payment: string;
        from: RefundSource;
        amount: bigint;
        name: string;
        account: string;
        bank: string;
        paidFrom?: string;
        reason: string;
        officer: string;
        json?: true;
      }) =>
        withApp(async (app) => {
          const approvalId = await app.get(Refunds, { strict: false }).request(
            {
              paymentId: options.payment,
              source: options.from,
              amountMinor: options.amount,
              ...(options.paidFrom === undefined ? {} : { account: options.paidFrom }),
              creditorName: options.name,
              creditorAccount: options.account,
              creditorBank: options.bank,
              reason: options.reason,
            },
            options.officer,
          );
          say(options.json ? asJson({ approvalId }) : `awaiting approval ${approvalId}`);
        }),
    );

  refunds
    .command('instruct')
    .description('put all approved refunds of an account into one batch; a second officer approves')
    .requiredOption('--account <number>', 'the collection account that pays')
    .option('--currency <code>', 'its currency', 'TZS')
    .requiredOption('--officer <name>', 'who does this')
    .option('--json', 'print JSON')
    .action(async (options: { account: string; currency: string; officer: string; json?: true }) =>
      withApp(async (app) => {
        const approvalId = await app
          .get(Refunds, { strict: false })
          .requestBatch(options.account, options.currency, options.officer);
        say(options.json ? asJson({ approvalId }) : `awaiting approval ${approvalId}`);
      }),
    );

  refunds
    .command('file')
    .description('the instruction file of a batch for the bank (pain.001.001.03)')
    .requiredOption('--batch <id>', 'the batch')
    .option('--out <file>', 'write it there instead of printing it')
    .action(async (options: { batch: string; out?: string }) =>
      withApp(async (app) => {
        const { text } = await app.get(Refunds, { strict: false }).file(options.batch, actor);
        if (options.out === undefined) process.stdout.write(text);
        else writeFileSync(options.out, text);
      }),
    );
}
