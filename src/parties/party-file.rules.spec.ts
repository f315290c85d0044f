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
    profile: {
      digests: { v4: ['sha1', 'sha256'], v5: ['sha256'] },
      isBulk: false,
      ackSignature: 'optional',
      outputForm: 'plain',
      weakUntil: { sha1: null, repairXml: null, unsignedAcks: null },
    },
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
  ['/profile/digests/v5/0', { profile: { digests: { v5: ['md5'] } } }],
  ['/profile/digests/v6', { profile: { digests: { v6: ['sha256'] } } }],
  ['/profile/weakUntil/sha1', { profile: { weakUntil: { sha1: '2027-02-30' } } }],
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

it('takes digests for both generations at once, or for each', () => {
  const digestsOf = (digests: unknown) =>
    readPartyFile({ ...sp, profile: { digests } }).profile.digests;

  expect(digestsOf(['sha256'])).toEqual({ v4: ['sha256'], v5: ['sha256'] });
  expect(digestsOf({ v4: ['sha256'] })).toEqual({ v4: ['sha256'], v5: ['sha256'] });
  expect(digestsOf({ v5: ['sha256', 'sha1'] })).toMatchObject({ v4: ['sha1', 'sha256'] });
});

it('judges the mapping of a statement when it is set, and keeps it as it was written', () => {
  const psp = {
    kind: 'payment-service-provider',
    code: 'PSP010',
    name: 'B',
    certificates: ['b.pem'],
  };
  const statementMapping = { columns: { amount: 'Kiasi' }, delimiter: ';' };
  expect(readPartyFile({ ...psp, statementMapping })).toMatchObject({ statementMapping });
  expect(faultOf({ ...psp, statementMapping: { columns: { amout: 'x' } } })).toContain(
    '/statementMapping/columns/amout: wanted one of transaction_id',
  );
  expect(faultOf({ ...psp, statementMapping: ['amount'] })).toContain('an object or null');
});
