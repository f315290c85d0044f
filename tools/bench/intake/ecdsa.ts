/**
 * Payments of a PSP that agreed on ECDSA P-256: the unique answers of throughput.ts with a signature that costs a tenth.
 * The gateway is the same and has its own P-256 key; before the clock starts one answer is verified with the certificate
 * that it publishes, so that the figure is of what it says.
 */
import { verify, X509Certificate } from 'node:crypto';
import { request } from 'undici';
import { openEnvelope } from '../../../src/gepg/envelope';
import { pspCodes } from '../stage/ground';
import {
  bodiesOf,
  count,
  detailOf,
  generationOf,
  inRound,
  jobFor,
  measured,
  type Setting,
} from './setting';
import { meaning, throughputName } from './throughput';

const connections = 256;

export async function measureEcdsa(setting: Setting, audits: boolean): Promise<void> {
  const { ground, plan, tally, unique } = setting;
  const prepare = (database: string): Promise<void> =>
    ground.on(database, async (db) => {
      await db.query(
        `update party set profile = profile || '{"gatewaySignature": "ecdsa"}' where code = $1`,
        [pspCodes[0]],
      );
    });
  await inRound(setting, { warmUp: 'unique', audits, prepare }, async (round) => {
    const job = jobFor(round.server, generationOf.unique, {
      messages: unique.measured,
      count: unique.measured.count,
      connections,
      seconds: plan.seconds,
    });
    const [known] = await bodiesOf(unique.warmUp, 1);
    await requireEcdsa(`http://127.0.0.1:${String(job.port)}`, job, known);
    const outcome = await measured(setting, round.server, job);
    count(round, outcome);
    tally.add(
      `payments, ${meaning.unique}, ECDSA P-256 by agreement, ${String(connections)} connections, 1 process`,
      outcome.perSecond,
      'per second',
      {
        against: ['S', 'X', 'F', 'C', 'N'],
        sameRun: throughputName('unique', connections, 1),
        detail: detailOf(outcome),
      },
    );
  });
}

/** By node:crypto alone, over a notification of the warm-up again: no payment comes of it. */
async function requireEcdsa(
  server: string,
  { path, headers }: { readonly path: string; readonly headers: Readonly<Record<string, string>> },
  body: Buffer | undefined,
): Promise<void> {
  const published = await request(`${server}/wire/certificate-ec.pem`);
  const { publicKey } = new X509Certificate(await published.body.text());
  const answer = await request(`${server}${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/xml' },
    body: body ?? '',
  });
  const answered = Buffer.from(await answer.body.arrayBuffer());
  const { candidates, signature } = openEnvelope(answered, { maxElements: 50, maxDepth: 8 });
  const [{ bytes }] = candidates;
  if (signature === undefined || !verify('sha256', bytes, publicKey, signature))
    throw new Error('the answer is not signed with the P-256 key that the gateway publishes');
}
