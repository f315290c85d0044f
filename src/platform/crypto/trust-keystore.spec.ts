/** The certificate-only keystore, read by node-forge, which did not make it. Java and OpenSSL read it in test/protocol. */
import { X509Certificate } from 'node:crypto';
import { asn1, pkcs12 } from 'node-forge';
import { makeSelfSigned, openKeystore } from './keystore';
import { makeTrustKeystore } from './trust-keystore';

const { certificatePem } = makeSelfSigned(
  { commonName: 'gateway', organization: 'Mfano' },
  { notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' },
);
const certificate = new X509Certificate(certificatePem);

function read(bytes: Buffer, password: string) {
  return pkcs12.pkcs12FromAsn1(asn1.fromDer(bytes.toString('latin1')), password);
}

describe.each(['modern', 'legacy'] as const)('a %s trust keystore', (cipher) => {
  const bytes = makeTrustKeystore(certificatePem, 'changeit', cipher);

  it('holds the certificate under its alias, as trusted for every use', () => {
    const [bag, ...others] = read(bytes, 'changeit').safeContents.flatMap((each) => each.safeBags);
    expect(others).toEqual([]);
    expect(bag?.attributes).toMatchObject({ friendlyName: ['gepgclient'] });
    expect(bytes.includes(certificate.raw)).toBe(true);
    // Oracle's attribute with a set of one: any use (anyExtendedKeyUsage).
    const trusted = '060c6086480186f966adca7b0101' + '31060604551d2500';
    expect(bytes.includes(trusted, 'hex')).toBe(true);
  });

  it('is sealed: another password, or a byte that changed, does not open it', () => {
    expect(() => read(bytes, 'Changeit')).toThrow(/MAC/);
    const changed = Buffer.from(bytes);
    const at = bytes.indexOf(certificate.raw) + 40;
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(() => read(changed, 'changeit')).toThrow();
  });

  it('is no keystore of a gateway', () => {
    expect(() => openKeystore(bytes, 'changeit')).toThrow('keystore.key-missing');
  });
});

it.each([31, 32])('is sealed with a password of %i signs', (length) => {
  const password = 'p'.repeat(length);
  expect(() => read(makeTrustKeystore(certificatePem, password), password)).not.toThrow();
});
