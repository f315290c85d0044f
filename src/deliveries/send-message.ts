/**
 * One request to a recipient and what came back, told as facts: no redirects, no decompression, 15 s for everything, at
 * most 64 kB of the answer. What is longer is cut, and the connection closed (security-reliability O3, O4).
 */
import { Injectable } from '@nestjs/common';
import { type Agent, request } from 'undici';
import { SandboxSwitch } from '../parties/admit-certificate';
import { rooms } from './breaker.rules';
import { EgressFault, guardedLookup, makeAgent, resolveName } from './egress';
import { addressFault } from './egress.rules';
import { HostPlaces } from './host-places';
import { askedPauseMs } from './retry.rules';

const answerTimeoutMs = 15_000;
/** An acknowledgement is a few hundred bytes; more is a login page or an attack (security-reliability O4). */
const answerLimit = 65_536;
/** Nobody takes more than are left free, so an endpoint may have 64 deliveries under way at a host of its own. */
const perHost = 2 * rooms.largest;
/** Waiting for a place at the host and sending end together well within the lease of 45 s. */
const placeTimeoutMs = 20_000;
const mostPinned = 1_000;

export type SendResult =
  | {
      readonly kind: 'answered';
      readonly httpStatus: number;
      readonly answer: Buffer;
      readonly isCut: boolean;
      /** What `Retry-After` asked for; 0 where nothing was asked. */
      readonly askedMs: number;
      readonly durationMs: number;
    }
  | { readonly kind: 'failed'; readonly outcome: string; readonly durationMs: number }
  /** Not begun: the host was busy with others until now. */
  | { readonly kind: 'no-place' };

export interface Parcel {
  /** The endpoint that it is for, told apart from others at the same host. */
  readonly endpoint: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Of a recipient that shows a certificate of its own authority. */
  readonly caPem: string | null;
}

@Injectable()
export class SendMessage {
  private readonly places = new HostPlaces(perHost);
  private readonly agents = new Map<string, Agent>();
  private readonly isGuarded: boolean;

  constructor(sandbox: SandboxSwitch) {
    this.isGuarded = !sandbox.isOn;
  }

  async execute({ endpoint, url, headers, body, caPem }: Parcel): Promise<SendResult> {
    if (!URL.canParse(url) || (this.isGuarded && addressFault(url) !== undefined))
      return { kind: 'failed', outcome: 'address-refused', durationMs: 0 };
    const { host } = new URL(url);
    if (!(await this.places.take(host, endpoint, placeTimeoutMs))) return { kind: 'no-place' };
    const begun = performance.now();
    const durationMs = (): number => Math.round(performance.now() - begun);
    try {
      const answer = await request(url, {
        method: 'POST',
        headers,
        body,
        dispatcher: this.agentFor(caPem),
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      const { bytes, isCut } = await readLimited(answer.body);
      return {
        kind: 'answered',
        httpStatus: answer.statusCode,
        answer: bytes,
        isCut,
        askedMs: askedPauseMs(one(answer.headers['retry-after']), one(answer.headers['date'])),
        durationMs: durationMs(),
      };
    } catch (fault) {
      return { kind: 'failed', outcome: failureOf(fault), durationMs: durationMs() };
    } finally {
      this.places.leave(host, endpoint);
    }
  }

  /** Closes the connections that are kept; what is under way has ended by then. */
  async close(): Promise<void> {
    const agents = [...this.agents.values()];
    this.agents.clear();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  /** Recipients under one authority share connections; one that pins its own never uses those of another. */
  private agentFor(caPem: string | null): Agent {
    const key = caPem ?? '';
    const known = this.agents.get(key);
    if (known !== undefined) return known;
    if (this.agents.size >= mostPinned) this.letOldestGo();
    const agent = makeAgent({
      connectionsPerHost: perHost,
      ...(this.isGuarded ? { lookup: guardedLookup(resolveName) } : {}),
      ...(caPem === null ? {} : { caPem }),
    });
    this.agents.set(key, agent);
    return agent;
  }

  /** What it has under way ends first: a request cut off would be sent twice. */
  private letOldestGo(): void {
    const [oldest] = this.agents;
    if (oldest === undefined) return;
    this.agents.delete(oldest[0]);
    void oldest[1].close();
  }
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

export async function readLimited(
  body: AsyncIterable<Buffer> & { destroy(): unknown },
): Promise<{ readonly bytes: Buffer; readonly isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    chunks.push(chunk);
    if (length > answerLimit) {
      body.destroy();
      return { bytes: Buffer.concat(chunks).subarray(0, answerLimit), isCut: true };
    }
  }
  return { bytes: Buffer.concat(chunks), isCut: false };
}

const unreachable: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export function failureOf(fault: unknown): string {
  if (fault instanceof EgressFault) return fault.outcome;
  const { name, code } = (fault ?? {}) as { name?: string; code?: string };
  if (name === 'TimeoutError') return 'timed-out';
  if (code === 'ENOTFOUND') return 'name-not-found';
  if (code !== undefined && unreachable.has(code)) return 'not-reachable';
  return code !== undefined && /^ERR_(?:TLS|SSL)|CERT|SELF_SIGNED|UNABLE_TO/.test(code)
    ? 'certificate-refused'
    : 'connection-failed';
}
