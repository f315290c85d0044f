/**
 * Any interleaving of repeated notifications gives one payment and one receipt per transaction id, whichever of the
 * repeats comes first and however many come at the same moment (security-reliability §3.2).
 */
import fc from 'fast-check';
import { pay } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from '../support/gateway';

let gateway: TestGateway;
let psps: readonly SandboxParty[];
let cases = 0;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  // Money that must be taken, bill or no bill: what is tested is the gate before it.
  psps = [
    await gateway.party('PSP702', { policy: 'irrevocable' }),
    await gateway.party('PSP703', { policy: 'irrevocable' }),
  ];
});

afterAll(async () => {
  await gateway.stop();
});

/** Waves of notifications; those of a wave are sent at the same moment. */
const anyWaves = fc.array(
  fc.array(fc.record({ psp: fc.nat(1), id: fc.nat(2) }), { minLength: 1, maxLength: 8 }),
  { minLength: 1, maxLength: 3 },
);

it('repeats in any interleaving give one payment and one receipt', async () => {
  await fc.assert(
    fc.asyncProperty(anyWaves, async (waves) => {
      const place = `I${String(cases++)}`;
      const answers = new Map<string, Set<string>>();
      for (const wave of waves) {
        await Promise.all(
          wave.map(async ({ psp, id }) => {
            const party = psps[psp];
            if (party === undefined) throw new Error('no such PSP');
            const transactionId = `${place}-${String(id)}`;
            const answer = await pay(party, gateway.url, {
              transactionId,
              controlNumber: '997011234567',
              amount: `${String(id + 1)}00`,
              paidAt: '2026-11-24T10:00:00',
              resultUrl: 'http://127.0.0.1:1/',
            });
            const key = `${party.code} ${transactionId}`;
            answers.set(
              key,
              (answers.get(key) ?? new Set()).add(`${answer.code} ${answer.body.toString()}`),
            );
          }),
        );
      }
      const { rows } = await gateway.db.query<{ key: string; payments: string; receipts: string }>(
        `select t.code || ' ' || p.psp_transaction_id as key, count(*) as payments,
                count(distinct p.receipt_number) as receipts
           from payment p join party t on t.id = p.psp_id
          where p.psp_transaction_id like $1 || '-%' group by 1 order by 1`,
        [place],
      );
      expect(rows).toEqual(
        [...answers.keys()].sort().map((key) => ({ key, payments: '1', receipts: '1' })),
      );
      for (const each of answers.values()) {
        expect([...each]).toEqual([expect.stringMatching(/^7101 /)]);
      }
    }),
    { numRuns: 12 },
  );
  // Every final result of a transaction names the same receipt, however often it was sent.
  for (const party of psps) {
    const receipts = new Map<string, Set<string>>();
    await party.waitFor('gepgPmtFinResp');
    for (const { name, root } of party.received) {
      if (name !== 'gepgPmtFinResp') continue;
      const id = textOf(root, 'TrxId');
      receipts.set(id, (receipts.get(id) ?? new Set()).add(textOf(root, 'RcptNum')));
    }
    expect([...receipts.values()].filter((each) => each.size !== 1)).toEqual([]);
  }
}, 60_000);
