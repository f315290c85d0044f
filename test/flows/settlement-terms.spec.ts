/**
 * Terms of settlement as they bear on what is expected: cut-off, holidays, fees, and those of one account before those of
 * its PSP.
 */
import { parseBusinessDay } from '../../src/kernel/business-day';
import { readTerms } from '../../src/settlement/settlement-terms.rules';
import { account, SettlementStage } from '../support/settlement-stage';

let stage: SettlementStage;

beforeAll(async () => {
  stage = await SettlementStage.start('2026-12-08T08:00:00Z');
});

afterAll(() => stage.gateway.stop({ unsigned: true }));

it('a holiday moves the due day, and a cut-off the clearing day; both are of the terms', async () => {
  const { terms } = stage;
  const written = { currency: 'TZS', from: parseBusinessDay('2026-12-01'), cutoff: '16:00' };
  const fee = { feeBasis: 'transaction', feePerMille: '1.5', feeMin: '2', feeMax: '5' } as const;
  await terms.set('PSP702', readTerms({ ...written, ...fee }), 'test');
  await stage.payOn('2026-12-08', 'PSP702', '100.00', '2000.00', '9000.00');
  await stage.gateway.setClock('2026-12-08T13:00:00Z');
  const late = await stage.pay('PSP702', '70.00');
  await stage.run();
  const [ofDay] = await stage.review.status(parseBusinessDay('2026-12-08'));
  // 100 at least 2, 2000 at 1.5 per mille 3, 9000 at most 5; due when the tenth ends, for the ninth is a holiday.
  expect(ofDay).toMatchObject({
    paymentCount: 3,
    feeMinor: 1_000n,
    dueAt: new Date('2026-12-10T21:00:00Z'),
  });
  const [next] = await stage.review.status(parseBusinessDay('2026-12-09'));
  expect(next).toMatchObject({ paymentCount: 1, grossMinor: 7_000n, feeMinor: 200n });
  const payments = await stage.review.payments(next?.expectationId ?? 0n);
  expect(payments.map((each) => each.pspTransactionId)).toEqual([late]);
  expect(await stage.review.payments(ofDay?.expectationId ?? 0n)).toHaveLength(3);
  expect(await stage.review.collected(parseBusinessDay('2026-12-08'))).toMatchObject([
    { spCode: 'SP70101', collectionAccount: account, paymentCount: 4, amountMinor: 1_117_000n },
  ]);
});

it('terms of one account go before those of the PSP, from their day on', async () => {
  const { terms } = stage;
  const of = { currency: 'TZS', account, feeBasis: 'transaction' } as const;
  const from = parseBusinessDay('2026-12-09');
  await terms.set('PSP702', readTerms({ ...of, from, cutoff: '12:00', feeFlat: '0.5' }), 'test');
  await stage.run();
  // Cut off at 16:00 of the eighth by the PSP's terms, and charged on the ninth by those of the account.
  const fees = async (day: string) =>
    (await stage.review.status(parseBusinessDay(day))).map((each) => [
      each.paymentCount,
      each.feeMinor,
    ]);
  expect(await fees('2026-12-08')).toEqual([[3, 1_000n]]);
  expect(await fees('2026-12-09')).toEqual([[1, 50n]]);
  await stage.payOn('2026-12-09', 'PSP702', '40.00');
  await stage.payOn('2026-12-10', 'PSP702', '30.00');
  await stage.run();
  expect(await fees('2026-12-09')).toEqual([[2, 100n]]);
  expect(await fees('2026-12-10')).toEqual([[1, 50n]]);
});
