/** A control number that is used again: for whom, when, and who wins when two want it or a payment comes at once. */
import { Books, draft } from '../support/bills';
import { TestGateway } from '../support/gateway';

const sp = 'SP70101';
let gateway: TestGateway;
let books: Books;

async function ask(billId: string, reusedNumber: string, by = sp) {
  const [answer] = await books.submit(by, [draft(billId, { reusedNumber })]);
  return answer;
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party(sp, { systemIds: [] });
  await gateway.party('SP70202', { systemIds: [], subSpCodes: [], gfsCodes: [] });
  await gateway.party('PSP701');
  books = new Books(gateway);
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

it('goes on to a new bill once its bill is paid, and the old one keeps its history', async () => {
  const number = await books.numberOf(sp, draft('A-1'));
  expect(await ask('A-2', number)).toEqual({
    billId: 'A-2',
    controlNumber: null,
    faults: ['bill.number-in-use'],
  });
  expect(await books.pay('PSP701', 'A-T1', number, '1000.00')).toBe('taken');

  const answer = { billId: 'A-2', controlNumber: number, faults: [] };
  expect(await ask('A-2', number)).toEqual(answer);
  expect(await ask('A-2', number)).toEqual(answer);
  const other = await books.submit(sp, [draft('A-2', { reusedNumber: number, amount: '7' })]);
  expect(other[0]).toMatchObject({ controlNumber: number, faults: ['bill.id-duplicate'] });

  expect(await books.pay('PSP701', 'A-T2', number, '1000.00')).toBe('taken');
  expect(await gateway.count('bill', `control_number = '${number}' and state = 'paid'`)).toBe(2);
  expect(await gateway.count('payment', `control_number = '${number}'`)).toBe(2);
});

it('is refused while money lies on a bill that is not covered, also when that has expired', async () => {
  const number = await books.numberOf(sp, draft('B-1', { paymentOption: '2' }));
  expect(await books.pay('PSP701', 'B-T1', number, '400.00')).toBe('taken');
  expect((await ask('B-2', number))?.faults).toEqual(['bill.number-partly-paid']);
});

it.each([
  ['no number', '12345', 'control-number.malformed'],
  ['a wrong check digit', '997011234567', 'control-number.malformed'],
])('is refused for %s', async (_case, number, fault) => {
  expect((await ask(`C-${fault}-${number}`, number))?.faults).toEqual([fault]);
});

it('stays with its institution', async () => {
  const number = await books.numberOf(sp, draft('D-1'));
  await gateway.db.query(`update bill set state = 'cancelled' where sp_bill_id = 'D-1'`);
  expect((await ask('D-2', number, 'SP70202'))?.faults).toEqual(['control-number.unknown']);
  expect((await ask('D-2', number))?.faults).toEqual([]);
});

it('is given once within one message', async () => {
  const number = await books.numberOf(sp, draft('E-1'));
  expect(await books.pay('PSP701', 'E-T1', number, '1000.00')).toBe('taken');
  const answers = await books.submit(sp, [
    draft('E-2', { reusedNumber: number }),
    draft('E-3', { reusedNumber: number }),
  ]);
  expect(answers.map((answer) => answer.faults)).toEqual([[], ['bill.number-in-use']]);
});

it('goes to one of two that want it at the same moment', async () => {
  for (let i = 0; i < 10; i++) {
    const number = await books.numberOf(sp, draft(`F-${String(i)}`));
    expect(await books.pay('PSP701', `F-T${String(i)}`, number, '1000.00')).toBe('taken');
    const answers = await Promise.all(
      ['x', 'y'].map((twin) => ask(`F-${String(i)}-${twin}`, number)),
    );
    expect(answers.map((answer) => answer?.faults.join()).sort()).toEqual([
      '',
      'bill.number-in-use',
    ]);
    expect(await gateway.count('bill', `control_number = '${number}' and state = 'open'`)).toBe(1);
  }
});

it('never loses a payment that comes at once: it is on the new bill, or refused on the old', async () => {
  for (let i = 0; i < 10; i++) {
    const number = await books.numberOf(sp, draft(`G-${String(i)}`));
    await gateway.db.query(`update bill set state = 'cancelled' where control_number = $1`, [
      number,
    ]);
    const [paid, answer] = await Promise.all([
      books.pay('PSP701', `G-T${String(i)}`, number, '1000.00'),
      ask(`G-${String(i)}-new`, number),
    ]);
    expect(answer?.faults).toEqual([]);
    expect(['taken', 'bill.cancelled']).toContain(paid);
    expect(
      await gateway.count('bill', `sp_bill_id = 'G-${String(i)}-new' and state = 'paid'`),
    ).toBe(paid === 'taken' ? 1 : 0);
  }
});

it('of an overdue bill leaves nothing payable behind', async () => {
  const number = await books.numberOf(sp, draft('H-1', { expiresAt: '2026-11-25T10:00:00' }));
  await gateway.setClock('2026-11-25T08:00:00Z');
  expect((await ask('H-2', number))?.faults).toEqual([]);
  expect(await gateway.count('bill', `sp_bill_id = 'H-1' and state = 'expired'`)).toBe(1);
  await gateway.setClock('2026-11-24T08:00:00Z');
  expect(await books.pay('PSP701', 'H-T1', number, '1000.00')).toBe('taken');
  expect(await gateway.count('bill', `sp_bill_id = 'H-2' and state = 'paid'`)).toBe(1);
});
