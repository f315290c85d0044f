/** ASN.1 values by their parts, and their DER bytes: the few kinds that certificates and PKCS#12 files are made of. */
import { asn1, pki } from 'node-forge';

const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class;
const { NONE, BITSTRING, SEQUENCE, SET, OID, OCTETSTRING, INTEGER } = asn1.Type;

const node = (type: asn1.Type, children: readonly asn1.Asn1[]): asn1.Asn1 =>
  asn1.create(UNIVERSAL, type, true, [...children]);

/** `value` is one character a byte. */
export const leaf = (type: asn1.Type, value: string): asn1.Asn1 =>
  asn1.create(UNIVERSAL, type, false, value);
export const sequence = (...children: readonly asn1.Asn1[]): asn1.Asn1 => node(SEQUENCE, children);
export const set = (...children: readonly asn1.Asn1[]): asn1.Asn1 => node(SET, children);
/** `[tag] EXPLICIT`: the tag is no type, but node-forge keeps both in one place. */
export const explicit = (tag: 0 | 3, child: asn1.Asn1): asn1.Asn1 =>
  asn1.create(CONTEXT_SPECIFIC, tag === 0 ? NONE : BITSTRING, true, [child]);
export const oid = (id: string): asn1.Asn1 => leaf(OID, asn1.oidToDer(id).getBytes());
/** An identifier that node-forge knows by name. */
export const named = (name: string): asn1.Asn1 => oid(pki.oids[name] ?? '');
export const octets = (bytes: Buffer): asn1.Asn1 => leaf(OCTETSTRING, bytes.toString('latin1'));
export const integer = (value: number): asn1.Asn1 =>
  leaf(INTEGER, asn1.integerToDer(value).getBytes());
/** Of a positive number whose first bit is not set. */
export const integerOf = (bytes: Buffer): asn1.Asn1 => leaf(INTEGER, bytes.toString('latin1'));

export const encode = (value: asn1.Asn1): Buffer =>
  Buffer.from(asn1.toDer(value).getBytes(), 'latin1');
export const decode = (bytes: Buffer): asn1.Asn1 => asn1.fromDer(bytes.toString('latin1'));
