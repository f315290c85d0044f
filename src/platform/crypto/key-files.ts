/**
 * The files that go out for one key, so that every client of the field finds one it can load (gepg-decisions F5):
 * PKCS#12 with the key in modern and in legacy ciphers, the certificate as PEM and DER, and for the gateway's
 * certificate also as keystores of its own, which Java clients load to trust it.
 */
import { X509Certificate } from 'node:crypto';
import { type Keystore, makeKeystore } from './keystore';
import { makeTrustKeystore } from './trust-keystore';

export interface KeyFile {
  readonly name: string;
  /** Holds a private key: only its owner may read it. */
  readonly isPrivate: boolean;
  readonly use: string;
  /** About half a second for a keystore: whatever can be refused is refused before. */
  readonly bytesOf: (keystore: Keystore, password: string) => Buffer;
}

/** What is in these files is public; Java wants a password all the same, and this is the one it is used to. */
const trustPassword = 'changeit';

export function keyFilesOf(name: string, isGateway: boolean): readonly KeyFile[] {
  const keys: KeyFile[] = [
    {
      name: `${name}.p12`,
      isPrivate: true,
      use: isGateway
        ? 'key of the gateway, AES-256: GATEWAY_KEYSTORE'
        : 'key, AES-256: clients of today',
      bytesOf: ({ privateKey, certificate }, password) =>
        makeKeystore(privateKey, certificate.pem, password),
    },
    {
      name: `${name}-legacy.p12`,
      isPrivate: true,
      use: 'the same key, 3DES: only for clients that cannot open the first',
      bytesOf: ({ privateKey, certificate }, password) =>
        makeKeystore(privateKey, certificate.pem, password, { cipher: 'legacy' }),
    },
  ];
  const certificates: KeyFile[] = [
    {
      name: `${name}-certificate.pem`,
      isPrivate: false,
      use: 'certificate, PEM: to hand out',
      bytesOf: ({ certificate }) => Buffer.from(certificate.pem),
    },
    {
      name: `${name}-certificate.der`,
      isPrivate: false,
      use: 'certificate, DER (.cer on Windows)',
      bytesOf: ({ certificate }) => new X509Certificate(certificate.pem).raw,
    },
  ];
  const trusted: KeyFile[] = [
    {
      name: `${name}-trusted.p12`,
      isPrivate: false,
      use: `certificate alone, for Java clients; password ${trustPassword}`,
      bytesOf: ({ certificate }) => makeTrustKeystore(certificate.pem, trustPassword),
    },
    {
      name: `${name}-trusted-legacy.p12`,
      isPrivate: false,
      use: `the same for Java before 8u301; password ${trustPassword}`,
      bytesOf: ({ certificate }) => makeTrustKeystore(certificate.pem, trustPassword, 'legacy'),
    },
  ];
  return [...keys, ...certificates, ...(isGateway ? trusted : [])];
}
