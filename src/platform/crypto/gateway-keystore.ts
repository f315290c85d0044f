/**
 * The gateway's own keystore: its RSA key, which signs for everybody, and, where a PSP agreed on ECDSA, one P-256 key
 * beside it, in the same PKCS#12 file. node-forge reads such a file and cannot write one.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { pki } from 'node-forge';
import { Refusal } from '../../kernel/refusal';
import { readCertificate } from './certificate';
import { decode, named, octets } from './der';
import { type Keystore, makeKeystore, protectionOf, readKeys } from './keystore';
import { attribute, bag, certificateBag, friendlyName, sealedFile } from './pkcs12-file';

export interface SigningKeys {
  readonly rsa: Keystore;
  readonly ec: Keystore | undefined;
}

/**
 * Refuses: what `readKeys` and `readCertificate` refuse, keystore.key-missing (no RSA key), keystore.key-ambiguous
 * (several of a kind, or a kind that signs nothing here).
 */
export function openGatewayKeystore(bytes: Buffer, password: string): SigningKeys {
  const keys = readKeys(bytes, password);
  const ofType = (type: string) => keys.find((each) => each.privateKey.asymmetricKeyType === type);
  const rsa = ofType('rsa');
  const ec = ofType('ec');
  if (rsa === undefined) {
    throw new Refusal('keystore.key-missing', 'the keystore holds no RSA key');
  }
  if (keys.length > (ec === undefined ? 1 : 2)) {
    throw new Refusal(
      'keystore.key-ambiguous',
      'the keystore of the gateway may hold one RSA key and one P-256 key, and this one holds more',
    );
  }
  return {
    rsa: {
      privateKey: rsa.privateKey,
      certificate: readCertificate(rsa.certificate.raw),
    },
    ec: ec && {
      privateKey: ec.privateKey,
      certificate: readCertificate(ec.certificate.raw, 'ec'),
    },
  };
}

/** Readable by OpenSSL and Java too; the P-256 key has the alias `gepgclient-ec`. */
export function makeGatewayKeystore({ rsa, ec }: SigningKeys, password: string): Buffer {
  if (ec === undefined) return makeKeystore(rsa.privateKey, rsa.certificate.pem, password);
  const bags = [...bagsOf(rsa, 'gepgclient', password), ...bagsOf(ec, 'gepgclient-ec', password)];
  return sealedFile(bags, password, 'modern');
}

/** Java knows by the id, and by nothing else, which certificate is of which key. */
function bagsOf({ privateKey, certificate }: Keystore, alias: string, password: string) {
  const x509 = new X509Certificate(certificate.pem);
  const attributes = () => [
    attribute(named('localKeyId'), octets(createHash('sha1').update(x509.raw).digest())),
    friendlyName(alias),
  ];
  const key = decode(privateKey.export({ type: 'pkcs8', format: 'der' }));
  const encrypted = pki.encryptPrivateKeyInfo(key, password, protectionOf('modern'));
  return [bag('pkcs8ShroudedKeyBag', encrypted, attributes()), certificateBag(x509, attributes())];
}
