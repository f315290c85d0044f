/**
 * Keystores open whoever made them, and a bad one is refused with its reason, never with a crash. The fixtures, made
 * with OpenSSL 3 and Java's keytool, have the password `secret` and keys that were never used for anything else.
 */
import { X509Certificate } from 'node:crypto';
import { asn1, pkcs12, pki } from 'node-forge';
import { Refusal } from '../../kernel/refusal';
import { makeKeystore, makeSelfSigned, openKeystore } from './keystore';
import { isSignedBy, signBytes } from './signature';

/** openssl pkcs12 -export -legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-RC2-40 */
const rc2 = `MIIJhgIBAzCCCUwGCSqGSIb3DQEHAaCCCT0Eggk5MIIJNTCCA8cGCSqGSIb3DQEHBqCCA7gwggO0AgEAMIIDrQYJKoZIhvcNAQ
cBMBwGCiqGSIb3DQEMAQYwDgQIpMdMOsI+p2ICAggAgIIDgP5IDngwBY6C2Qwv/Qd0RIOMEvoMhMBWvV1OAvJ/4cU8P59QtzQb
76bWBuxmVUQZAvnzDa27l0BamjAlKWUWfHa5fnz7Ir0iVvhFB9qTv/qMp8zVeMspXBtXwqvhWkXsL2/xZxrijBJnqxlyWO9ACB
uKgEiaygbEfU1Ftq1VPrmSR7PQAt3wipr3doX+1JmTPzqcvafIDdBUN7UddOsP7S8wuMFqXC4JUZrlaIXX6KElSbP+sjdnorqK
ouLsc72jS4g7CJmEnxlhzoY8z2rb8vQsHePPyENM+HkBqymlMbnaIkhyf7JT0S4GMSBHpYb/GZqL05FEOifDWMxfNBTogf1ioG
9/q8A+LfHqUoEl67RwI0lKrVB2mJF8dIcJBFrUzAvWckyTkvPbuY9HGRObVS9L+McKyXHTeQxUE/00MK9bDn3xlXxouo8O3mfn
BRp8I0P16Gr0KME8ZlNqA36EJSGdf8RHWF9JraUju2mJCdjjtVbQlI/o5LVqlOs2PXSdKhhIvvATSCoBoJjr+6HRqqtEMa8vww
/KJAeo0NvWcYIkNT33R3860tp1zl2WWEKPO2Zc1P6uJGcqssSYfd5+hkOTm3CEyTtrDRRJ5mgqrXPVNxNfMFdb2RtL3Yj+4hBG
X36zCBi91whXuAQpQhjJo9cHfEVXg69EhnUDCLf9VxjJPHccL2ZqfYRBSekuCe/HhbxfVFJ/dbEB1R7s0bPUEa2gxeAIo1jZaz
emLeNFnbVwZIX4IyrcvOhj4gmo+poMqFTqer91iZYXvCBIxSv95Uya8lRx5qnXxJO5MWCfbTozJdD6kGc/hMtt9K1UhgI8HmJm
x1FuLI+kNfRkCh6nDrSEyakTjIEdzfT1ErgvxT/d6iH9v6ivOz81ovW+rbDWwwlHXQKOwsQ5cdGqPDu4YiQViljW1tLUoieLP3
HaPKAtWAMvJcIgUgydj+4EnD58F6OcZvRh5AEoHyS+CzMop5bsJv14rV1YTl7yZGy9vZFrANbwMLhxH/+SGf+Ut9mK0QkYtY3v
LRPbekVKwOLtp0BPZo+AunLiRWpHonIMZ2afdSvQzZfF4QthpIxyFePN/y4OPw1Sc49e7fcuhFGUTt5S9OrR12ACG+llJ+bXSL
Ox/Xz2k3m7MT96jBp/wOO2ewiXjjZBrcgr/CSmUzDPkoJEVt1VWoyh35C2ruhZ2HbzMIIFZgYJKoZIhvcNAQcBoIIFVwSCBVMw
ggVPMIIFSwYLKoZIhvcNAQwKAQKgggTuMIIE6jAcBgoqhkiG9w0BDAEGMA4ECJMVWt8lj7MbAgIIAASCBMjoNWE8MhiogwB3mk
xVJSuq71GXZgxLxIY8x54jBAhyBpbCAiWLbq1xHecEHBfG2jUQC46YQOFW5ovSRFwpExXGNx+X03k++sBdJGgTiH+JuG1q+QXF
mAFqdbGvW+fYF4LLA2eeNPUS6apzDYyzXQL/AZTyQHjk0Lrp80G+cPHaS91/dbbjv1K4AE4yOEiLVZ8ooU0o/S0ITsJVBHrH8G
7AnGhyj/zgXflVD63ClC771O8P2lKiH+8wIxMRUrEmLW1qQQ7QKbn/39uESK/h3k5FmzR7r0rjijSca92RhpxTaVt70l+X973+
GyPtjazfS3ulw81ldxQ97SakeBVuiNph+rwZuaWHiguVRT0yOGv+SBWE3vTOeNpKFWXuGaPbAay1PBoVMy7qN1EWAxAkbJMN/R
860olAQd59UhyU/GEJK1IxdcMzShC/qY2O316yyeBg+PVGjmLlW0QPy0RiXdazweUgoz+zW76lZtOy8C+zA1rX6mmz3pEwFFQ3
FVjvm2f7GwnhRRfkrzMlY23kTA8h9L5habN58iSzNVhkILHVuN6yEn0tRm2E5KVtOg4b426lpPEeXQ4S5bSIWQUvlNj8ASLQQd
G4SYpu+fdgrsCMg/NrRHnGG7kmFkQIThKSI9dkKWAZh3DA+JsGSiL6SJnCQ2uVCuKeUEH5wiRmdFaQvLhyouXvX+7vxG5udGqK
g1ulnkZbC9Ps0Ja/MjUuT7RxZj9NVkT4L619jWC6ZE8dN9kO8aH2/zZSQPTji4j5fK+gEsa+d/1FLPBEO5uKlDWRzyQMkUc4Nc
B6a8BJrLobU76LlyRaQTQi719EqnPnMOuzyYkiCx/LS/u2P94D2HvrL3ze+M4WZx55525p66wKa/GHJom8N5sN8bmiwGGpxOaR
zgNRFvslRwFlGLc8wIMP3ywFXcIiXnXJ0DDouPaQR8srB9kw4geaDD37yMiYAdkT6C1YJPFxA3bsMPhaeVR6aBLdwhLV2OMjdj
B6lpe1c8bD9DFHINZy1Y6qYX3KuiOqxRlU627mljs54UPrNTVm+LjGN7J0w7CKlfh5V80Z6mhjhNwglGIisut9hactvuD2FLPh
uk6gSpxuBjLE1+iLLI/w8KSeglvTEpg52oriUV3BMLP3fftfwgaY8dELhWBMSy/YiFIctkSUQ4OPHAg6BGsERwvs4CUC4sQlFY
a9QsTHuUm8NIIWQg5Ng12mbh5ORGyT4uwPCLZO4yiCHvlINoeb2Ngq8f8tv8XHSwh1OoRWX6Z+GjeQVFwfZbtuQ8G5RBvfU8jL
/BlSo1DQGgjSSKUSB8hv8STV9RraBJtgwHnyCKL5qPor1c9ejXlldqQbr2ODq/KBTiU257NPGlbczBl/+uJaKRMre2yIqVYz3M
rD9rBe0jqz8+CgP5m8oAzUUOSKdRdmNUvOFUhMlIvmvsrOke06PTr/oLGN85inAAqO/m6dixh4PNlR/+6dAsgCLcHTJEhm8lMG
ctauZEWcomBGfoe39+CzYz655U1WP/dksWauMqfw6Oey8qc4R34IPobx789ikgVgvBG1YM+nsMlMs/8jVDcjjg74Zm5C9LkNy5
nFWVcWGC56AkzJZKkosE/qte/oGZ+px4/OyHF9KUb5Ng8uvuExSjAjBgkqhkiG9w0BCRQxFh4UAGcAZQBwAGcAYwBsAGkAZQBu
AHQwIwYJKoZIhvcNAQkVMRYEFNWOvLl20/IqCXYGyFzhfOuLRk7XMDEwITAJBgUrDgMCGgUABBR7B0OvOMHDlSUjLJmJjsIsqy
E0gQQIRTOIoVwtze4CAggA`;

