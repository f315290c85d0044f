/** Files by a form: its token first, then its fields, then the file; anything else is refused. */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Secrets } from '../../platform/config/secrets';
import { Cookies } from '../console-request';
import { ConsoleSettings } from '../console-settings';
import { smallFile, Uploads } from './uploads';

const secrets = new Secrets(undefined as unknown as Secrets['gateway'], Buffer.alloc(32, 1));
const cookies = new Cookies(new ConsoleSettings('Malipo', undefined, undefined, true, ''), secrets);
const uploads = new Uploads(cookies);

const token = { type: 'field', fieldname: '_csrf', value: cookies.formToken('session') };
const field = { type: 'field', fieldname: 'psp', value: 'PSP701' };
const file = {
  type: 'file',
  fieldname: 'file',
  filename: 'day.csv',
  file: Object.assign(Readable.from(['a,b\n']), { truncated: false }),
};

const requestOf = (...parts: readonly object[]) =>
  ({
    headers: { cookie: 'malipo=session' },
    parts: () => Readable.from(parts),
  }) as unknown as FastifyRequest;

it('gives the fields and the file as it comes', async () => {
  const upload = await uploads.read(requestOf(token, field, file));
  expect(upload.fields).toEqual({ psp: 'PSP701' });
  expect(upload.fileName).toBe('day.csv');
  expect(await upload.stream.toArray()).toEqual(['a,b\n']);
  expect(upload.isCut()).toBe(false);
});

it.each([
  ['no token', [field, file], 'console.form-foreign'],
  ['the token after the file', [file, token], 'console.form-foreign'],
  ['another token', [{ ...token, value: 'x' }, file], 'console.form-foreign'],
  ['nothing', [], 'console.form-foreign'],
  ['no file', [token, field], 'console.file-missing'],
])('refuses a form with %s', async (_case, parts, code) => {
  await expect(uploads.read(requestOf(...parts))).rejects.toThrow(code);
});

it('gives what was written where no file was chosen', async () => {
  const { fields, stream } = await uploads.readForm(requestOf(token, field));
  expect([fields, stream]).toEqual([{ psp: 'PSP701' }, undefined]);
});

it('refuses a form that breaks off, before its token or after', async () => {
  const cut = {
    headers: requestOf().headers,
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream of one part
    parts: async function* () {
      yield token;
      throw new Error('cut');
    },
  };
  await expect(uploads.read(cut as unknown as FastifyRequest)).rejects.toThrow(
    'console.file-missing',
  );
  const broken = {
    headers: {},
    parts: () => {
      throw new Error('cut');
    },
  };
  await expect(uploads.read(broken as unknown as FastifyRequest)).rejects.toThrow(
    'console.form-foreign',
  );
});

it('reads a small file whole, and says that a large one is', async () => {
  const upload = (text: string) => ({
    fields: {},
    fileName: 'x',
    stream: Readable.from([Buffer.from(text), Buffer.from(text)]),
    isCut: () => false,
  });
  expect((await smallFile(upload('ab'), 4)).toString()).toBe('abab');
  await expect(smallFile(upload('abc'), 4)).rejects.toThrow('console.file-large');
});
