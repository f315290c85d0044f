/**
 * How clients of the field put a message on the wire: declaration, blanks around the signed element, what exactly they
 * sign, and their headers, in their order. Source: gepg-protocol.md §2.2, §2.4 and §2.5.
 */
import type { KeyObject } from 'node:crypto';
import { signBytes } from '../../src/platform/crypto/signature';

export interface FieldClient {
  readonly digest: 'sha1' | 'sha256';
  readonly signatureTag: 'gepgSignature' | 'signature';
  readonly declaration: string;
  /** Stands before and after the element, between the envelope and the signature. */
  readonly blank: string;
  readonly signsBlanks: boolean;
  headers(code: string, channel: string, length: number): readonly (readonly [string, string])[];
}

const host = ['Host', '127.0.0.1:3000'] as const;
const keepAlive = ['Connection', 'keep-alive'] as const;
const xml = ['Content-Type', 'application/xml'] as const;

const plain: FieldClient = {
  digest: 'sha1',
  signatureTag: 'gepgSignature',
  declaration: '',
  blank: '',
  signsBlanks: false,
  headers: (code, channel, length) => [
    host,
    xml,
    ['Gepg-Com', channel],
    ['Gepg-Code', code],
    ['Content-Length', String(length)],
  ],
};

export const fieldClients = {
  /** Java with JAXB: a declaration with `standalone`. */
  java: {
    ...plain,
    declaration: '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    headers: (code, channel, length) => [
      ['Gepg-Code', code],
      ['Gepg-Com', channel],
      ['Accept', 'application/xml'],
      xml,
      ['User-Agent', 'Java/17.0.12'],
      host,
      keepAlive,
      ['Content-Length', String(length)],
    ],
  },
  /** Node: line breaks inside the envelope, which are not signed. */
  node: {
    ...plain,
    blank: '\n',
    headers: (code, channel, length) => [
      xml,
      ['Gepg-Com', channel],
      ['Gepg-Code', code],
      ['Accept', 'application/json, text/plain, */*'],
      ['User-Agent', 'axios'],
      ['Content-Length', String(length)],
      host,
      keepAlive,
    ],
  },
  /** .NET: says utf-16 and sends UTF-8. */
  dotnet: {
    ...plain,
    declaration: '<?xml version="1.0" encoding="utf-16"?>\n',
    headers: (code, channel, length) => [
      ['Content-Type', 'application/xml;charset=utf-8'],
      ['Gepg-Com', channel],
      ['Gepg-Code', code],
      ['Content-Length', String(length)],
      host,
    ],
  },
  /** PHP: signs the line breaks around the element with it. */
  php: { ...plain, blank: '\n', signsBlanks: true },
  /** Generation 5 from Python: SHA-256, and a header that says so. */
  python: {
    ...plain,
    digest: 'sha256',
    signatureTag: 'signature',
    headers: (code, channel, length) => [
      host,
      ['Accept-Encoding', 'identity'],
      ['Content-Length', String(length)],
      xml,
      ['Gepg-Com', channel],
      ['Gepg-Code', code],
      ['Gepg-Alg', '00S2'],
      ['User-Agent', 'python-requests'],
    ],
  },
  /** A bank's or an operator's client. */
  psp: plain,
} as const satisfies Record<string, FieldClient>;

/** `signed` differs from what is sent only where a client signs another text than it sends. */
export function envelopeOf(
  client: FieldClient,
  key: KeyObject,
  element: string,
  signed = element,
): Buffer {
  const { blank, signatureTag } = client;
  const covered = client.signsBlanks ? `${blank}${signed}${blank}` : signed;
  const signature = signBytes(Buffer.from(covered), key, client.digest).toString('base64');
  const tail = client.signsBlanks ? '' : blank;
  return Buffer.from(
    `${client.declaration}<Gepg>${blank}${element}${blank}` +
      `<${signatureTag}>${signature}</${signatureTag}>${tail}</Gepg>`,
  );
}
