/** Act four: requests of the shapes that clients of the field send (`certs-sample/requests`), with ids of this run. */
import type { SampleFacts, SampleRequest } from '../sandbox/sample-request';
import { sampleRequests } from '../sandbox/sample-requests';
import type { SandboxParty } from '../sandbox/sandbox-party';
import type { BookedPayment } from './books';
import { count, DemoFault } from './screen';
import type { Stage } from './stage';
import { billAnswers } from './submit-bills';
import { waitForAll } from './waiting';

const submissions = ['java-01', 'java-02', 'node-01', 'dotnet-01', 'php-01', 'php-02'];
const dayMs = 86_400_000;

function partyOf(stage: Stage, code: string): SandboxParty {
  const member = stage.cast.members.find((each) => each.party.code === code);
  if (member === undefined) throw new Error(`no party ${code}`);
  return member.party;
}

async function play(
  stage: Stage,
  requests: readonly SampleRequest[],
  name: string,
  code: string,
): Promise<void> {
  const request = requests.find((each) => each.name === name);
  if (request === undefined) throw new Error(`no sample request ${name}`);
  const own = /^(host|connection|content-length)$/i;
  const headers = request.headers
    .filter(([header]) => !own.test(header))
    .map(([header, value]) => [header.toLowerCase(), value] as const);
  const answer = await partyOf(stage, request.party).post(
    stage.gateway,
    request.path,
    request.body,
    Object.fromEntries(headers),
  );
  stage.books.expect(`the sample request ${name}`, answer, code);
}

export async function playFieldRequests(stage: Stage): Promise<void> {
  const { books, cast, screen, run } = stage;
  const generatedAt = stage.wireNow();
  const facts = (numbers: ReadonlyMap<string, string>): SampleFacts => ({
    prefix: run,
    generatedAt,
    expiresAt: stage.wireNow(180 * dayMs),
    laterExpiresAt: stage.wireNow(270 * dayMs),
    day: stage.day,
    javaNumber: numbers.get(`${run}-J-1`) ?? '',
    nodeNumber: numbers.get(`${run}-N-1`) ?? '',
    phpNumber: numbers.get(`${run}-P-1`) ?? '',
    bankResultUrl: cast.resultUrl('PSP701'),
    operatorResultUrl: cast.resultUrl('PSP703'),
  });
  const bills = sampleRequests(facts(new Map()));
  for (const name of submissions) await play(stage, bills, name, '7101');
  const numbers = await numbersOf(stage);

  const payments = sampleRequests(facts(numbers));
  await play(stage, payments, 'bank-01', '7101');
  books.enquiries += 1;
  await play(stage, payments, 'bank-02', '7101');
  await play(stage, payments, 'bank-03', '7101');
  await play(stage, payments, 'operator-01', '7101');
  const booked = { currency: 'TZS', paidAt: generatedAt } as const;
  const paid: readonly BookedPayment[] = [
    {
      ...booked,
      psp: 'PSP701',
      transactionId: `${run}-T-1`,
      controlNumber: numbers.get(`${run}-J-1`) ?? '',
      amountMinor: 6_500_000n,
      billId: `${run}-J-1`,
    },
    {
      ...booked,
      psp: 'PSP701',
      transactionId: `${run}-T-2`,
      controlNumber: numbers.get(`${run}-N-1`) ?? '',
      amountMinor: 4_800_000n,
      billId: `${run}-N-1`,
    },
    {
      ...booked,
      psp: 'PSP703',
      transactionId: `${run}-T-3`,
      controlNumber: numbers.get(`${run}-P-1`) ?? '',
      amountMinor: 1_200_000n,
      billId: `${run}-P-1`,
    },
  ];
  books.taken.push(...paid);
  await play(stage, payments, 'java-04', '7283');
  screen.say(
    'Clients in Java, Node, .NET and PHP and two PSPs sent requests with the quirks of the field: double-escaped text, 1.25E7, a false utf-16, signed line breaks, blanks in end tags, odd times.',
  );
  screen.say(
    `${count(numbers.size, 'bill')} got control numbers, ${count(paid.length, 'payment')} were taken, one bill was cancelled.`,
  );
}

/** By BillId: eight bills in six messages. */
async function numbersOf(stage: Stage): Promise<ReadonlyMap<string, string>> {
  const sample = new RegExp(`^${stage.run}-(?:[JNP]-\\d|\\d{5})$`);
  const numbers = new Map<string, string>();
  await waitForAll(stage.screen, 'control numbers received', 8, () => {
    for (const party of [stage.cast.hospital, stage.cast.water]) {
      for (const { billId, controlNumber, codes } of billAnswers(party)) {
        if (!sample.test(billId)) continue;
        if (codes !== '7101') throw new DemoFault(`Bill ${billId} was answered ${codes}.`);
        numbers.set(billId, controlNumber);
      }
    }
    return numbers.size;
  });
  return numbers;
}
