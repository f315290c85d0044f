/**
 * Hostile messages of our own making, over real HTTP. After each of them holds what security design §2 asks: HTTP 200
 * and a signed answer of the path's generation, or the edge's refusal; exactly the rows of rulings.md §2; one security
 * log line; nothing of our inside in the answer; and the next honest request succeeds.
 */
import { Log } from '../../src/platform/logging/logger';
import { cancelBills } from '../../tools/sandbox/messages';
import type { Answer, SandboxParty } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';
import { type Attack, operationAt, paths } from './hostile/attack';
import { encodingAttacks } from './hostile/encoding-attacks';
import { envelopeAttacks } from './hostile/envelope-attacks';
import { fieldAttacks } from './hostile/field-attacks';
import { identityAttacks } from './hostile/identity-attacks';
import { signatureAttacks } from './hostile/signature-attacks';

let gateway: TestGateway;
let hospital: SandboxParty;
let bank: SandboxParty;
let securityLines: jest.SpyInstance;

const tables = ['inbound_message', 'payment_notification', 'payment', 'bill', 'delivery'] as const;
/** By what an attack may leave: the rows that each table gains. */
const gained = {
  nothing: [0, 0, 0, 0, 0],
  edge: [0, 0, 0, 0, 0],
  message: [1, 0, 0, 0, 0],
  refusal: [1, 1, 0, 0, 0],
} as const;

/** A stack, a statement, a file, a library: what an answer must not tell. */
const inside =
  /\bat \S+ \(|\.[jt]s\b|node_modules|\/src\/|\/home\/|\bselect\b|\binsert\b|postgres|typeorm|fastify|openssl|xml2js|Error\b/i;

async function rows(): Promise<readonly number[]> {
  const counts = tables.map((table) => `(select count(*)::integer from ${table})`).join(', ');
  const { rows: found } = await gateway.db.query<{ counts: number[] }>(
    `select array[${counts}] as counts`,
  );
  return found[0]?.counts ?? [];
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  hospital = await gateway.party('SP70101');
  await gateway.party('SP70202', { groups: [{ code: 'SPG702', members: ['SP70202'] }] });
  bank = await gateway.party('PSP701');
  await gateway.party('PSP702', { profile: { digests: ['sha256'] } });
  securityLines = jest.spyOn(gateway.app.get(Log, { strict: false }), 'security');
});

afterAll(async () => {
  await gateway.stop();
});

async function send({ to, headers }: Attack, body: Buffer | string): Promise<Answer> {
  const isPayment = operationAt(paths[to]).partyKind === 'payment-service-provider';
  return (isPayment ? bank : hospital).post(gateway.url, paths[to], body, headers);
}

/** What was not understood is answered in the path's own form, the rest in the generation of its message. */
function expectSigned({ to, outcome }: Attack, body: Buffer | string, answer: Answer): void {
  expect(answer).toMatchObject({ status: 200, contentType: 'application/xml', isSigned: true });
  const [own] = operationAt(paths[to]).messages;
  if (outcome.leaves === 'nothing') expect(answer.root.name).toBe(own.ackRoot);
  else expect(answer.root.name.startsWith('gepg')).toBe(body.includes('<Gepg><gepg'));
}

async function expectHonestService(): Promise<void> {
  expect((await cancelBills(hospital, gateway.url, 'THOSP001', ['none'])).code).toBe('7204');
}

describe.each([
  ['envelopes', envelopeAttacks],
  ['encodings and sizes', encodingAttacks],
  ['signatures', signatureAttacks],
  ['identities', identityAttacks],
  ['fields', fieldAttacks],
])('%s', (_title, attacks) => {
  it.each(attacks.map((each) => [each.to, each.name, each] as const))(
    'to %s: %s',
    async (_to, _name, attack) => {
      const { outcome } = attack;
      const body = attack.body();
      const before = await rows();
      securityLines.mockClear();
      const answer = await send(attack, body);
      const after = await rows();

      if (outcome.leaves === 'edge') expect(String(answer.status)).toMatch(outcome.code);
      else {
        expect(answer.code).toMatch(outcome.code);
        expectSigned(attack, body, answer);
      }
      expect(answer.body.toString()).not.toMatch(inside);
      expect(after.map((count, i) => count - (before[i] ?? 0))).toEqual(gained[outcome.leaves]);
      expect(securityLines).toHaveBeenCalledTimes(outcome.securityLines);
      await expectHonestService();
    },
  );
});

it('nothing above took money or made a bill', async () => {
  expect(await gateway.count('payment')).toBe(0);
  expect(await gateway.count('bill')).toBe(0);
  expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
});