/** openssl pkcs12 -export, P-256 */
const curve = `MIIEUQIBAzCCBAcGCSqGSIb3DQEHAaCCA/gEggP0MIID8DCCAoIGCSqGSIb3DQEHBqCCAnMwggJvAgEAMIICaAYJKoZIhvcNAQ
cBMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjd9F5+0wsqjwICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoE
EEcT74n0Qi55B4XLFsJY0tqAggIAhwf9GQIfCmhXL3kjV6QW/UOMwenK6N9pWhECJHUYxqgh+lJkqh2q8SPAFAgTUE/M2/hK5n
VoU+qHKTSDGP43h/KuMf6S8yo7ilYjQZvo2hHJQJq/AUcxYBJZ22HfsqIUg6WPclsrPAyjgGUPTC81wpVMj6WaP6y6mGcrQwMa
+HXxqA1cpMkL4mmnR5ceo6y7amAz84el/e9BCBmgbaLDuO+Ka1KBuvkwVDNZGeL/bcX9Y5GoJzUEAzXyaxLjBN6DnEJVqLXJmE
wN2qALAVYBYEjtIhZ++igHWK/Knj4VZsqmgW+IWd5Q2M3ivU+NWlDjPf9ktmYn3lzrpXX2onqD4Oh4P81zDk59T2NjgKuBQ4E2
E7KNy8whLnsElWQIiFWZEl2wp10hX7CGKRjTUvxTF1+fEYMgeSXRBTs1oCA0+42BG9tJ0wRGIN5q7uMDqXlqGqDONvaFOOsnnv
KJMGJYzvyCRrmXCZT0paR95HK6FEIOQsURQIlgEZmzMKySZCHazia0qW1j4A+6ZQumuHsgJNfeossTq9Na5ZVXOR5PB5/URqHQ
FVizzSXDJqd4Wb0rZycWVbrTrlsKFOQajNcfJGD+s+j8o8i042roukOIRUbO/KiLouVOuMrzJkB/MmETPZZ2AEgVCt7ofuwzM0
z+vTSV9j98dYLoZzJ+V3SsJU0wggFmBgkqhkiG9w0BBwGgggFXBIIBUzCCAU8wggFLBgsqhkiG9w0BDAoBAqCB7zCB7DBXBgkq
hkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIoTxHG0Ltm00CAggAMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBCYQV+Muf
MfvF+vpB8p7qvjBIGQjrS6HP/3GtojWp6B60uTUzX0jPxYM3JQsW44Na4ahri7Q8AZ4ifNq+dzjCWh5jAgZXF4iSKjnTIDN+gQ
fi1Pwb9P49xK1QMK7caLJ4Gf/ZSmM4HSPFVPivgMr3n/Nq8FmuKhRHn/LQs8NlNQYK9yBZeidWt2Z9AOOygumfmdbM9Z1FSQSe
PQfwPGYBN/JLpxMUowIwYJKoZIhvcNAQkUMRYeFABnAGUAcABnAGMAbABpAGUAbgB0MCMGCSqGSIb3DQEJFTEWBBRmfkCI9n5L
9UFJExmO3DK8Y4Hg3TBBMDEwDQYJYIZIAWUDBAIBBQAEIIu2SXZIcJQD/IfzekTzX2dzuunYQNH+T8F27x8PCO40BAiKh/NC/b
qkPAICCAA=`;

