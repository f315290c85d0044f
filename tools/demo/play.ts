/**
 * The main job of the gateway, act by act, on a realistic day. Every answer and every signature is verified, and every
 * shilling is counted three times; anything that is not as promised ends it with a DemoFault. Product card §10.
 */
import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { table } from '../../src/cli/text-table';
import { ReviewDeliveries } from '../../src/deliveries/review-deliveries';
import { businessDayOf, formatWireInstant } from '../../src/kernel/business-day';
import { instantFromMs, SystemClock } from '../../src/kernel/clock';
import { parsePlainAmount } from '../../src/kernel/money';
import { textOf } from '../sandbox/sandbox-party';
import { Books, type Sums, sumsOf } from './books';
import { settleAtBank } from './bank-statement';
import { type Cast, openCast } from './cast';
import { reconcileDay } from './day-statements';
import { playFieldRequests } from './field-requests';
import { Payer } from './pay-bills';
import { planBills, type PlannedBill } from './plan';
import { count, DemoFault, type Screen } from './screen';
import type { Stage } from './stage';
import { submitAll, submitShortLived } from './submit-bills';
import { compareTotals, ledgerSums } from './totals';
import { forEachAtOnce, waitForAll } from './waiting';

export interface DemoSetting {
  /** A context on the gateway's database: enrolment, statements and reports go through it. */
  readonly app: INestApplicationContext;
  readonly gateway: string;
  /** Whether `app` is the gateway itself and not another process on its database. */
  readonly isOwnProcess: boolean;
  /** Where the PSPs keep their statements. */
  readonly folder: string;
  readonly screen: Screen;
  readonly bills: number;
}

const billLifeMs = 180 * 86_400_000;

function stageFor(setting: DemoSetting, cast: Cast): Stage {
  const clock = new SystemClock();
  return {
    app: setting.app,
    gateway: setting.gateway,
    screen: setting.screen,
    cast,
    books: new Books(),
    run: `D${randomBytes(3).toString('hex').toUpperCase()}`,
    day: businessDayOf(clock.now()),
    wireNow: (aheadMs = 0) => formatWireInstant(instantFromMs(clock.now().getTime() + aheadMs)),
  };
}

export async function playDemo(setting: DemoSetting): Promise<void> {
  const { screen } = setting;
  screen.title('Parties');
  const cast = await openCast(setting.app, setting.isOwnProcess);
  try {
    introduce(cast, screen);
    await playDay(stageFor(setting, cast), setting);
  } finally {
    await cast.close();
  }
}

const refusalReasons: Readonly<Record<string, string>> = {
  '7212': 'paid in another currency than the bill',
  '7213': 'the bill has expired',
  '7214': 'less than the bill asks for',
  '7279': 'the bill is paid already',
  '7283': 'the bill is cancelled',
  '7302': 'not exactly the amount of the bill',
  '7333': 'the check digit of the control number is wrong',
  '7335': 'the control number was never issued',
};

const roles: Readonly<Record<string, string>> = {
  SP70101: 'hospital',
  SP70202: 'water authority',
  PSP701: 'bank',
  PSP702: 'mobile operator',
  PSP703: 'irrevocable operator',
};

function introduce(cast: Cast, screen: Screen): void {
  screen.show(
    table(
      ['code', 'name', 'plays', 'listens on'],
      cast.members.map(({ party, name, base }) => [
        party.code,
        name,
        roles[party.code] ?? '',
        base.replace('http://', ''),
      ]),
    ),
  );
  const news = cast.members.filter((each) => each.isEnrolledNow).map((each) => each.party.code);
  screen.blank();
  screen.say(
    news.length === 0
      ? 'All are enrolled already. The demonstration plays them, with the keys of certs-sample.'
      : `Enrolled now: ${news.join(', ')}. The demonstration plays all five, with the keys of certs-sample.`,
  );
}

async function playDay(stage: Stage, setting: DemoSetting): Promise<void> {
  const { screen, books } = stage;
  const before = await ledgerSums(stage);

  screen.title(`Bills (ids of this run begin with ${stage.run})`);
  const late = await submitShortLived(stage);
  const planned = planBills(setting.bills, stage.run, stage.wireNow(), stage.wireNow(billLifeMs));
  const numbers = await submitAll(stage, planned);

  screen.title('Enquiries and payments');
  await payAll(stage, planned, numbers, late);
  screen.say(`${count(books.enquiries, 'enquiry', 'enquiries')} answered, each with what was due.`);
  screen.say(
    `${count(books.onBills.length, 'payment')} taken on bills: full and exact ones, instalments, some above the bill.`,
  );
  screen.say(
    `${count(books.inSuspense.length, 'payment')} of the irrevocable PSP703 that no bill could take put in suspense.`,
  );
  screen.say(
    `${count(books.repeats, 'notification')} sent again: the same answer and no money twice, or 7207 where the amount was another. One signed with the key of another party: 7303.`,
  );

  screen.say(`${count(books.refused.length, 'payment')} refused, each kept with its reason:`);
  screen.blank();
  screen.show(
    table(
      ['code', 'payments', 'reason'],
      books.refusals.map(([code, n]) => [code, String(n), refusalReasons[code] ?? '']),
      [1],
    ),
  );

  screen.title('Requests as clients in the field send them');
  await playFieldRequests(stage);

  screen.title('Confirmations');
  const { confirmed, receipts } = await awaitConfirmations(stage);
  await awaitDeliveries(stage, numbers);
  countSignatures(stage);

  screen.title('Statements of the day, and its reconciliation');
  if (businessDayOf(new SystemClock().now()) !== stage.day)
    throw new DemoFault('Midnight passed in East Africa during the demonstration; run it again.');
  const open = planned.find((each) => each.fate === 'unpaid');
  if (open === undefined) throw new Error('no bill was left unpaid');
  const controlNumber = numbers.get(open.bill.billId) ?? '';
  await reconcileDay(stage, setting.folder, receipts, {
    controlNumber,
    amountMinor: open.amountMinor,
  });

  screen.title('Totals');
  await compareTotals(stage, before, confirmed);

  screen.title('The statement of a bank');
  await settleAtBank(stage, setting.folder);
}

