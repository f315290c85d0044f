/**
 * Certificates are told apart, and weak keys refused. The weak ones were made with OpenSSL 3, which node-forge and
 * Node's own key maker do not need to agree with.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { Refusal } from '../../kernel/refusal';
import { readCertificate } from './certificate';
import { makeSelfSigned } from './keystore';

const rsa1024 = `-----BEGIN CERTIFICATE-----
MIIB+jCCAWOgAwIBAgIUX9UBmaWYk4/e7zs/3RT7FLlV+VowDQYJKoZIhvcNAQEL
BQAwDzENMAsGA1UEAwwEd2VhazAeFw0yNjExMjQwMjA2MzRaFw0zNjExMjEwMjA2
MzRaMA8xDTALBgNVBAMMBHdlYWswgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGB
AMRxCRB8mucQsfxsCQTcNZYMsWAttVrY4jPGgyRlRwt5zuKSK+ro5Br+Zbk1iMvO
ySkiSGHjQFbZT9Wqj+Xu24Qiu3SqFPDPQx+gRGRYDRu4gZnVuo5PT0Eirw6VOw2B
znsiT9kYyFCSQzLAw5kS/5McGf6nsU4+v4QlF7CmIQqbAgMBAAGjUzBRMB0GA1Ud
DgQWBBQD4NXlGYLRFE1s0CHt5Bo4pisixjAfBgNVHSMEGDAWgBQD4NXlGYLRFE1s
0CHt5Bo4pisixjAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4GBAJl0
z+reIaawX8HrStz6C9QOHEt5rNEAQsofrV9UnVXBGw1sGdmvoFa4W6uYL2tYuqls
v2cFguxntboocX+W+frf7NzUQuk7m8CcoeAAy7sSle9l+MPT37ZGIfh/K4RmzjaS
9dBSC3tDGqCncGiMnbBQ8liITGlNh0x8xGPNy+AK
-----END CERTIFICATE-----
`;
const exponent3 = `-----BEGIN CERTIFICATE-----
MIIC/zCCAeegAwIBAgIUHeNIgW8hCb4P9Jp5hmpZEiKIDeQwDQYJKoZIhvcNAQEL
BQAwEDEOMAwGA1UEAwwFdGhyZWUwHhcNMjYxMTI0MDIwNjM0WhcNMzYxMTIxMDIw
NjM0WjAQMQ4wDAYDVQQDDAV0aHJlZTCCASAwDQYJKoZIhvcNAQEBBQADggENADCC
AQgCggEBAKVyat2Vgo9Zs/kUVOPoT4GXT5iksOuzV3pr5UqUJ3VemPJsomzC3rU5
qkqt1Yr7SALfk15Ru+Ow0oDol27s6NShWjIPwZO3Kzr5G62Uu3Ak9PmPQxrD9Ile
/smij0YdZ9+UOVibj54jvFmyb+x+gGX5fjmaVqPrTzlkHTYvlhm20TKSNnboOuAt
aKRR42KwrDxFnZZyGqEF+AAd+ftMTWW3Zu1I9tfmm4PN8hcQ7NBDIMXEp+C6fuuX
a6MBD0xjNXOecAukZusqEmFvzAqxeK9JLFtMNcChgePjP/p4gGmwTD6UhGRi58iQ
ssaWrrAmV4t76ep0hHBPbkZuBNMJIAUCAQOjUzBRMB0GA1UdDgQWBBTnDa5qeoDs
5NhbQAj4efl5mMIjhzAfBgNVHSMEGDAWgBTnDa5qeoDs5NhbQAj4efl5mMIjhzAP
BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQCVS/DT5QUkuBiA7tsu
WWv7eYbQVsLSCoJOZiM/ojMCS81P8i0PCC85E7ZzALLUmUD3oEYZumfVg0HsOgdw
0zpYNNqQGyqiB6LEdKrSfaIk3ij0rG0pIZI+wwoJ4XalU48ek2P62NFoFOy549b7
vvVNXW+Lt0Z/nvatGOqe6L3aQIue0061INRrqSOaVDA74juD6UfnqpMGxEZ8b2FS
lFQgmRn7TtjILmgUztTu2gtkXrzLqPZUEnCxnJnlnGdmVEeJ/kKuVsJit31i/Oej
54Y3dMLWoNCWZDGARmBajwBymX/uAns28ehAz7ta1ueZ/k+N+HvP/Cw6NwVq2V8O
0dVs
-----END CERTIFICATE-----
`;
const curveP256 = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUWtHW24CkTwAgv0mMtYVZXBj928gwCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFY3VydmUwHhcNMjYxMTI0MDIwNjM0WhcNMzYxMTIxMDIwNjM0
WjAQMQ4wDAYDVQQDDAVjdXJ2ZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABC5l
A16GAv1XH01angUcWQQuHborypmmotzE9dYuVjVCxBv0BCEtsfFLfAae0vpx8ZBZ
7jjYA7jUFoOs6bYt1U+jUzBRMB0GA1UdDgQWBBS9K7rijxBJ8fmh58pXsw+zh7aF
eTAfBgNVHSMEGDAWgBS9K7rijxBJ8fmh58pXsw+zh7aFeTAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIQCYDq05ECyktzKXLkHIDiRyfryKMK3TlDey
0TVQcggZOAIgTJha5Whf2RTvZpmaKucd3NkCKZ8nvDHogadduuka/CI=
-----END CERTIFICATE-----
`;

/** A key that may only make PSS signatures, which no GePG client does. */
const rsaPss = `-----BEGIN CERTIFICATE-----
MIIDZTCCAhigAwIBAgIUR9EaKvlHc2WfbLWP7ehCkfwmojswQgYJKoZIhvcNAQEK
MDWgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEF
AKIEAgIA3jAOMQwwCgYDVQQDDANwc3MwHhcNMjYxMTI0MDIxMTMxWhcNMzYxMTIx
MDIxMTMxWjAOMQwwCgYDVQQDDANwc3MwggEgMAsGCSqGSIb3DQEBCgOCAQ8AMIIB
CgKCAQEAzmUqo/Z5FDnzLTCH8XT9aFOUiIPIegtGi9akBTL7LAoygev9mHAS6G2G
v2JQBr5uDLHguEhi42Nwu0uBRA2UrPhjBOUaOTIqGXeBKLW0LcHxzIVKl1cUe7zr
FcQTNcb07wujy73bGu7AvwH8T/G+Njs0/02U0aF7LPv8cpuw5yd41aMPx99WBTLr
G+M91v3nWCphOz9Oq6z2NPyp2xrW1NjWGKIlrUI4eezyKUUFOYHOOpcOMB1UjwqQ
oVUor6gq17bQGqrN7yaiX+pmn7qiTJJP0btapRY4rhcowV3lF/o5miuMWHoUrhBq
h7LOYHWrtY1dc4NNuG5zH451BULPwwIDAQABo1MwUTAdBgNVHQ4EFgQUGfXAh9v5
iuyt/DH6g+3UlJXHseUwHwYDVR0jBBgwFoAUGfXAh9v5iuyt/DH6g+3UlJXHseUw
DwYDVR0TAQH/BAUwAwEB/zBCBgkqhkiG9w0BAQowNaAPMA0GCWCGSAFlAwQCAQUA
oRwwGgYJKoZIhvcNAQEIMA0GCWCGSAFlAwQCAQUAogQCAgDeA4IBAQBcis/5cXyj
chAPQFOdtKYOS8Usi/rGSpqLgIJ1n/C7Oq0IHWS9JFaFc98AdGIrW9UiyYm0gHaG
NVjl6zKKqpeFIf+zu9nipN4u3nCdBlzyaSoKXlBcKM91mbcrjiOHVycOgoN12Nzc
uuIF5hO2f1Te1K5g6RaPuO43Y15GGqGHtHVb6oWj8xmsJlcvILMkv6s+JTyvFgBb
yqdMh3SwtqDiPjGlH4/XzielUDQC/FJAhwNN3xCCBpr888PVQ2Hxyt1q1ssYtCSe
vyGhLIL4rN4uskuG82zj7WRpFyeunBjNCCcP9ZPy+HOPMKeh8W/gfVU9g0spf2A8
/fxwXquYxdmb
-----END CERTIFICATE-----
`;

