/** Keys for what is kept encrypted: one for each purpose, and the same one at every start. */
import type { Keystore } from '../crypto/keystore';
import { Secrets } from './secrets';

const secretsOf = (controlNumberKey: Buffer): Secrets =>
  new Secrets({} as Keystore, controlNumberKey);

it('derives a key of 256 bits for each purpose', () => {
  const secrets = secretsOf(Buffer.alloc(32, 1));
  const key = secrets.keyFor('webhook secrets');
  expect(key).toHaveLength(32);
  expect(key).not.toEqual(secrets.controlNumberKey);
  expect(secrets.keyFor('stored answers')).not.toEqual(key);
  expect(secretsOf(Buffer.alloc(32, 1)).keyFor('webhook secrets')).toEqual(key);
  expect(secretsOf(Buffer.alloc(32, 2)).keyFor('webhook secrets')).not.toEqual(key);
});