/** openssl pkcs12 -export -nokeys */
const withoutKey = `MIIClwIBAzCCAk0GCSqGSIb3DQEHAaCCAj4EggI6MIICNjCCAjIGCSqGSIb3DQEHBqCCAiMwggIfAgEAMIICGAYJKoZIhvcNAQ
cBMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgxFN7PZfJt1AICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoE
ECPgNSIVM80P8IdpAww8qAmAggGwtYrOE/dU9mJZOhE37+oCUrO0DGrOVltBFz4COJ//E/EDgU5l6T+LF17axXzKdKpeiy5yzy
LCUTb9WuDYQa9fBu0HnXBs14hAkozji2YjuI/kGr0+OdC0r3BI3xMAT7nPu3Om/Q13tPhgU48wiEt3epSl25B4nKx+4Zw7O34B
wZMlyW/Ksx4b4zazgDj2ZIJ0HeDvdtBnG7eRdkF2jQpI9gwD3VZ24EqS40ltwbK6OunGzwADccRkspjaiBGFIguy8QjhOBnYOh
j9+g3Qryc1hNYkkl/vNz0N4I8YSLulgb0JHJvLzZ0LSxgIkk6zybCI1aUDpEwG+BG61YoOGhqyklaRTFeyLAatqGRdxNzA7vDv
vFobNeKlbXT7d9qj5JssZzKUN4f9n1ZYFR9GUL2ntIqA9C56PFbdikYOy5Y309CuaTzwhtGo/2PAbYqO7wG7fb1UkeuepVtuMR
9K6YdjcAQN9RmlJoHtNP3JzgwoSNBHLJgltVl5DGgm/w+Pn0JCdESWjj5nU+2J+RLmvZnIGFk2FRThQm9elu5u1jWsBUjCoIzF
OIi2Sq2qOm6Mht0GMEEwMTANBglghkgBZQMEAgEFAAQgWqwOhV4kvUi/DPKcuct8kRxz/Op4ZPSfRGiLTaJRs7gECM5x15IkOi
8XAgIIAA==`;

