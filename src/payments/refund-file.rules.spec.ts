/** The instruction file: what the bank reads, in the order of the format, with totals that are those of its rows. */
import { instantFromIso } from '../kernel/clock';
import { referenceOf, refundFile } from './refund-file.rules';

const batch = {
  messageId: 'MLP1',
  madeAt: instantFromIso('2026-11-24T08:00:00.123Z'),
  executionDay: '2026-11-25',
  account: '0150444000100',
  bank: 'NMIBTZTZ',
  currency: 'TZS',
  debtorName: 'Wizara & Co',
  refunds: [
    {
      endToEndId: 'E1',
      amountMinor: 12_345n,
      creditorName: 'Asha <Juma>',
      creditorAccount: '0111',
      creditorBank: 'CORUTZTZ',
      remittance: 'Rejesho\nR1',
    },
    {
      endToEndId: 'E2',
      amountMinor: 5n,
      creditorName: 'B'.repeat(99),
      creditorAccount: '0222',
      creditorBank: '',
      remittance: '',
    },
  ],
};

it('holds each refund with its end-to-end id, and the sum of all twice', () => {
  const file = refundFile(batch);
  expect(file.match(/<NbOfTxs>2<\/NbOfTxs><CtrlSum>123\.50<\/CtrlSum>/g)).toHaveLength(2);
  expect(file.match(/<EndToEndId>\w+<\/EndToEndId>/g)).toHaveLength(2);
  expect(file).toContain('<InstdAmt Ccy="TZS">123.45</InstdAmt>');
  expect(file).toContain('<CreDtTm>2026-11-24T08:00:00Z</CreDtTm>');
});

it('text of others is text: escaped, without control characters, cut to what fits', () => {
  const file = refundFile(batch);
  expect(file).toContain('<Nm>Asha &lt;Juma&gt;</Nm>');
  expect(file).toContain('<Nm>Wizara &amp; Co</Nm>');
  expect(file).toContain('<Ustrd>Rejesho R1</Ustrd>');
  expect(file).toContain(`<Nm>${'B'.repeat(70)}</Nm>`);
  expect(file).toContain('<Othr><Id>NOTPROVIDED</Id></Othr>');
});

it('a reference is one of 35 characters', () => {
  expect(referenceOf('0193572f-8f3a-7000-8000-0123456789ab')).toMatch(/^MLP[0-9A-F]{32}$/);
});
