/**
 * The key that signs the audit chain: Ed25519, of its own, in a file of the worker. Who answers requests does not have
 * it, so that who breaks in there cannot sign a history of his own (security-reliability §3.8). Made at first use unless
 * AUDIT_KEY_FILE names one.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeOnce } from '../config/write-once';

export class AuditKey {
  private key: KeyObject | undefined;

  constructor(private readonly path: string) {}

  /** SubjectPublicKeyInfo in DER. */
  get publicKey(): Buffer {
    return createPublicKey(this.privateKey).export({ type: 'spki', format: 'der' });
  }

  sign(text: string): Buffer {
    return sign(null, Buffer.from(text), this.privateKey);
  }

  private get privateKey(): KeyObject {
    this.key ??= this.read();
    return this.key;
  }

  private read(): KeyObject {
    if (!existsSync(this.path)) {
      const { privateKey } = generateKeyPairSync('ed25519');
      writeOnce(this.path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    }
    const key = createPrivateKey(readFileSync(this.path));
    if (key.asymmetricKeyType !== 'ed25519')
      throw new Error(`${this.path} holds no Ed25519 key; the audit chain is signed with one`);
    return key;
  }
}

/** False also for what is no key. */
export function isSignedByAuditKey(text: string, signature: Buffer, publicKey: Buffer): boolean {
  try {
    const key = createPublicKey({ key: publicKey, type: 'spki', format: 'der' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text), key, signature);
  } catch {
    return false;
  }
}