/** keytool -genkeypair, twice, P-256 */
const twoKeys = `MIIGbwIBAzCCBhkGCSqGSIb3DQEHAaCCBgoEggYGMIIGAjCCAikGCSqGSIb3DQEHAaCCAhoEggIWMIICEjCCAQUGCyqGSIb3DQ
EMCgECoIG9MIG6MGYGCSqGSIb3DQEFDTBZMDgGCSqGSIb3DQEFDDArBBRvzs7fRIg7VRNqDtH6HS83v9B5FwICJxACASAwDAYI
KoZIhvcNAgkFADAdBglghkgBZQMEASoEEJ0dsDDh+mOVBB+fvbr/ppEEUNcZLDqYe1UbKGq5e4PxFVq1PXieZreK5O3biwtKT8
rIneW20iBLVrv5IJlhN10e3ciBOQd359LpAEJsf+0Av5Pv9EtE1Q3OUYzQqI/hEvd9MTYwEQYJKoZIhvcNAQkUMQQeAgBhMCEG
CSqGSIb3DQEJFTEUBBJUaW1lIDE3OTU0ODU5OTUwMTgwggEFBgsqhkiG9w0BDAoBAqCBvTCBujBmBgkqhkiG9w0BBQ0wWTA4Bg
kqhkiG9w0BBQwwKwQU0csh82XLpnJbxjRtz4+k65IWr5YCAicQAgEgMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBBkwRp4
iMy1rrcdap6i/PpwBFCTrMM2D5/k8UlRpEPtEK2VQk8xgtIVbcAywO4M2Q5VwIWKksfjI7JZe5pakSd0k4ludkoGjBKIBEaSiv
+X6uK3ApMRc142SHSjkxXYIRplijE2MBEGCSqGSIb3DQEJFDEEHgIAYjAhBgkqhkiG9w0BCRUxFAQSVGltZSAxNzk1NDg1OTk2
MTM3MIID0QYJKoZIhvcNAQcGoIIDwjCCA74CAQAwggO3BgkqhkiG9w0BBwEwZgYJKoZIhvcNAQUNMFkwOAYJKoZIhvcNAQUMMC
sEFKI62nWBAGg+5toz7B2qHoPNi1D6AgInEAIBIDAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQrpkO+0NCFJgSWzv+A55N
K4CCA0ANjTAzPUKilCmq31R6cZra2ibZf0+bda8s/KyuSsjL1hN5oPYAiRk6uPokRTakPEI+WRG0beb5MonK90MiwvEwK77K6b
s819aG7aUTVZhJafhcmEyd5q8r46p3/TgfDH/Rx4hMA/ESv3uqeZR5UujkC5jXHySDEEnv1i64oePWn9ifNlVuxFWLPiadIZ9l
q+RAcEYVjQMeoKctmaDh2zNIb5yZqNecIbGjiYRrv5tr6uwpPVipOpA24nt/VZfnYEYgg1JeJD4NrJenBfgyHzPTx4INXSe41c
wjq+//c5t4AyjZuJO8aoc8IEjTc09qX5RJEk/HDKPI7Ljj/0RlUoN/ZmqoHSBOXZgw3QnRzZ+LxvnRO8/Gma7sYEVkEyGmTenz
rJ3nK0o3fIB94x12VLbrAdjlsWAP9ynPOhJO0UfM1JkpUofCA9ikboZXoyIwMQ1vEj7E9QEVXMxreL++fbog+XAtuheBOjQ039
NQP6iT8KnPCAYBP5wi0IoKXZ/tbnmBl9RAuMUWtO+YTIroZ7VzIqrzIEUGLoh2RU3oO4goxLzINr3EhU1Db5mi0rytflI2WZHy
op7mAwQRyDhYIWZI1juttBZvcDt/a5m+RRHT2F4JieELLi7DC4zROigvfQQYyIk6epsMVZx1zbcXWU/n2qYDGlbErR5oW/11Xw
FvrPyUxQz1vBLPa8B1MK41sdhWcAJAYxHX9pSy5zvR36xEs8jJ692Ef9LaTDgzFGIEKEKEC2+ISx8k9dQVTWIf37yt62rchNAx
jTjJO8suAM6COE0U2KhTThQjAH1KTGUZ0+usAaAvLEz6tBTIyG/j21yxYe+nyv9NLDLBXw6iDfIn2QHSnuccMNDnU4Ew1hsWgX
jDeVehg6rZtat4z+Ckcmc5Ivg3yih2XMSq9rhWoxcfWyz39Q3dpVSLOIle/DallOzuBhI+CY/yctSsQW9bFfkWy56zJa8uQ254
uSMqqjXsYHy62p1eIYV7Ii97ci+uq7jLt2GEyehTjBOAk1wgS+PU4k9eRCKtp5jM4nDwDbRGjOQ05Jwv3mgq+XPnQdlXaop7jC
pWZRT2XtnHPOwKRdJJKS3gRWS3Ar62imLMVF1+ME0wMTANBglghkgBZQMEAgEFAAQgvJLGNzfNU96MPGeW/Dn3E98hk6AtI/jI
5kolWV+TzMUEFAFpAVfzZlnnOm0IDx664Der7iurAgInEA==`;

