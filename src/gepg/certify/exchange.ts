/**
 * One message to the endpoint under test and what came back, as evidence of a certification. Sent as deliveries are:
 * no redirects, 15 s for everything. The manners are what networks do to a message in the field.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { failureOf, readLimited } from '../../deliveries/send-message';

/** `answer-lost`: the connection is closed once the message is sent, and no answer is read. */
export type Manner = 'whole' | 'in-pieces' | 'answer-lost';

export interface Exchange {
  readonly manner: Manner;
  readonly url: string;
  readonly request: Buffer;
  /** Null when no answer came. */
  readonly httpStatus: number | null;
  readonly contentType: string;
  readonly answer: Buffer;
  /** Why there is no answer: `timed-out`, `answer-too-long` …; null when there is one. */
  readonly failure: string | null;
  readonly ms: number;
}

const deadlineMs = 15_000;
const pieces = 5;
/** Five pieces in 1.2 s: every server waits so long, and what reads only the first piece is found. */
const betweenPiecesMs = 300;
/** Most servers have begun on a message by then; whether they have answered does not matter. */
const untilClosedMs = 100;

export async function exchange(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  manner: Manner,
): Promise<Exchange> {
  const begun = performance.now();
  const outcome = await (manner === 'answer-lost'
    ? sendAndClose(url, headers, body)
    : sendAndRead(url, headers, manner === 'whole' ? body : inPieces(body), body.length));
  return { manner, url, request: body, ms: Math.round(performance.now() - begun), ...outcome };
}

type Outcome = Pick<Exchange, 'httpStatus' | 'contentType' | 'answer' | 'failure'>;

const nothing: Outcome = {
  httpStatus: null,
  contentType: '',
  answer: Buffer.alloc(0),
  failure: null,
};

async function sendAndRead(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer | AsyncIterable<Buffer>,
  length: number,
): Promise<Outcome> {
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(length) },
      body: body as Buffer,
      reset: true,
      signal: AbortSignal.timeout(deadlineMs),
    });
    const { bytes, isCut } = await readLimited(answer.body);
    return {
      httpStatus: answer.statusCode,
      contentType: String(answer.headers['content-type'] ?? ''),
      answer: bytes,
      failure: isCut ? 'answer-too-long' : null,
    };
  } catch (fault) {
    return { ...nothing, failure: failureOf(fault) };
  }
}

async function sendAndClose(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<Outcome> {
  const closing = new AbortController();
  async function* thenClose(): AsyncGenerator<Buffer> {
    yield body;
    await Promise.resolve();
    setTimeout(() => {
      closing.abort();
    }, untilClosedMs);
  }
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(body.length) },
      body: thenClose() as unknown as Buffer,
      reset: true,
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(deadlineMs)]),
    });
    answer.body.on('error', () => undefined).destroy();
    return nothing;
  } catch (fault) {
    return closing.signal.aborted ? nothing : { ...nothing, failure: failureOf(fault) };
  }
}

async function* inPieces(body: Buffer): AsyncGenerator<Buffer> {
  const size = Math.ceil(body.length / pieces);
  for (let at = 0; at < body.length; at += size) {
    if (at > 0) await pause(betweenPiecesMs);
    yield body.subarray(at, at + size);
  }
}

/** The party that the endpoint names in its `malipo-under-test` header; undefined when it names none. */
export async function partyUnderTest(url: string): Promise<string | undefined> {
  const answer = await request(url, { signal: AbortSignal.timeout(deadlineMs), reset: true });
  answer.body.on('error', () => undefined).destroy();
  const named = answer.headers['malipo-under-test'];
  const isSuccess = answer.statusCode >= 200 && answer.statusCode < 300;
  return isSuccess && typeof named === 'string' ? named : undefined;
}
