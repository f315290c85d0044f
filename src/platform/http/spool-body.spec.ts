/** A body in a file of its own: whole, with its digest, up to a limit, few at a time, and gone afterwards. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { withSpooledBody } from './spool-body';

async function textOf(source: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts).toString();
}

it('gives the body as it came, with its digest, more than once, and leaves no file', async () => {
  let path = '';
  const text = 'x'.repeat(200_000);
  const seen = await withSpooledBody(
    Readable.from([Buffer.from(text)]),
    1_048_576,
    async (body) => {
      const file = body.open() as AsyncIterable<Buffer> & { path: string };
      path = file.path;
      expect(existsSync(path)).toBe(true);
      return [await textOf(file), await textOf(body.open()), body.digest.toString('hex')];
    },
  );
  expect(seen).toEqual([text, text, createHash('sha256').update(text).digest('hex')]);
  expect(existsSync(path)).toBe(false);
});

it('refuses a body that is too large before any work is done', async () => {
  const work = jest.fn();
  const parts = Array.from({ length: 20 }, () => Buffer.alloc(65_536));
  const source = Readable.from(parts);
  await expect(withSpooledBody(source, 1_048_576, work)).rejects.toMatchObject({
    code: 'upload.too-large',
  });
  expect(work).not.toHaveBeenCalled();
  // The answer goes back on the connection that the body came on.
  expect(source.destroyed).toBe(false);
});

it('takes four at a time, and another when one is done', async () => {
  const gates: (() => void)[] = [];
  const begin = (): Promise<void> =>
    withSpooledBody(
      Readable.from([Buffer.from('x')]),
      10,
      () => new Promise<void>((resolve) => gates.push(resolve)),
    );
  const four = [begin(), begin(), begin(), begin()];
  await expect(begin()).rejects.toMatchObject({ code: 'upload.busy', kind: 'limited' });
  while (gates.length < 4) await new Promise((resolve) => setImmediate(resolve));
  for (const open of gates) open();
  await Promise.all(four);
  await expect(
    withSpooledBody(Readable.from([]), 10, async () => Promise.resolve('done')),
  ).resolves.toBe('done');
});
