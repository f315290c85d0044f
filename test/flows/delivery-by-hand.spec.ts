/** What people do to the outbox: park, put back, look at every try, pin an authority, send again. Rules: rulings.md §5. */
import { ParkDeliveries } from '../../src/deliveries/park-deliveries';
import { PinAuthority } from '../../src/deliveries/pin-authority';
import { ResendDeliveries, type Selection } from '../../src/deliveries/resend-deliveries';
import { ReviewDeliveries } from '../../src/deliveries/review-deliveries';
import { businessDayOf } from '../../src/kernel/business-day';
import { Database } from '../../src/platform/database/database';
import { acknowledge, fail, Outbox, until } from '../support/outbox';

let box: Outbox;

beforeAll(async () => {
  box = await Outbox.open();
});
beforeEach(() => box.begin());
afterEach(() => box.end());
afterAll(() => box.close());

it('parks after the last try with an alarm, and begins anew when it is put back', async () => {
  box.bad.answer = fail;
  await box.owe('SP70202', box.bad.url, ['K-1']);
  await until('it is tried', box.isAttempted('K-1'));
  await box.gateway.db.query(
    `update delivery set failure_count = 52, next_attempt_at = gateway_now() where state = 'ready'`,
  );
  await until('it is parked', box.isIn('K-1', 'parked'));
  const { id } = await box.rowOf('K-1');
  expect(await box.gateway.count('alarm', `kind = 'delivery-parked' and subject = '${id}'`)).toBe(
    1,
  );

  box.bad.answer = acknowledge;
  const parking = box.use(ParkDeliveries);
  expect(await parking.unpark({ id: BigInt(id) }, 'test')).toBe(1);
  await until('it arrives', box.isIn('K-1', 'delivered'));
  await expect(parking.park(BigInt(id), 'kosa', 'test')).rejects.toMatchObject({
    code: 'delivery.not-waiting',
  });
});

it('shows every try, and says so where there is no such delivery', async () => {
  box.bad.answer = fail;
  await box.owe('SP70202', box.bad.url, ['V-1']);
  await until('it is tried', box.isAttempted('V-1'));
  const review = box.use(ReviewDeliveries);
  const { id } = await box.rowOf('V-1');
  const { delivery, attempts } = await review.attempts(BigInt(id));
  expect(delivery).toMatchObject({ recipient: 'SP70202', subject: 'V-1', state: 'ready' });
  expect(attempts).toMatchObject([{ attempt: 1, httpStatus: 503, outcome: 'http-503' }]);
  const parked = { state: 'parked', recipient: 'SP70202', limit: 5 } as const;
  await box.use(ParkDeliveries).park(BigInt(id), 'kosa', 'test');
  expect((await review.list(parked))[0]).toMatchObject({ subject: 'V-1', state: 'parked' });
  await expect(review.attempts(999_999_999n)).rejects.toMatchObject({ code: 'delivery.unknown' });
});

it('pins only what is the certificate of an authority', async () => {
  const pin = box.use(PinAuthority);
  const malformed = { code: 'delivery.authority-malformed' };
  await expect(pin.execute('SP70202', 'si cheti', 'test')).rejects.toMatchObject(malformed);
  await expect(pin.execute('SP99999', null, 'test')).rejects.toMatchObject({
    code: 'party.unknown',
  });
  expect(await box.gateway.count('delivery_trust')).toBe(0);
});

it('sends again by id, bill and day: the same bytes, audited, and not twice within a minute', async () => {
  const resend = (selection: Selection): Promise<number> =>
    box.use(Database).transaction((tx) => box.use(ResendDeliveries).execute(tx, selection, 'test'));
  await box.owe('SP70202', box.bad.url, ['R-1', 'R-2'], 'R-bill');
  for (const billId of ['R-1', 'R-2'])
    await until(`${billId} arrives`, box.isIn(billId, 'delivered'));
  const { id } = await box.rowOf('R-1');
  expect(await resend({ ids: [BigInt(id)] })).toBe(1);
  await until('it arrives again', () => box.bad.of('R-1').length === 2);
  await until('it is delivered', box.isIn('R-1', 'delivered'));
  expect(box.bad.of('R-1')[1]?.body).toEqual(box.bad.of('R-1')[0]?.body);
  expect(await resend({ ids: [BigInt(id)] })).toBe(0);

  // R-1 was sent again less than a minute ago.
  expect(await resend({ subject: 'R-bill' })).toBe(1);
  await until('it is delivered', box.isIn('R-2', 'delivered'));
  await box.gateway.db.query(`update delivery set resent_at = resent_at - interval '2 minutes'`);
  const { recipientId, day } = {
    recipientId: box.ids['SP70202'] ?? 0,
    day: businessDayOf(new Date('2026-11-24T08:00:00Z')),
  };
  expect(await resend({ subject: 'R-bill', day, recipientId })).toBe(2);
  expect(await resend({ subject: 'R-bill', recipientId: box.ids['SP70101'] ?? 0 })).toBe(0);
  expect(await box.gateway.count('audit_event', `action = 'delivery.resent'`)).toBe(5);
  await expect(resend({})).rejects.toMatchObject({
    code: 'delivery.nothing-selected',
  });
  await box.gateway.settled();

  await box.gateway.db.query(
    `insert into delivery (recipient_id, kind, subject, message, state, settled_at, resent_at)
     select $1, 'bills-answered', 'many', '{}', 'parked', gateway_now(), gateway_now() - interval '30 minutes'
       from generate_series(1, 10000)`,
    [recipientId],
  );
  await box.gateway.db.query(`update delivery set resent_at = null where subject = 'R-bill'`);
  await expect(resend({ subject: 'R-bill' })).rejects.toMatchObject({
    code: 'delivery.resend-limited',
  });
});
