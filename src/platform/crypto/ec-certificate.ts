/**
 * A P-256 key and the certificate that it signs for itself. node-forge knows no elliptic curves, so the key is made by
 * node:crypto, and the certificate is put together from its parts (RFC 5280) and signed by node:crypto with
 * ecdsa-with-SHA256 (RFC 5758).
 */
import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { asn1, pki } from 'node-forge';
import { instantFromIso } from '../../kernel/clock';
import { type CertificateFacts, readCertificate } from './certificate';
import { decode, encode, explicit, integer, integerOf, leaf, octets, oid, sequence } from './der';
import {
  distinguishedName,
  type Keystore,
  newSerial,
  type Subject,
  type Validity,
} from './keystore';

const ecdsaWithSha256 = '1.2.840.10045.4.3.2';
const basicConstraints = '2.5.29.19';
const keyUsage = '2.5.29.15';
/** digitalSignature and nonRepudiation, and no more: six bits are unused. */
const signingOnly = '\u0006\u00c0';

const { BOOLEAN, BITSTRING, UTCTIME, GENERALIZEDTIME } = asn1.Type;
const critical = (): asn1.Asn1 => leaf(BOOLEAN, '\u00ff');

/** Good for signing messages only. `holder` may be a certificate: then the new one has its name. */
export function makeEcSelfSigned(holder: Subject | CertificateFacts, validity: Validity): Keystore {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = (): asn1.Asn1 => ('pem' in holder ? nameIn(holder.pem) : nameOf(holder));
  const algorithm = (): asn1.Asn1 => sequence(oid(ecdsaWithSha256));
  const extensions = sequence(
    sequence(oid(basicConstraints), critical(), octets(encode(sequence()))),
    sequence(oid(keyUsage), critical(), octets(encode(leaf(BITSTRING, signingOnly)))),
  );
  const toBeSigned = sequence(
    explicit(0, integer(2)),
    integerOf(Buffer.from(newSerial(), 'hex')),
    algorithm(),
    name(),
    sequence(time(validity.notBefore), time(validity.notAfter)),
    name(),
    decode(publicKey.export({ type: 'spki', format: 'der' })),
    explicit(3, extensions),
  );
  const certificate = encode(
    sequence(toBeSigned, algorithm(), bits(sign('sha256', encode(toBeSigned), privateKey))),
  );
  return { privateKey, certificate: readCertificate(certificate, 'ec') };
}

function bits(bytes: Buffer): asn1.Asn1 {
  return leaf(BITSTRING, `\u0000${bytes.toString('latin1')}`);
}

function nameOf(subject: Subject): asn1.Asn1 {
  const holder = pki.createCertificate();
  holder.setSubject(distinguishedName(subject));
  // Left out of node-forge's types.
  const { distinguishedNameToAsn1 } = pki as unknown as {
    readonly distinguishedNameToAsn1: (name: pki.Certificate['subject']) => asn1.Asn1;
  };
  return distinguishedNameToAsn1(holder.subject);
}

/** The subject's own bytes: version, serial, algorithm, issuer and validity stand before it (RFC 5280, §4.1). */
function nameIn(pem: string): asn1.Asn1 {
  const [toBeSigned] = partsOf(decode(new X509Certificate(pem).raw));
  const parts = partsOf(toBeSigned);
  const hasVersion = parts[0]?.tagClass === asn1.Class.CONTEXT_SPECIFIC;
  const name = parts[hasVersion ? 5 : 4];
  if (name === undefined) throw new TypeError('a certificate without a subject');
  return name;
}

function partsOf(value: asn1.Asn1 | undefined): readonly asn1.Asn1[] {
  return Array.isArray(value?.value) ? value.value : [];
}

/** RFC 5280: UTCTime through 2049, GeneralizedTime from 2050. */
function time(iso: string): asn1.Asn1 {
  const digits = instantFromIso(iso)
    .toISOString()
    .replace(/[-:T]|\..*$/g, '');
  return digits < '2050'
    ? leaf(UTCTIME, `${digits.slice(2)}Z`)
    : leaf(GENERALIZEDTIME, `${digits}Z`);
}
