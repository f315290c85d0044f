/** The list of a bundle's files: what differs from it is named. */
import { faultsOfFiles, manifestName, manifestOf, signatureName } from './evidence-bundle.rules';

const content = new Map([
  ['README.txt', Buffer.from('one')],
  ['case/payment.json', Buffer.from('two')],
]);

const bundle = (...more: readonly [string, Buffer][]) =>
  new Map([
    ...content,
    [manifestName, manifestOf(content)],
    [signatureName, Buffer.from('a signature')],
    ...more,
  ]);

it('lists files as sha256sum does, by name', () => {
  expect(manifestOf(content).toString()).toBe(
    '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  README.txt\n' +
      '3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3  case/payment.json\n',
  );
});

it('finds nothing wrong with what agrees', () => {
  expect(faultsOfFiles(bundle())).toEqual([]);
});

it('names what was changed, added or taken away', () => {
  expect(faultsOfFiles(bundle(['README.txt', Buffer.from('0ne')]))).toEqual([
    'README.txt was changed',
  ]);
  expect(faultsOfFiles(bundle(['more.txt', Buffer.from('')]))).toEqual(['more.txt was added']);
  const less = bundle();
  less.delete('case/payment.json');
  expect(faultsOfFiles(less)).toEqual(['case/payment.json is missing']);
});

it('reads no list that is none', () => {
  const without = bundle();
  without.delete(manifestName);
  expect(faultsOfFiles(without)).toEqual(['manifest.sha256 is missing']);
  const cut = manifestOf(content).subarray(0, -1);
  expect(faultsOfFiles(bundle([manifestName, cut]))[0]).toContain('cut off');
  const twice = Buffer.concat([manifestOf(content), manifestOf(content)]);
  expect(faultsOfFiles(bundle([manifestName, twice]))).toHaveLength(2);
});

it.each(['../up', '/etc/passwd', 'a/../b', 'a b', '.hidden', 'a//b'])(
  'makes no file %s',
  (name) => {
    expect(() => manifestOf(new Map([[name, Buffer.from('')]]))).toThrow('no name');
  },
);
