/** The enrolment file: its defaults, and every fault with its place. */
import { readPartyFile } from './party-file.rules';

const sp = {
  kind: 'service-provider',
  code: 'SP19988',
  name: 'Taasisi ya Mfano',
  certificates: ['a.pem'],
  controlNumberPrefixes: ['988'],
};

function faultOf(value: unknown): string {
  try {
    readPartyFile(value);
    return '';
  } catch (fault) {
    expect(fault).toMatchObject({ code: 'party.file-malformed' });
    return (fault as Error).message;
  }
}

it('fills in what a short file leaves open', () => {
  expect(readPartyFile(sp)).toMatchObject({
    kind: 'service-provider',
    delivery: 'gepg-v4',
    endpoints: { controlNumber: null, payment: null },
    profile: { digests: ['sha1', 'sha256'], isBulk: false, ackSignature: 'optional' },
  });
  expect(
    readPartyFile({
      kind: 'payment-service-provider',
      code: 'PSP010',
      name: 'B',
      certificates: ['b.pem'],
    }),
  ).toMatchObject({ policy: 'refuse', queryLayout: 'A', resultUrl: null });
});

it.each([
  ['/kind', { kind: 'bank' }],
  ['/code', { code: 'PSP1' }],
  ['/name', { name: '' }],
  ['/certificates', { certificates: [] }],
  ['/controlNumberPrefixes/0', { controlNumberPrefixes: ['12345'] }],
  ['/gfsCodes/1', { gfsCodes: ['140206', '14'] }],
  ['/endpoints/payment', { endpoints: { payment: 'ftp://x' } }],
  ['/delivery', { delivery: 'fax' }],
  ['/profile/digests/0', { profile: { digests: ['md5'] } }],
  [
    '/collectionAccounts/0/currency',
    { collectionAccounts: [{ account: '1', bank: 'NMBTZTZ', currency: 'KES' }] },
  ],
  ['/endpoint:', { endpoint: {} }],
])('names %s in %j', (place, change) => {
  expect(faultOf({ ...sp, ...change })).toContain(place);
});

it('names all faults at once, and refuses what is no object', () => {
  const fault = faultOf({ ...sp, name: 5, delivery: 'fax', wrong: 1 });
  for (const place of ['/name', '/delivery', '/wrong']) expect(fault).toContain(place);
  expect(faultOf([])).toContain('an object');
});
