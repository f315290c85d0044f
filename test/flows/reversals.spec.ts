/**
 * What officers do to payments: taken back, recorded from a statement, placed from suspense,
 * refunded. Two officers each time; the postings are those of rulings.md §8 to the cent, and the books stay sound.
 */
import { Approvals } from '../../src/officers/approvals';
import { DecideReversals } from '../../src/payments/decide-reversals';
import { PlacePayment } from '../../src/payments/place-payment';
import { RecordPayment } from '../../src/payments/record-payment';
import { Refunds } from '../../src/payments/refunds';
import { RequestReversal } from '../../src/payments/request-reversal';
import { instantFromIso } from '../../src/kernel/clock';
import { Books, draft as anyDraft, item, notification } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { makeOfficer } from '../support/officers';

const officers = { requestedBy: 'amina', approvedBy: 'baraka' };
const account = '0170100000011';
const draft: typeof anyDraft = (billId, more) =>
  anyDraft(billId, { systemId: 'THOSP001', ...more });
let gateway: TestGateway;
let books: Books;

/** `debit account 1.00` of the latest entry of a kind. */
async function postings(sourceKind: string): Promise<string[]> {
  const { rows } = await gateway.db.query<{ text: string }>(
    `select case when p.debit_minor > 0 then 'debit ' else 'credit ' end || a.name || ' ' ||
            (p.debit_minor + p.credit_minor) as text
       from posting p join ledger_account a on a.id = p.account_id
      where p.entry_id = (select id from ledger_entry where source_kind = $1 order by id desc limit 1)
      order by text desc`,
    [sourceKind],
  );
  return rows.map((row) => row.text);
}

async function bill(transactionId: string): Promise<object> {
  const { rows } = await gateway.db.query<object>(
    `select b.state, b.paid_minor::text as paid, b.surplus_minor::text as surplus, b.cover_number as cover
       from bill b join payment_allocation a on a.bill_id = b.id join payment p on p.id = a.payment_id
      where p.psp_transaction_id = $1`,
    [transactionId],
  );
  return rows[0] ?? {};
}

async function reverse(transactionId: string): Promise<void> {
  const id = await books
    .use(DecideReversals)
    .propose({ paymentId: await books.paymentId(transactionId), reason: 'paid in error' }, 'amina');
  await books.use(Approvals).approve(id, 'baraka');
}

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-24T08:00:00Z');
  await gateway.party('SP70101');
  await gateway.party('PSP701');
  await gateway.party('PSP702', { policy: 'irrevocable' });
  await makeOfficer(gateway.app, 'amina', 'treasury-officer');
  await makeOfficer(gateway.app, 'baraka', 'treasury-approver');
  await makeOfficer(gateway.app, 'chausiku', 'treasury-approver');
  books = new Books(gateway);
});

afterAll(async () => {
  await gateway.stop({ unsigned: true });
});

