/**
 * The other party, for tests and the demonstration: signs and posts GePG v4 messages as a client of the field does, and
 * keeps an endpoint that records what the gateway sends and acknowledges it, or misbehaves as told.
 */
import type { KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { openEnvelope, wrapSigned } from '../../src/gepg/envelope';
import { type XmlElement, type XmlTree, writeElement } from '../../src/gepg/xml';
import { isSignedBy, signBytes } from '../../src/platform/crypto/signature';

/** `ack` takes everything, as many clients of the field do; `verified-ack` only what the gateway has signed. */
export type Behaviour =
  'ack' | 'verified-ack' | 'unsigned-ack' | 'code-7102' | 'http-500' | 'empty' | 'garbage';

export interface Received {
  readonly path: string;
  readonly name: string;
  readonly root: XmlElement;
  readonly isSigned: boolean;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  readonly root: XmlElement;
  /** The first status code element of the answer. */
  readonly code: string;
  readonly isSigned: boolean;
}

const limits = { maxElements: 30_000, maxDepth: 16 };

/** The text of the first element of a name, at any depth; '' when there is none. */
export function textOf(element: XmlElement, name: string): string {
  return textsOf(element, name)[0] ?? '';
}

export function textsOf(element: XmlElement, name: string): readonly string[] {
  const own = element.name === name ? [element.text] : [];
  return [...own, ...element.children.flatMap((child) => textsOf(child, name))];
}

/** By the name of what was received: root and status element of the acknowledgement, and the id it repeats. */
const ackOf: Readonly<Record<string, readonly [root: string, element: string, id?: string]>> = {
  gepgBillSubResp: ['gepgBillSubRespAck', 'TrxStsCode'],
  gepgPmtSpInfo: ['gepgPmtSpInfoAck', 'TrxStsCode'],
  gepgOlPmtNtfSpInfo: ['gepgOlPmtNtfSpAck', 'OlStsCode'],
  gepgSpReconcResp: ['gepgSpReconcRespAck', 'ReconcStsCode'],
  gepgPmtFinResp: ['gepgPmtFinRespAck', 'PayStsCode'],
  billSubRes: ['billSubResAck', 'AckStsCode', 'ResId'],
  billCanclRes: ['billCanclReqAck', 'AckStsCode', 'ResId'],
  pmtSpNtfReq: ['pmtSpNtfReqAck', 'AckStsCode', 'ReqId'],
  sucSpPmtRes: ['sucSpPmtResAck', 'AckStsCode', 'ResId'],
  pmtFinRes: ['pmtFinResAck', 'AckStsCode', 'ResId'],
};

/** The generation of a message follows from its name, and the digest from the generation. */
function generationOf(element: Buffer): 'v4' | 'v5' {
  return element.toString('latin1', 0, 5) === '<gepg' ? 'v4' : 'v5';
}

export class SandboxParty {
  readonly received: Received[] = [];
  behaviour: Behaviour = 'ack';
  /** Whether a GET tells `certify` that this endpoint may be tried. */
  isUnderTest = false;
  /** The base address, once it listens. */
  url = '';
  private server: Server | undefined;
  private readonly signedOnce = new Map<string, Buffer>();

  constructor(
    readonly code: string,
    private readonly privateKey: KeyObject,
    private readonly gatewayKey: KeyObject,
  ) {}

  /** Listens on loopback; port 0 takes a free one. Returns the base address. */
  async listen(port = 0): Promise<string> {
    const server = createServer((incoming, outgoing) => {
      if (incoming.method === 'GET') {
        outgoing.writeHead(200, this.isUnderTest ? { 'malipo-under-test': this.code } : {}).end();
        return;
      }
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const answer = this.answer(incoming.url ?? '/', Buffer.concat(chunks));
        outgoing.writeHead(answer.status, {
          'content-type': 'application/xml',
          'content-length': answer.body.length,
        });
        outgoing.end(answer.body);
      });
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    return this.url;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) =>
      server.close(() => {
        resolve();
      }),
    );
  }

  /** SHA-1 in generation 4 and SHA-256 in generation 5, as the clients of the field do. */
  sign(element: Buffer): Buffer {
    const generation = generationOf(element);
    const digest = generation === 'v4' ? 'sha1' : 'sha256';
    return wrapSigned(element, signBytes(element, this.privateKey, digest), generation);
  }

  private signOnce(element: Buffer): Buffer {
    const text = element.toString();
    const signed = this.signedOnce.get(text) ?? this.sign(element);
    this.signedOnce.set(text, signed);
    return signed;
  }

  async send(gateway: string, path: string, name: string, tree: XmlTree): Promise<Answer> {
    return this.post(gateway, path, this.sign(writeElement(name, tree)));
  }

  /** Posts any bytes under this party's code; `headers` replace the ordinary ones. */
  async post(
    gateway: string,
    path: string,
    body: Buffer | string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const kind = this.code.startsWith('PSP') ? 'psp' : 'sp';
    const response = await request(`${gateway}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/xml',
        'gepg-com': `default.${kind}.in`,
        'gepg-code': this.code,
        ...headers,
      },
      body,
    });
    const bytes = Buffer.from(await response.body.arrayBuffer());
    const opened = this.read(bytes);
    return {
      status: response.statusCode,
      contentType: String(response.headers['content-type']),
      body: bytes,
      root: opened.root,
      code: /<\w*StsCode>([^<]*)</.exec(bytes.toString())?.[1] ?? '',
      isSigned: opened.isSigned,
    };
  }

  async waitFor(
    name: string,
    matches: (root: XmlElement) => boolean = () => true,
    ms = 10_000,
  ): Promise<Received> {
    for (let waited = 0; waited < ms; waited += 20) {
      const found = this.received.find((each) => each.name === name && matches(each.root));
      if (found !== undefined) return found;
      await pause(20);
    }
    throw new Error(`${this.code} received no such ${name} in ${String(ms)} ms`);
  }

  private read(bytes: Buffer): { root: XmlElement; isSigned: boolean } {
    try {
      const { root, candidates, signature, generation } = openEnvelope(bytes, limits);
      const isSigned =
        signature !== undefined &&
        candidates.some((each) =>
          isSignedBy(
            each.bytes,
            signature,
            this.gatewayKey,
            generation === 'v4' ? 'sha1' : 'sha256',
          ),
        );
      return { root, isSigned };
    } catch {
      return { root: { name: '', text: '', children: [] }, isSigned: false };
    }
  }

  private answer(path: string, body: Buffer): { status: number; body: Buffer } {
    const { root, isSigned } = this.read(body);
    this.received.push({ path, name: root.name, root, isSigned, body });
    const [ackRoot, element, id] = ackOf[root.name] ?? ['gepgUnknownAck', 'TrxStsCode'];
    const ids = id === undefined ? {} : { AckId: `A-${textOf(root, id)}`, [id]: textOf(root, id) };
    const ack = (code: string): Buffer => writeElement(ackRoot, { ...ids, [element]: code });
    // Without ids it is the same bytes each time, and a signature costs more than all else that a party does here.
    const signedAck = (code: string): Buffer =>
      id === undefined ? this.signOnce(ack(code)) : this.sign(ack(code));
    switch (this.behaviour) {
      case 'ack':
        return { status: 200, body: signedAck('7101') };
      case 'verified-ack':
        return { status: 200, body: signedAck(isSigned ? '7101' : '7303') };
      case 'unsigned-ack':
        return { status: 200, body: ack('7101') };
      case 'code-7102':
        return { status: 200, body: signedAck('7102') };
      case 'http-500':
        return { status: 500, body: signedAck('7101') };
      case 'empty':
        return { status: 200, body: Buffer.alloc(0) };
      case 'garbage':
        return { status: 200, body: Buffer.from('<html>sign in</html>') };
    }
  }
}