async function payAll(
  stage: Stage,
  planned: readonly PlannedBill[],
  numbers: ReadonlyMap<string, string>,
  late: { readonly billId: string; readonly controlNumber: string },
): Promise<void> {
  const payer = new Payer(stage);
  let settled = 0;
  await forEachAtOnce(planned, async (each) => {
    await payer.settle(each, numbers.get(each.bill.billId) ?? '');
    settled += 1;
    stage.screen.progress('bills looked after', settled, planned.length);
  });
  await payer.payStrangers();
  await payer.payTooLate(late.billId, late.controlNumber);
}

/** Each payment on a bill is confirmed to its institution, each one taken has its final result at the PSP. */
async function awaitConfirmations(
  stage: Stage,
): Promise<{ confirmed: Sums; receipts: ReadonlyMap<string, string> }> {
  const { books, cast, screen } = stage;
  const results = new Map<string, string>();
  await waitForAll(screen, 'final results at the PSPs', books.taken.length, () => {
    for (const code of ['PSP701', 'PSP702', 'PSP703'] as const) {
      for (const { name, root } of cast.psp(code).received) {
        const id = textOf(root, 'TrxId');
        if (name === 'gepgPmtFinResp' && id.startsWith(`${stage.run}-`))
          results.set(id, textOf(root, 'RcptNum'));
      }
    }
    return results.size;
  });
  const confirmations = new Map<string, { receipt: string; sum: Parameters<typeof sumsOf>[0] }>();
  await waitForAll(screen, 'confirmations', books.onBills.length, () => {
    for (const { name, root } of [...cast.hospital.received, ...cast.water.received]) {
      const id = textOf(root, 'PspReceiptNumber');
      if (name !== 'gepgPmtSpInfo' || !id.startsWith(`${stage.run}-`)) continue;
      const currency = textOf(root, 'CCy') as 'TZS' | 'USD';
      const amountMinor = parsePlainAmount(textOf(root, 'PaidAmt'));
      confirmations.set(id, {
        receipt: textOf(root, 'PayRefId'),
        sum: [{ amountMinor, currency }],
      });
    }
    return confirmations.size;
  });
  for (const { transactionId } of books.onBills) {
    const receipt = confirmations.get(transactionId)?.receipt;
    if (receipt === undefined || receipt !== results.get(transactionId))
      throw new DemoFault(`The PSP and the institution hold other receipts of ${transactionId}.`);
  }
  screen.say(
    `${count(confirmations.size, 'payment')} confirmed to the institutions, ${count(results.size, 'final result')} to the PSPs, with the same receipt numbers.`,
  );
  return {
    confirmed: sumsOf([...confirmations.values()].flatMap((each) => [...each.sum])),
    receipts: results,
  };
}

/** Nothing of this run is left to send when its endpoints close. */
async function awaitDeliveries(stage: Stage, numbers: ReadonlyMap<string, string>): Promise<void> {
  const ours = new Set(numbers.values());
  const review = stage.app.get(ReviewDeliveries, { strict: false });
  await waitForAll(stage.screen, 'deliveries acknowledged', numbers.size, async () => {
    const open = await Promise.all(
      (['ready', 'leased'] as const).map((state) => review.list({ state, limit: 1_000 })),
    );
    const left = open
      .flat()
      .filter((row) => ours.has(row.subject) || row.subject.includes(`/${stage.run}-`));
    return numbers.size - left.length;
  });
}

/** Everything that the gateway said in this run was signed with its key. */
function countSignatures({ books, cast, screen }: Stage): void {
  const received = cast.members.flatMap((member) => member.party.received);
  const unsigned = received.find((each) => !each.isSigned);
  if (unsigned !== undefined)
    throw new DemoFault(`A ${unsigned.name} came with a signature that does not hold.`);
  screen.say(
    `Every signature holds: of ${count(books.answers, 'answer')} and of ${count(received.length, 'message')} that the gateway sent.`,
  );
}