const { privateKey, certificatePem } = makeSelfSigned(
  { commonName: 'SP70101', organization: "Ng'ombe & Wana — Ünïcode" },
  { notBefore: '2026-01-01T03:00:00+03:00', notAfter: '2050-12-31T23:59:59Z' },
);

function codeOf(bytes: Buffer | string): string {
  try {
    readCertificate(Buffer.from(bytes));
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('a certificate', () => {
  it('tells its facts, in UTC and to the second', () => {
    const { raw } = new X509Certificate(certificatePem);
    const facts = readCertificate(Buffer.from(certificatePem));
    expect(facts).toMatchObject({
      pem: certificatePem,
      fingerprint: createHash('sha256').update(raw).digest('hex'),
      subject: "C=TZ, O=Ng'ombe & Wana — Ünïcode, CN=SP70101",
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2050-12-31T23:59:59Z',
    });
    expect(new X509Certificate(facts.pem).checkPrivateKey(privateKey)).toBe(true);
  });

  it('has the same facts in DER', () => {
    const { raw } = new X509Certificate(certificatePem);
    const { publicKey: keyOfDer, ...fromDer } = readCertificate(raw);
    const { publicKey: keyOfPem, ...fromPem } = readCertificate(Buffer.from(certificatePem));
    expect(fromDer).toEqual(fromPem);
    expect(keyOfDer.equals(keyOfPem)).toBe(true);
  });

  it('has a public-key fingerprint over the key alone', () => {
    const { publicKey } = new X509Certificate(certificatePem);
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    expect(readCertificate(Buffer.from(certificatePem)).publicKeyFingerprint).toBe(
      createHash('sha256').update(spki).digest('hex'),
    );
  });

  it.each([
    ['RSA of 1024 bits', rsa1024, 'certificate.key-weak'],
    ['an elliptic curve', curveP256, 'certificate.key-weak'],
    ['RSA bound to PSS', rsaPss, 'certificate.key-weak'],
    ['the exponent 3', exponent3, 'certificate.exponent-bad'],
    ['RSA of 2048 bits and the exponent 65537', certificatePem, 'accepted'],
  ])('with %s is judged', (_, pem, code) => {
    expect(codeOf(pem)).toBe(code);
  });

  it.each([
    ['nothing', ''],
    ['a text', 'not a certificate'],
    ['a private key', privateKey.export({ type: 'pkcs8', format: 'pem' })],
    ['a certificate cut short', new X509Certificate(certificatePem).raw.subarray(0, -1)],
    ['very deep ASN.1', Buffer.alloc(60_000, Buffer.from([0x30, 0x80]))],
  ])('is unreadable as %s', (_, bytes) => {
    expect(codeOf(bytes)).toBe('certificate.unreadable');
  });
});
