/**
 * The files that go out for one key, so that every client of the field finds one it can load (gepg-decisions F5):
 * PKCS#12 with the key in modern and in legacy ciphers, the certificate as PEM and DER, and for the gateway's
 * certificate also as keystores of its own, which Java clients load to trust it. The P-256 key of a gateway goes into
 * its keystore, and its certificate out beside the other.
 */
import { X509Certificate } from 'node:crypto';
import { makeGatewayKeystore, type SigningKeys } from './gateway-keystore';
import { type Keystore, makeKeystore } from './keystore';
import { makeTrustKeystore } from './trust-keystore';

export interface KeyFile {
  readonly name: string;
  /** Holds a private key: only its owner may read it. */
  readonly isPrivate: boolean;
  readonly use: string;
  /** About half a second for a keystore: whatever can be refused is refused before. */
  readonly bytesOf: (password: string) => Buffer;
}

/** What is in these files is public; Java wants a password all the same, and this is the one it is used to. */
const trustPassword = 'changeit';

export function keyFilesOf(
  name: string,
  isGateway: boolean,
  keys: SigningKeys,
): readonly KeyFile[] {
  const { rsa, ec } = keys;
  return [
    {
      name: `${name}.p12`,
      isPrivate: true,
      use: isGateway
        ? `${ec === undefined ? 'key' : 'both keys'} of the gateway, AES-256: GATEWAY_KEYSTORE`
        : 'key, AES-256: clients of today',
      bytesOf: (password) => makeGatewayKeystore(keys, password),
    },
    {
      name: `${name}-legacy.p12`,
      isPrivate: true,
      use: `the ${ec === undefined ? 'same' : 'RSA'} key, 3DES: only for clients that cannot open the first`,
      bytesOf: (password) =>
        makeKeystore(rsa.privateKey, rsa.certificate.pem, password, { cipher: 'legacy' }),
    },
    ...certificateFiles(`${name}-certificate`, rsa),
    ...(isGateway ? trustFiles(`${name}-trusted`, rsa) : []),
    ...(ec === undefined
      ? []
      : [
          ...certificateFiles(`${name}-ec-certificate`, ec),
          ...trustFiles(`${name}-ec-trusted`, ec),
        ]),
  ];
}

function certificateFiles(name: string, { certificate }: Keystore): readonly KeyFile[] {
  const kind =
    certificate.publicKey.asymmetricKeyType === 'ec' ? 'certificate for ECDSA' : 'certificate';
  return [
    {
      name: `${name}.pem`,
      isPrivate: false,
      use: `${kind}, PEM: to hand out`,
      bytesOf: () => Buffer.from(certificate.pem),
    },
    {
      name: `${name}.der`,
      isPrivate: false,
      use: `${kind}, DER (.cer on Windows)`,
      bytesOf: () => new X509Certificate(certificate.pem).raw,
    },
  ];
}

function trustFiles(name: string, { certificate }: Keystore): readonly KeyFile[] {
  return [
    {
      name: `${name}.p12`,
      isPrivate: false,
      use: `certificate alone, for Java clients; password ${trustPassword}`,
      bytesOf: () => makeTrustKeystore(certificate.pem, trustPassword),
    },
    {
      name: `${name}-legacy.p12`,
      isPrivate: false,
      use: `the same for Java before 8u301; password ${trustPassword}`,
      bytesOf: () => makeTrustKeystore(certificate.pem, trustPassword, 'legacy'),
    },
  ];
}