describe('a reversal', () => {
  let number = '';

  it('waits for another officer, happens once, and opens the bill again', async () => {
    number = await books.numberOf('SP70101', draft('R-1', { amount: '1000.00' }));
    expect(await books.pay('PSP701', 'R-1', number, '1000.00')).toBe('taken');
    const decide = books.use(DecideReversals);
    const wish = { paymentId: await books.paymentId('R-1'), reason: 'twice' };
    await expect(decide.propose({ ...wish, paymentId: 'x' }, 'amina')).rejects.toMatchObject({
      code: 'payment.unknown',
    });
    const id = await decide.propose(wish, 'baraka');
    const approvals = books.use(Approvals);
    await expect(approvals.approve(id, 'baraka')).rejects.toMatchObject({
      code: 'approval.own-request',
    });
    expect(await bill('R-1')).toMatchObject({ state: 'paid' });
    const both = await Promise.allSettled([
      approvals.approve(id, 'chausiku'),
      approvals.approve(id, 'chausiku'),
    ]);
    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await bill('R-1')).toEqual({ state: 'open', paid: '0', surplus: '0', cover: 1 });
    expect(await postings('reversal')).toEqual([
      'debit sp-payable:SP70101:142202 100000',
      `credit psp-receivable:PSP701:${account} 100000`,
    ]);
    expect(await gateway.count('payment_reversal')).toBe(1);
  });

  it('cannot be had twice, and the number takes the next payment as a cover of its own', async () => {
    await expect(reverse('R-1')).rejects.toMatchObject({ code: 'reversal.nothing-left' });
    expect(await books.pay('PSP701', 'R-1b', number, '1000.00')).toBe('taken');
    expect(await bill('R-1b')).toMatchObject({ state: 'paid', cover: 2 });
  });

  it('of a bill whose time is over leaves it expired', async () => {
    const soon = draft('R-2', {
      paymentOption: '2',
      minimumAmount: '1',
      expiresAt: '2026-11-25T00:00:00',
    });
    const of = await books.numberOf('SP70101', {
      ...soon,
      amount: '100.00',
      items: [item('60.00'), item('40.00', '140206')],
    });
    await books.pay('PSP701', 'R-2', of, '70.00');
    await gateway.setClock('2026-11-26T08:00:00Z');
    await reverse('R-2');
    expect(await bill('R-2')).toMatchObject({ state: 'expired', paid: '0' });
    expect(await postings('reversal')).toEqual([
      'debit sp-payable:SP70101:142202 6000',
      'debit sp-payable:SP70101:140206 1000',
      `credit psp-receivable:PSP701:${account} 7000`,
    ]);
  });

  it('is an event of the institution', async () => {
    await gateway.sealed();
    expect(await gateway.count('feed_event', `type = 'payment.reversed'`)).toBe(2);
  });

  it('is what a PSP asked for; a request is decided once', async () => {
    await books
      .numberOf('SP70101', draft('R-3'))
      .then((of) => books.pay('PSP701', 'R-3', of, '1000.00'));
    const psp = await books.psp('PSP701');
    const ask = (transactionId: string, reason: 'wrong-number' | 'wrong-amount') =>
      books.inTransaction((tx) =>
        books.use(RequestReversal).execute(tx, psp, {
          transactionId,
          reason,
          note: '',
          intendedControlNumber: undefined,
          intendedAmountMinor: undefined,
        }),
      );
    const first = await ask('R-3', 'wrong-number');
    const second = await ask('R-3', 'wrong-amount');
    const decide = books.use(DecideReversals);
    await expect(decide.decline(second.id, ' ', 'amina')).rejects.toMatchObject({
      code: 'reversal.reason-missing',
    });
    await decide.decline(second.id, 'the number is right', 'amina');
    await expect(decide.decline(second.id, 'x', 'amina')).rejects.toMatchObject({
      code: 'reversal.decided',
    });
    const id = await decide.propose({ requestId: first.id, reason: 'confirmed' }, 'amina');
    await books.use(Approvals).approve(id, 'baraka');
    expect((await decide.requests()).map((each) => each.state)).toEqual(['approved', 'declined']);
    expect(await bill('R-3')).toMatchObject({ state: 'open' });
  });
});

describe('a payment that officers record', () => {
  const record = (more: Partial<Parameters<RecordPayment['execute']>[1]>) =>
    books.inTransaction((tx) =>
      books.use(RecordPayment).execute(tx, {
        ...officers,
        pspCode: 'PSP701',
        transactionId: 'L-1',
        controlNumber: '',
        amountMinor: 100_000n,
        currency: 'TZS',
        paidAt: instantFromIso('2026-11-24T06:00:00Z'),
        into: 'bill',
        reason: 'in the statement',
        ...more,
      }),
    );

  it('pays a bill whose time is over, owes the confirmation and no result, and shuts the gate', async () => {
    const controlNumber = await books.numberOf(
      'SP70101',
      draft('L-1', { expiresAt: '2026-11-27T00:00:00' }),
    );
    await gateway.setClock('2026-11-28T08:00:00Z');
    const id = await record({ controlNumber });
    expect(await bill('L-1')).toMatchObject({ state: 'paid', paid: '100000' });
    expect(await gateway.count('delivery', `message ->> 'paymentId' = '${id}'`)).toBe(1);
    expect(await gateway.count('delivery', `message ->> 'resultId' = '${id}'`)).toBe(0);
    expect(await books.pay('PSP701', 'L-1', controlNumber, '1000.00')).toBe('taken');
    expect(await gateway.count('payment', `psp_transaction_id = 'L-1'`)).toBe(1);
    await expect(record({ controlNumber })).rejects.toMatchObject({
      code: 'payment.already-taken',
    });
    await expect(record({ controlNumber, transactionId: 'L-2' })).rejects.toMatchObject({
      code: 'payment.not-placeable',
    });
    await expect(record({ pspCode: 'SP70101' })).rejects.toMatchObject({
      code: 'payment.psp-unknown',
    });
  });

  it('goes from suspense to a bill, or is refunded, never both', async () => {
    const controlNumber = await books.numberOf('SP70101', draft('L-3'));
    const id = await record({ transactionId: 'L-3', controlNumber: '991', into: 'suspense' });
    const place = () =>
      books.inTransaction((tx) =>
        books.use(PlacePayment).execute(tx, { ...officers, paymentId: id, controlNumber }),
      );
    await place();
    expect(await postings('placement')).toEqual([
      'debit suspense:PSP701 100000',
      'credit sp-payable:SP70101:142202 100000',
    ]);
    await expect(place()).rejects.toMatchObject({ code: 'payment.not-in-suspense' });
  });
});

