/** The columns of an upload: which are known, which must be there, and which field each becomes. */
import { draftOfLine, uploadHeaderFaults } from './bill-upload.rules';

const defaults = { subSpCode: '1001', systemId: 'SYS', maker: 'SP1' };
const columns =
  'bill_id,amount,currency,payment_option,description,generated_at,expires_at,payer_id,payer_name,gfs_code'.split(
    ',',
  );

it('takes the required columns in any order, and optional ones', () => {
  expect(uploadHeaderFaults([...columns].reverse())).toEqual([]);
  expect(uploadHeaderFaults([...columns, 'control_number', 'payer_phone'])).toEqual([]);
});

it.each([
  [[], '', /empty/],
  [columns.slice(1), 'bill_id', /missing/],
  [[...columns, 'state'], 'state', /not known/],
])('refuses other headers', (header, column, reason) => {
  const [fault] = uploadHeaderFaults(header);
  expect(fault).toMatchObject({ line: 1, column });
  expect(fault?.reason).toMatch(reason);
});

it('makes a bill of one item, with what the institution need not say', () => {
  const draft = draftOfLine(
    { bill_id: ' A ', amount: '5', payment_option: 'exact', payer_name: 'Ju\u0308rgen' },
    defaults,
  );
  expect(draft).toMatchObject({
    billId: 'A',
    amount: '5',
    paymentOption: '3',
    payerName: 'J\u00fcrgen',
    subSpCode: '1001',
    systemId: 'SYS',
    generatedBy: 'SP1',
    items: [{ amount: '5', payByReference: 'N' }],
  });
  const own = { sub_sp_code: '1002', system_id: 'B', generated_by: 'x', payment_option: '3' };
  expect(draftOfLine(own, defaults)).toMatchObject({
    subSpCode: '1002',
    systemId: 'B',
    generatedBy: 'x',
    approvedBy: 'SP1',
    paymentOption: '',
  });
});
