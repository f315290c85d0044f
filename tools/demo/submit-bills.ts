/** Act two: signed bills in, control numbers out; the same bills again, and one that cannot be taken. */
import { hasValidCheckDigit } from '../../src/bills/control-number.rules';
import { type SampleBill, submitBills } from '../sandbox/messages';
import { type SandboxParty, textOf } from '../sandbox/sandbox-party';
import { sumsOf } from './books';
import { billsPerMessage, type PlannedBill } from './plan';
import { count, DemoFault, money } from './screen';
import type { Stage } from './stage';
import { forEachAtOnce, waitForAll } from './waiting';

interface BillAnswer {
  readonly billId: string;
  readonly controlNumber: string;
  readonly codes: string;
}

/** What an institution has been told about its bills, in the order of arrival. */
export function billAnswers(party: SandboxParty): readonly BillAnswer[] {
  return party.received
    .filter((each) => each.name === 'gepgBillSubResp')
    .flatMap((each) => each.root.children)
    .map((bill) => ({
      billId: textOf(bill, 'BillId'),
      controlNumber: textOf(bill, 'PayCntrNum'),
      codes: textOf(bill, 'TrxStsCode'),
    }));
}

async function submit(stage: Stage, code: PlannedBill['institution'], bills: SampleBill[]) {
  const party = stage.cast.institution(code);
  const answer = await submitBills(party, stage.gateway, bills);
  stage.books.expect(`a message of ${count(bills.length, 'bill')}`, answer, '7101');
}

function messagesOf(planned: readonly PlannedBill[]): readonly (readonly PlannedBill[])[] {
  return (['SP70101', 'SP70202'] as const).flatMap((code) => {
    const own = planned.filter((each) => each.institution === code);
    return Array.from({ length: Math.ceil(own.length / billsPerMessage) }, (_, i) =>
      own.slice(i * billsPerMessage, (i + 1) * billsPerMessage),
    );
  });
}

/** Returns the control number of each bill by its BillId. */
export async function submitAll(
  stage: Stage,
  planned: readonly PlannedBill[],
): Promise<ReadonlyMap<string, string>> {
  const { screen } = stage;
  const messages = messagesOf(planned);
  let submitted = 0;
  await forEachAtOnce(messages, async (message) => {
    const [first] = message;
    if (first === undefined) return;
    await submit(
      stage,
      first.institution,
      message.map((each) => each.bill),
    );
    submitted += message.length;
    screen.progress('bills submitted', submitted, planned.length);
  });
  const sums = sumsOf(planned);
  screen.say(
    `${count(planned.length, 'bill')} of two institutions signed and submitted in ${count(messages.length, 'message')}: ` +
      `TZS ${money(sums.TZS)} and USD ${money(sums.USD)}, to be paid in full, in instalments or exactly.`,
  );
  const numbers = await collectNumbers(stage, planned);
  screen.say(
    `${count(numbers.size, 'control number')} came back; every check digit holds, no number came twice.`,
  );
  await submitAgain(stage, messages[0] ?? [], numbers);
  await submitFaulty(stage);
  return numbers;
}

async function collectNumbers(
  stage: Stage,
  planned: readonly PlannedBill[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(planned.map((each) => each.bill.billId));
  const numbers = new Map<string, string>();
  await waitForAll(stage.screen, 'control numbers received', wanted.size, () => {
    for (const party of [stage.cast.hospital, stage.cast.water]) {
      for (const { billId, controlNumber, codes } of billAnswers(party)) {
        if (!wanted.has(billId)) continue;
        if (codes !== '7101') throw new DemoFault(`Bill ${billId} was answered ${codes}.`);
        numbers.set(billId, controlNumber);
      }
    }
    return numbers.size;
  });
  const bad = [...numbers.values()].find((each) => !hasValidCheckDigit(each));
  if (bad !== undefined) throw new DemoFault(`The check digit of control number ${bad} is wrong.`);
  if (new Set(numbers.values()).size !== numbers.size)
    throw new DemoFault('Two bills have the same control number.');
  return numbers;
}

/** A message whose acknowledgement was lost is sent again: the same numbers, no second bill. */
async function submitAgain(
  stage: Stage,
  message: readonly PlannedBill[],
  numbers: ReadonlyMap<string, string>,
): Promise<void> {
  const [first] = message;
  if (first === undefined) return;
  const party = stage.cast.institution(first.institution);
  await submit(
    stage,
    first.institution,
    message.map((each) => each.bill),
  );
  const ids = new Set(message.map((each) => each.bill.billId));
  const own = () => billAnswers(party).filter((each) => ids.has(each.billId));
  await waitForAll(stage.screen, 'repeated bills answered', 2 * ids.size, () => own().length);
  const other = own().find((each) => numbers.get(each.billId) !== each.controlNumber);
  if (other !== undefined) throw new DemoFault(`Bill ${other.billId} got a second number.`);
  stage.screen.say(
    `${count(ids.size, 'bill')} submitted a second time got the numbers that they had.`,
  );
}

async function submitFaulty(stage: Stage): Promise<void> {
  const { cast, run, screen } = stage;
  const billId = `${run}-SUM`;
  await submit(stage, 'SP70101', [
    {
      billId,
      amount: '10000.00',
      generatedAt: stage.wireNow(),
      expiresAt: stage.wireNow(86_400_000),
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount: '9000.00' }],
    },
  ]);
  const own = () => billAnswers(cast.hospital).filter((each) => each.billId === billId);
  await waitForAll(screen, 'faulty bill answered', 1, () => own().length);
  const codes = own()[0]?.codes ?? '';
  if (!codes.startsWith('7258')) throw new DemoFault(`A wrong sum was answered ${codes}.`);
  screen.say(`A bill whose items do not add up was refused, with the codes ${codes}.`);
}

/** A few seconds of life; more where this machine is so slow that the bill came after its expiry. */
const shortLivesMs = [4_000, 12_000, 36_000];

/** A bill that is too late to pay a few seconds from now. */
export async function submitShortLived(
  stage: Stage,
): Promise<{ readonly billId: string; readonly controlNumber: string }> {
  for (const [i, lifeMs] of shortLivesMs.entries()) {
    const billId = `${stage.run}-LATE-${String(i + 1)}`;
    await submit(stage, 'SP70202', [
      {
        billId,
        amount: '8000.00',
        generatedAt: stage.wireNow(),
        expiresAt: stage.wireNow(lifeMs),
        subSpCode: '1001',
        systemId: 'TMAJI001',
        items: [{ gfsCode: '140101', amount: '8000.00' }],
      },
    ]);
    const own = () => billAnswers(stage.cast.water).filter((each) => each.billId === billId);
    await waitForAll(stage.screen, 'short-lived bill answered', 1, () => own().length);
    const [answer] = own();
    if (answer?.codes === '7101') return { billId, controlNumber: answer.controlNumber };
  }
  throw new DemoFault('A bill that expires in 36 seconds was refused: this clock is ahead.');
}
