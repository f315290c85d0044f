/**
 * Every hostile message of our own making among ten clean payments each, all at once: each clean one is taken, once, and
 * each hostile one is answered as it is alone. What the rate is meanwhile, `npm run bench intake` tells.
 */
import { writeElement } from '../../src/gepg/xml';
import { Log } from '../../src/platform/logging/logger';
import { paymentTree } from '../../tools/sandbox/messages';
import type { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { type Attack, operationAt, paths } from './hostile/attack';
import { encodingAttacks } from './hostile/encoding-attacks';
import { envelopeAttacks } from './hostile/envelope-attacks';
import { fieldAttacks } from './hostile/field-attacks';
import { identityAttacks } from './hostile/identity-attacks';
import { signatureAttacks } from './hostile/signature-attacks';

const attacks = [
  ...envelopeAttacks,
  ...encodingAttacks,
  ...signatureAttacks,
  ...identityAttacks,
  ...fieldAttacks,
];
const cleanPerAttack = 10;
const bills = 20;
const inFlight = 32;
const clean = attacks.length * cleanPerAttack;

let gateway: TestGateway;
let hospital: SandboxParty;
let bank: SandboxParty;
const numbers: string[] = [];
let securityLines: jest.SpyInstance;

/** Nobody is turned away for coming often: that is another spec's. */
const profile = { requestsPerSecond: 100_000 };

beforeAll(async () => {
  gateway = await TestGateway.start(undefined, { isIdle: true });
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101', { profile });
  const groups = [{ code: 'SPG702', members: ['SP70202'] }];
  await gateway.party('SP70202', { groups, profile });
  bank = await gateway.party('PSP701', { profile });
  await gateway.party('PSP702', { profile: { ...profile, digests: ['sha256'] } });
  const books = new Books(gateway);
  for (let i = 0; i < bills; i++) {
    const bill = draft(`MIX-${String(i)}`, { paymentOption: '2', systemId: 'THOSP001' });
    numbers.push(await books.numberOf('SP70101', bill));
  }
  securityLines = jest.spyOn(gateway.app.get(Log, { strict: false }), 'security');
});

afterAll(() => gateway.stop());

async function pay(i: number): Promise<string> {
  const paid = {
    transactionId: `MIX-${String(i)}`,
    controlNumber: numbers[i % bills] ?? '',
    amount: '1.00',
    paidAt: '2026-11-24T10:00:00',
    resultUrl: `${bank.url}/result`,
  };
  const body = bank.sign(writeElement('gepgPmtPstReq', paymentTree(bank.code, paid)));
  const { status, code, isSigned } = await bank.post(gateway.url, paths.pay4, body);
  return status === 200 && isSigned ? code : `${String(status)} ${code}`;
}

async function attackWith({ to, name, body, headers, outcome }: Attack): Promise<string> {
  const isPayment = operationAt(paths[to]).partyKind === 'payment-service-provider';
  const answer = await (isPayment ? bank : hospital).post(gateway.url, paths[to], body(), headers);
  const told = outcome.leaves === 'edge' ? String(answer.status) : answer.code;
  const isAsAlone =
    outcome.code instanceof RegExp ? outcome.code.test(told) : outcome.code === told;
  return isAsAlone ? '' : `${to}: ${name}: ${told}`;
}

it('changes nothing of what is taken, and of what is refused', async () => {
  const wrong: string[] = [];
  const jobs = attacks.flatMap((attack, at) => [
    async () => attackWith(attack),
    ...Array.from({ length: cleanPerAttack }, (_, i) => async () => {
      const code = await pay(at * cleanPerAttack + i);
      return code === '7101' ? '' : `a clean payment: ${code}`;
    }),
  ]);
  const worker = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const found = await job();
      if (found !== '') wrong.push(found);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));

  expect(wrong).toEqual([]);
  const left = (...kinds: readonly Attack['outcome']['leaves'][]): number =>
    attacks.filter(({ outcome }) => kinds.includes(outcome.leaves)).length;
  expect({
    messages: await gateway.count('inbound_message'),
    notifications: await gateway.count('payment_notification'),
    payments: await gateway.count('payment'),
    bills: await gateway.count('bill'),
  }).toEqual({
    messages: clean + left('message', 'refusal'),
    notifications: clean + left('refusal'),
    payments: clean,
    bills,
  });
  const { rows } = await gateway.db.query<{ paid: string }>(
    `select sum(paid_minor)::text as paid from bill`,
  );
  expect(rows).toEqual([{ paid: String(clean * 100) }]);
  expect(securityLines).toHaveBeenCalledTimes(
    attacks.reduce((lines, { outcome }) => lines + outcome.securityLines, 0),
  );
}, 180_000);
