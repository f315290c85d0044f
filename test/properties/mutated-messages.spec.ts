/**
 * Valid messages of all kinds, mutated: refused, or read as what was signed. 20,000 in process and a few hundred over
 * real HTTP; `npm run test:long` judges a million (mutated-messages.long.ts).
 */
import { randomInt } from 'node:crypto';
import { request } from 'undici';
import { TestGateway } from '../support/gateway';
import { sendingOf } from './mutations/judge';
import { judgeMany } from './mutations/run';

it('of 20,000 none is read as anything but what its signer signed', async () => {
  const { counts, broken } = await judgeMany(randomInt(1e9), 20_000);

  expect(broken).toEqual([]);
  // The mutations are neither so wild that nothing gets through, nor so tame that nothing is refused.
  expect(counts.refused).toBeGreaterThan(10_000);
  expect(counts['as-signed']).toBeGreaterThan(200);
  expect(counts.own).toBeGreaterThan(20);
}, 120_000);

it('of 300 over HTTP each is answered, and none with a fault of ours', async () => {
  const gateway = await TestGateway.start();
  try {
    await gateway.setClock('2026-11-24T08:00:00Z');
    for (const code of ['SP70101', 'SP70202', 'PSP701', 'PSP702']) await gateway.party(code);
    const from = randomInt(1e9);
    for (let seed = from; seed < from + 300; seed++) {
      const { operation, body, header, word } = sendingOf(seed);
      const answer = await request(`${gateway.url}${operation.path}`, {
        method: 'POST',
        headers: { 'gepg-com': word, 'gepg-code': header },
        body,
      });
      const text = await answer.body.text();
      const outcome = `seed ${String(seed)}: ${String(answer.statusCode)} ${text.slice(0, 200)}`;
      expect(outcome).toMatch(/: (?:200 <Gepg>|413 )/);
    }
  } finally {
    await gateway.stop();
  }
}, 120_000);