describe('a refund', () => {
  const creditor = {
    creditorName: 'Neema Mollel',
    creditorAccount: '0111222',
    creditorBank: 'CORUTZTZ',
    reason: 'overpaid',
  };

  it('of suspense or surplus is approved, instructed in one file, and paid once', async () => {
    const refunds = books.use(Refunds);
    const approvals = books.use(Approvals);
    expect(await books.pay('PSP702', 'S-1', '991234567890', '30.00')).toBe('taken');
    const paid = await books.paymentId('S-1');
    const wish = {
      ...creditor,
      paymentId: paid,
      account,
      source: 'suspense',
      amountMinor: 3_000n,
    } as const;
    await expect(refunds.request({ ...wish, amountMinor: 3_001n }, 'amina')).rejects.toMatchObject({
      code: 'refund.too-much',
    });
    await expect(refunds.request({ ...wish, creditorAccount: '' }, 'amina')).rejects.toMatchObject({
      code: 'refund.creditor-missing',
    });
    // Cut in the file it would be another account.
    for (const [wrong, code] of [
      [{ creditorAccount: '1'.repeat(35) }, 'refund.creditor-malformed'],
      [{ reason: ' ' }, 'refund.reason-missing'],
    ] as const)
      await expect(refunds.request({ ...wish, ...wrong }, 'amina')).rejects.toMatchObject({ code });
    const first = await refunds.request(wish, 'amina');
    const second = await refunds.request(wish, 'amina');
    await approvals.approve(first, 'baraka');
    await expect(approvals.approve(second, 'baraka')).rejects.toMatchObject({
      code: 'refund.too-much',
    });
    expect(await postings('refund')).toEqual([
      'debit suspense:PSP702 3000',
      'credit refund-payable 3000',
    ]);
    await expect(reverse('S-1')).rejects.toMatchObject({ code: 'reversal.refunded' });

    const [refund] = await refunds.list({ state: 'approved' });
    const from = refund?.account ?? '';
    await expect(refunds.requestBatch('0', 'TZS', 'amina')).rejects.toMatchObject({
      code: 'refund.none-waiting',
    });
    const batches = [
      await refunds.requestBatch(from, 'TZS', 'amina'),
      await refunds.requestBatch(from, 'TZS', 'amina'),
    ];
    await approvals.approve(batches[0] ?? '', 'baraka');
    await expect(approvals.approve(batches[1] ?? '', 'baraka')).rejects.toMatchObject({
      code: 'refund.batch-changed',
    });
    const [instructed] = await refunds.list({ state: 'instructed' });
    const { text } = await refunds.file(instructed?.batchId ?? '', 'amina');
    expect(text).toContain(`<EndToEndId>${refund?.endToEndId ?? '?'}</EndToEndId>`);
    expect(text).toContain('<CtrlSum>30.00</CtrlSum>');
    await expect(refunds.file('x', 'amina')).rejects.toMatchObject({
      code: 'refund.batch-unknown',
    });
    const settle = () =>
      books.inTransaction((tx) => refunds.settle(tx, refund?.endToEndId ?? '', 3_000n, 'TZS'));
    expect(await settle()).toBe(refund?.id);
    expect(await settle()).toBeUndefined();
  });

  it('of surplus leaves the bill paid', async () => {
    const of = await books.numberOf('SP70101', draft('S-2', { paymentOption: '1' }));
    const psp = await books.psp('PSP701');
    await books.receive([{ psp, notification: notification('S-2', of, '1100.00') }]);
    const id = await books.inTransaction((tx) =>
      books
        .paymentId('S-2')
        .then((paid) =>
          books
            .use(Refunds)
            .execute(
              tx,
              { ...creditor, paymentId: paid, source: 'surplus', amountMinor: 10_000n },
              officers,
            ),
        ),
    );
    expect(id).not.toBe('');
    expect(await postings('refund')).toEqual([
      'debit sp-surplus:SP70101 10000',
      'credit refund-payable 10000',
    ]);
    await expect(reverse('S-2')).rejects.toMatchObject({ code: 'reversal.refunded' });
  });
});