const validity = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' };
const own = makeSelfSigned({ commonName: 'own', organization: 'Mfano' }, validity);
const other = makeSelfSigned({ commonName: 'other', organization: 'Mfano' }, validity);
const ownModern = makeKeystore(own.privateKey, own.certificatePem, 'secret');
const ownLegacy = makeKeystore(own.privateKey, own.certificatePem, 'secret', {
  alias: 'wizara',
  cipher: 'legacy',
});

/** As node-forge makes it, without our check that key and certificates belong together. */
function keystoreWith(...certificates: readonly string[]): Buffer {
  const key = own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const file = pkcs12.toPkcs12Asn1(
    pki.privateKeyFromPem(key),
    certificates.map((pem) => pki.certificateFromPem(pem)),
    'secret',
    { generateLocalKeyId: false },
  );
  return Buffer.from(asn1.toDer(file).getBytes(), 'latin1');
}

function codeOf(bytes: Buffer | string, password = 'secret'): string {
  try {
    openKeystore(typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes, password);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'opened';
}

describe('a keystore we made', () => {
  it.each([
    ['modern', ownModern],
    ['legacy', ownLegacy],
  ])('gives its key and certificate back (%s)', (_, bytes) => {
    const { privateKey, certificate } = openKeystore(bytes, 'secret');
    expect(privateKey.equals(own.privateKey)).toBe(true);
    expect(certificate.pem).toBe(own.certificatePem);
    const text = Buffer.from('<gepgBillSubReq></gepgBillSubReq>');
    const signature = signBytes(text, privateKey, 'sha256');
    expect(isSignedBy(text, signature, certificate.publicKey, 'sha256')).toBe(true);
  });

  it('names key and certificate gepgclient unless told otherwise', () => {
    // PKCS#12 keeps names unencrypted, two bytes a letter.
    const countOf = (name: string, bytes: Buffer): number =>
      bytes.toString('latin1').split(name.replace(/./g, '\0$&')).length - 1;
    expect(countOf('gepgclient', ownModern)).toBe(2);
    expect(countOf('gepgclient', ownLegacy)).toBe(0);
    expect(countOf('wizara', ownLegacy)).toBe(2);
  });

  it('uses AES-256 with SHA-256, or 3DES where a legacy client needs it', () => {
    const oids = {
      aes256: '60864801650304012a',
      hmacSha256: '2a864886f70d0209',
      tripleDes: '2a864886f70d010c0103',
    };
    const found = (bytes: Buffer): readonly string[] =>
      Object.entries(oids)
        .filter(([, oid]) => bytes.includes(oid, 'hex'))
        .map(([name]) => name);
    expect(found(ownModern)).toEqual(['aes256', 'hmacSha256']);
    expect(found(ownLegacy)).toEqual(['tripleDes']);
  });

  it('is not made for the certificate of another key', () => {
    expect(() => makeKeystore(own.privateKey, other.certificatePem, 'secret')).toThrow(TypeError);
  });
});

describe('a keystore others made', () => {
  it('opens in RC2-40, which OpenSSL 3 refuses', () => {
    expect(openKeystore(Buffer.from(rc2, 'base64'), 'secret').certificate.subject).toBe('CN=rc2');
  });

  it('gives the certificate of its key, wherever in the chain it stands', () => {
    const bytes = keystoreWith(other.certificatePem, own.certificatePem);
    expect(openKeystore(bytes, 'secret').certificate.pem).toBe(own.certificatePem);
  });

  it.each([
    ['a wrong password', ownModern, 'keystore.password-wrong', 'Secret'],
    ['no password', ownModern, 'keystore.password-wrong', ''],
    ['a wrong password, in RC2', rc2, 'keystore.password-wrong', 'Secret'],
    ['no key', withoutKey, 'keystore.key-missing'],
    ['two keys', twoKeys, 'keystore.key-ambiguous'],
    [
      'only the certificate of another key',
      keystoreWith(other.certificatePem),
      'keystore.key-mismatched',
    ],
    ['no certificate', keystoreWith(), 'keystore.key-mismatched'],
    ['an elliptic-curve key', curve, 'certificate.key-weak'],
  ])('with %s is refused', (_, bytes, code, password = 'secret') => {
    expect(codeOf(bytes, password)).toBe(code);
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['a text', Buffer.from('not a keystore')],
    ['a PEM file', Buffer.from(own.certificatePem)],
    ['a certificate', new X509Certificate(own.certificatePem).raw],
    ['followed by a byte', Buffer.concat([ownModern, Buffer.from([0])])],
    ['ASN.1 nested 30,000 deep', Buffer.alloc(60_000, Buffer.from([0x30, 0x80]))],
  ])('that is %s is unreadable', (_, bytes) => {
    expect(codeOf(bytes)).toBe('keystore.unreadable');
  });

  it('of more than 64 kB is refused before it is read', () => {
    const padded = (size: number): Buffer => Buffer.concat([ownModern], size);
    expect(() => openKeystore(padded(64 * 1024 + 1), 'secret')).toThrow(/larger than 64 kB/);
    expect(() => openKeystore(padded(64 * 1024), 'secret')).toThrow(/not a PKCS#12/);
  });

  it('cut off anywhere is refused, never a crash', () => {
    for (let length = 0; length < ownModern.length; length += 7) {
      expect(codeOf(ownModern.subarray(0, length))).toBe('keystore.unreadable');
    }
  });
});

describe('a self-signed certificate', () => {
  it('is of its own key, for signing, and no authority', () => {
    const certificate = new X509Certificate(own.certificatePem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(own.privateKey)).toBe(true);
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.ca).toBe(false);
  });

  it('has a positive serial number of its own', () => {
    const serials = [own, other].map(
      (made) => new X509Certificate(made.certificatePem).serialNumber,
    );
    expect(serials[0]).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect(serials[0]).not.toBe(serials[1]);
  });
});
