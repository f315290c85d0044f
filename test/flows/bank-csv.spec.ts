/** A bank's CSV from its mapping to the books: set and judged, read by it, imported once, and never counted twice. */
import { PreviewBankFile } from '../../src/reconciliation/preview-bank-file';
import { ImportBankFile, type ImportedStatement } from '../../src/settlement/import-bank-file';
import { ManageBankMappings } from '../../src/settlement/manage-bank-mappings';
import { balances } from '../support/bank';
import { TestGateway } from '../support/gateway';
import { slices } from '../statements/slices';

const account = '0170100000011';
let gateway: TestGateway;
let mappings: ManageBankMappings;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-26T08:00:00Z');
  await gateway.party('SP70101');
  mappings = gateway.app.get(ManageBankMappings, { strict: false });
});

afterAll(() => gateway.stop());

const preview = (text: string, of = account) =>
  gateway.app.get(PreviewBankFile, { strict: false }).execute({
    fileName: 'bank.csv',
    account: of,
    source: slices(Buffer.from(text)),
    mappingOf: (each) => mappings.find(each),
  });

async function imported(text: string): Promise<readonly ImportedStatement[]> {
  const { file, digest } = await preview(text);
  if (file === undefined) throw new Error('a file with faults');
  return gateway.app
    .get(ImportBankFile, { strict: false })
    .execute({ file, fileName: 'bank.csv', digest, account, importedBy: 'test' });
}

const header = 'Tarehe;Kiasi;Kumbukumbu;Salio\n';
const mapping = {
  columns: {
    booking_date: 'Tarehe',
    amount: 'Kiasi',
    reference: 'Kumbukumbu',
    balance: 'Salio',
  },
  delimiter: ';',
  dateFormat: 'dd/MM/yyyy',
  currency: 'TZS',
};

it('a mapping is of an enrolled account, judged when it is set, and told who set it', async () => {
  expect((await preview(header)).preview.faults).toMatchObject([
    { reason: expect.stringContaining('has no mapping') as string },
  ]);
  await expect(mappings.set('999', mapping, 'Asha')).rejects.toThrow(
    'bank-mapping.account-unknown',
  );
  await expect(mappings.set(account, { columns: { debit: 'x' } }, 'Asha')).rejects.toThrow(
    'statement.mapping-bad',
  );
  expect(await mappings.list()).toEqual([]);
  await mappings.set(account, { currency: 'USD' }, 'Asha');
  await mappings.set(`NMB/${account}`, mapping, 'Asha');
  expect(await mappings.list()).toMatchObject([{ account, mapping, setBy: 'Asha' }]);
  expect(await gateway.count('audit_event', `action = 'bank-mapping.set'`)).toBe(2);
});

it('what it reads is posted, and the same file again changes nothing', async () => {
  const text = `${header}24/11/2026;500.00;R1;1500.00\n25/11/2026;-200.00;R2;1300.00\n`;
  expect(await imported(text)).toMatchObject([
    { account, state: 'imported', entryCount: 2, creditMinor: 50_000n, debitMinor: 20_000n },
  ]);
  expect(await balances(gateway)).toEqual({
    [`collection:${account}`]: '130000',
    [`bank-unallocated:${account}`]: '-130000',
  });
  expect(await imported(text)).toMatchObject([{ state: 'already-imported' }]);
});

it('entries that an earlier file had are known by their reference; without one an overlap is refused', async () => {
  const overlap = `${header}25/11/2026;-200.00;R2;1300.00\n26/11/2026;10.00;;1310.00\n`;
  expect(await imported(overlap)).toMatchObject([{ entryCount: 2, knownCount: 1, gapMinor: 0n }]);
  expect(await gateway.count('alarm')).toBe(0);
  await expect(imported(`${header}26/11/2026;10.00;;\n26/11/2026;11.00;;\n`)).rejects.toThrow(
    'bank-statement.overlap',
  );
  expect(await gateway.count('bank_entry')).toBe(3);
  expect(await balances(gateway)).toMatchObject({ [`collection:${account}`]: '131000' });
});

it('of a file that does not balance nothing is imported', async () => {
  const before = await gateway.count('bank_entry');
  const { preview: seen, file } = await preview(
    `${header}26/11/2026;1.00;R8;10.00\n26/11/2026;2.00;R9;13.00\n`,
  );
  expect(file).toBeUndefined();
  expect(seen.faults).toMatchObject([{ line: 3, field: 'balance' }]);
  expect(await gateway.count('bank_entry')).toBe(before);
});

it('a mapping that is taken away is read by no more', async () => {
  await mappings.remove(account, 'Asha');
  await expect(mappings.remove(account, 'Asha')).rejects.toThrow('bank-mapping.none');
  expect(await mappings.find(account)).toBeUndefined();
});
