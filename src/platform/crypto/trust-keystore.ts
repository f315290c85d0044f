/**
 * A PKCS#12 file with a certificate and no key, as GePG clients in Java load the gateway's: by alias, as an entry that
 * is trusted. Java shows only entries that carry its own attribute (measured on GePG's field files: one made by OpenSSL
 * without it is empty to Java), and node-forge cannot write that.
 */
import { X509Certificate } from 'node:crypto';
import { oid } from './der';
import { attribute, certificateBag, friendlyName, sealedFile } from './pkcs12-file';

/** RFC 7292 attribute of Oracle; its value says what the certificate is trusted for. */
const trustedKeyUsage = '2.16.840.1.113894.746875.1.1';
const anyExtendedKeyUsage = '2.5.29.37.0';

/** The password is ASCII and no secret: everybody who is to trust the certificate gets it. */
export function makeTrustKeystore(
  certificatePem: string,
  password: string,
  cipher: 'modern' | 'legacy' = 'modern',
): Buffer {
  const attributes = [
    friendlyName('gepgclient'),
    attribute(oid(trustedKeyUsage), oid(anyExtendedKeyUsage)),
  ];
  const bags = [certificateBag(new X509Certificate(certificatePem), attributes)];
  return sealedFile(bags, password, cipher);
}
