/**
 * The gap-free feed: numbers 1 to N per party in the order of the commits, whoever seals and however many at once, and a
 * running digest that a reader recomputes with nothing but the documented rule. Rules: rulings.md §5, product.md §6.
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { FeedReader } from '../../src/deliveries/feed-reader';
import { WatchFeeds } from '../../src/deliveries/feed-watch';
import { SealFeed } from '../../src/deliveries/seal-feed';
import { ReceivePayments } from '../../src/payments/receive-payments';
import { Books, draft, item, notification } from '../support/bills';
import { TestGateway } from '../support/gateway';

let gateway: TestGateway;
let books: Books;
let feed: FeedReader;

interface Entry {
  readonly sequence: bigint;
  readonly content: string;
  readonly digest: string;
}

async function idOf(code: string): Promise<number> {
  return (await books.sp(code)).id;
}

/** The whole feed, a few at a time. */
async function readAll(code: string, limit = 7): Promise<readonly Entry[]> {
  const id = await idOf(code);
  const all: Entry[] = [];
  for (;;) {
    const { events } = await feed.page(id, all.at(-1)?.sequence ?? 0n, limit);
    all.push(...events);
    if (events.length < limit) return all;
  }
}

/** As the documentation tells it, on the bytes of the page alone. */
function recompute(entries: readonly Entry[]): string {
  return entries
    .reduce(
      (before, { content }) => createHash('sha256').update(before).update(content, 'utf8').digest(),
      Buffer.alloc(32),
    )
    .toString('hex');
}

function paymentIds(entries: readonly Entry[]): readonly string[] {
  return entries.map(
    ({ content }) => (JSON.parse(content) as { data: { paymentId: string } }).data.paymentId,
  );
}

async function acknowledge(
  sp: Awaited<ReturnType<Books['sp']>>,
  sequence: bigint,
  digest?: string,
): Promise<object> {
  return books.inTransaction((tx) => feed.acknowledge(tx, sp, sequence, digest));
}

async function payBill(spCode: string, id: string): Promise<void> {
  const more =
    spCode === 'SP70202'
      ? { systemId: 'TMAJI001', items: [item('1000.00', '140101')] }
      : { systemId: 'THOSP001' };
  const number = await books.numberOf(spCode, draft(id, more));
  expect(await books.pay('PSP701', id, number, '1000.00')).toBe('taken');
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  books = new Books(gateway);
  feed = gateway.app.get(FeedReader, { strict: false });
  for (const code of ['SP70101', 'SP70202', 'PSP701']) await gateway.party(code);
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('numbers what commits at the same time, while several seal, without a gap and with one digest', async () => {
  const seal = gateway.app.get(SealFeed, { strict: false });
  let isPaying = true;
  const sealers = [1, 2, 3].map(async () => {
    while (isPaying) await seal.execute();
  });
  await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      payBill(i % 4 === 0 ? 'SP70202' : 'SP70101', `F-${String(i)}`),
    ),
  );
  isPaying = false;
  await Promise.all(sealers);
  await gateway.sealed();

  for (const [code, count] of [
    ['SP70101', 30],
    ['SP70202', 10],
  ] as const) {
    const entries = await readAll(code);
    expect(entries.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: count }, (_, i) => BigInt(i + 1)),
    );
    expect(new Set(paymentIds(entries)).size).toBe(count);
    expect(entries.at(-1)?.digest).toBe(recompute(entries));
  }
});

it('gives what commits late a later number, and never leaves one free for it', async () => {
  const before = (await readAll('SP70101')).length;
  const number = await books.numberOf('SP70101', draft('F-late', { systemId: 'THOSP001' }));
  const late = {
    psp: await books.psp('PSP701'),
    notification: notification('F-late', number, '1000.00'),
  };
  const cutOff = books.inTransaction(async (tx) => {
    // A payment whose transaction is open takes its place in the queue, and is not there to be sealed.
    await books.use(ReceivePayments).execute(tx, [late]);
    await payBill('SP70101', 'F-early');
    while ((await readAll('SP70101')).length === before) await pause(20);
    throw new Error('cut off');
  });
  await expect(cutOff).rejects.toThrow('cut off');
  expect(await books.pay('PSP701', 'F-late', number, '1000.00')).toBe('taken');
  await gateway.sealed();
  const entries = await readAll('SP70101');
  expect(entries).toHaveLength(before + 2);
  expect(entries.at(-1)?.sequence).toBe(BigInt(before + 2));
  expect(entries.at(-1)?.digest).toBe(recompute(entries));
});

it('shows a party its own events only', async () => {
  const own = paymentIds(await readAll('SP70202'));
  const other = paymentIds(await readAll('SP70101'));
  expect(own.filter((id) => other.includes(id))).toEqual([]);
  expect(await feed.page((await books.psp('PSP701')).id, 0n, 100)).toEqual({
    events: [],
    lastSequence: 0n,
    acknowledgedSequence: 0n,
  });
});

describe('an acknowledged position', () => {
  it('moves forward only, and proves the digest', async () => {
    const sp = await books.sp('SP70202');
    const entries = await readAll('SP70202');
    const [third, fifth] = [entries[2], entries[4]];
    expect(await acknowledge(sp, 5n, fifth?.digest)).toEqual({
      acknowledgedSequence: 5n,
      lastSequence: 10n,
      digest: fifth?.digest,
    });
    await acknowledge(sp, 3n, third?.digest);
    expect((await feed.page(sp.id, 0n, 1)).acknowledgedSequence).toBe(5n);
  });

  it.each([
    ['beyond the end', 11n, undefined, 'feed.position-unknown'],
    ['with another digest', 5n, '00'.repeat(32), 'feed.digest-differs'],
  ])('is refused %s', async (_what, sequence, digest, code) => {
    await expect(acknowledge(await books.sp('SP70202'), sequence, digest)).rejects.toMatchObject({
      code,
    });
    expect((await feed.page(await idOf('SP70202'), 0n, 1)).acknowledgedSequence).toBe(5n);
  });

  it('that stalls for a day raises one alarm; a feed that nobody acknowledges raises none', async () => {
    const watch = gateway.app.get(WatchFeeds, { strict: false });
    expect(await watch.execute()).toBe(0);
    await gateway.setClock('2026-11-25T09:00:00Z');
    expect(await watch.execute()).toBe(1);
    expect(await watch.execute()).toBe(0);
    expect(await gateway.count('alarm', `kind = 'feed-stalled' and subject = 'SP70202/5'`)).toBe(1);

    await acknowledge(await books.sp('SP70202'), 10n);
    expect(await watch.execute()).toBe(0);
  });
});
