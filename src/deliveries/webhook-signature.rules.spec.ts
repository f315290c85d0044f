/** The example of the Standard Webhooks specification, and the form of secrets, times and several signatures. */
import { formatSecret, webhookSignatures, webhookTimestamp } from './webhook-signature.rules';

const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
const body = Buffer.from('{"test": 2432232314}');
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

it('signs the example of the specification', () => {
  expect(webhookSignatures([secret], id, '1614265330', body)).toBe(signature);
});

it('signs with each secret that holds, in order', () => {
  const other = Buffer.alloc(32, 7);
  const both = webhookSignatures([other, secret], id, '1614265330', body).split(' ');
  expect(both).toEqual([webhookSignatures([other], id, '1614265330', body), signature]);
});

it('tells secrets and times as receivers read them', () => {
  expect(formatSecret(secret)).toBe('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  expect(webhookTimestamp(new Date('2021-02-25T15:02:10.900Z'))).toBe('1614265330');
});
