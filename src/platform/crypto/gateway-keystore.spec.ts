/** The gateway's own file: which keys it may hold, and what of a P-256 certificate we make other programs rely on. */
import { X509Certificate } from 'node:crypto';
import { Refusal } from '../../kernel/refusal';
import { readCertificate } from './certificate';
import { makeEcSelfSigned } from './ec-certificate';
import { makeGatewayKeystore, openGatewayKeystore } from './gateway-keystore';
import { type Keystore, makeKeystore, makeSelfSigned } from './keystore';

const validity = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2056-01-01T00:00:00Z' };
const subject = { commonName: 'gateway', organization: 'Hazina ya Özil & Mfano' };

/** openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 */
const p384 = `-----BEGIN CERTIFICATE-----
MIIBrzCCATagAwIBAgIUNJDgwhECQt/fGwZpDgKbGFf3vZ8wCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEcDM4NDAeFw0yNjExMjQxODQzNTFaFw0zNjExMjExODQzNTFa
MA8xDTALBgNVBAMMBHAzODQwdjAQBgcqhkjOPQIBBgUrgQQAIgNiAARlm2QzDTXW
3oAP6vMjkQmqUir/NaHZFG7Oh7L5Woe1r1CZg+nmCvjqFF0en123UDoYsLe3Yfn1
/yzJvdxN5FCDOQAi3vo2FBtsFSzBJBY7eeWhP2el5RWcCilQWB1houWjUzBRMB0G
A1UdDgQWBBQp4eUts7WqWXNKAwvES7PyfhBPTjAfBgNVHSMEGDAWgBQp4eUts7Wq
WXNKAwvES7PyfhBPTjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA2cAMGQC
MGa6nI88py4f/TLB4DVhDU9U6FCP5WtNZFMmUearI+ZUGMl3Eud0AOpRe4TsOr6h
SwIwfdUg9g05JQT9a6mstGIptcPaqZGxTsH2/M6Do/q9hArTljocwIIkffN5NzoZ
4RNF
-----END CERTIFICATE-----`;

function rsaKey(): Keystore {
  const { privateKey, certificatePem } = makeSelfSigned(subject, validity);
  return { privateKey, certificate: readCertificate(Buffer.from(certificatePem)) };
}

const rsa = rsaKey();
const ec = makeEcSelfSigned(subject, validity);
const other = makeEcSelfSigned(subject, validity);
const both = makeGatewayKeystore({ rsa, ec }, 'secret');

function codeOf(bytes: Buffer, password = 'secret'): string {
  try {
    openGatewayKeystore(bytes, password);
  } catch (fault) {
    if (fault instanceof Refusal) return fault.code;
    throw fault;
  }
  return 'opened';
}

describe('a keystore of the gateway', () => {
  it('gives both keys back, each with its certificate', () => {
    const opened = openGatewayKeystore(both, 'secret');
    expect(opened.rsa.privateKey.equals(rsa.privateKey)).toBe(true);
    expect(opened.rsa.certificate.pem).toBe(rsa.certificate.pem);
    expect(opened.ec?.privateKey.equals(ec.privateKey)).toBe(true);
    expect(opened.ec?.certificate.pem).toBe(ec.certificate.pem);
  });

  it('may hold the RSA key alone', () => {
    const alone = makeKeystore(rsa.privateKey, rsa.certificate.pem, 'secret');
    expect(openGatewayKeystore(alone, 'secret').ec).toBeUndefined();
    expect(codeOf(makeGatewayKeystore({ rsa, ec: undefined }, 'secret'))).toBe('opened');
  });

  it('keeps its keys encrypted, and opens with its password alone', () => {
    for (const { privateKey } of [rsa, ec]) {
      const { d = '' } = privateKey.export({ format: 'jwk' });
      expect(both.includes(Buffer.from(d, 'base64url'))).toBe(false);
    }
    expect(codeOf(both, 'Secret')).toBe('keystore.password-wrong');
  });

  it.each([
    ['two RSA keys', { rsa, ec: rsaKey() }, 'keystore.key-ambiguous'],
    ['two P-256 keys and no RSA key', { rsa: other, ec }, 'keystore.key-missing'],
    [
      'the certificate of another key',
      { rsa, ec: { ...ec, certificate: other.certificate } },
      'keystore.key-mismatched',
    ],
  ])('with %s is refused', (_, keys, code) => {
    expect(codeOf(makeGatewayKeystore(keys, 'secret'))).toBe(code);
  });
});

describe('a P-256 certificate', () => {
  const certificate = new X509Certificate(ec.certificate.pem);

  it('is of its own key, for signing, and no authority', () => {
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(ec.privateKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.ca).toBe(false);
    expect(certificate.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('has the name and the days it was asked for, also after 2049', () => {
    expect(ec.certificate).toMatchObject({
      subject: 'C=TZ, O=Hazina ya Özil & Mfano, CN=gateway',
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2056-01-01T00:00:00Z',
    });
  });

  it('takes over the name of another certificate byte by byte', () => {
    const second = makeEcSelfSigned(rsa.certificate, validity);
    expect(second.certificate.subject).toBe(rsa.certificate.subject);
    const named = Buffer.from('Hazina ya Özil & Mfano');
    expect(new X509Certificate(second.certificate.pem).raw.includes(named)).toBe(true);
  });

  it('is not taken where RSA is wanted, nor RSA or another curve where P-256 is', () => {
    const read = (pem: string, kind: 'rsa' | 'ec') => () => readCertificate(Buffer.from(pem), kind);
    expect(read(ec.certificate.pem, 'rsa')).toThrow(/need RSA/);
    expect(read(rsa.certificate.pem, 'ec')).toThrow(/the key is rsa; ECDSA here needs P-256/);
    expect(read(p384, 'ec')).toThrow(/the key is secp384r1; ECDSA here needs P-256/);
  });
});
