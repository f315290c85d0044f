/**
 * The load: a PSP that sends payments with a number of them in flight at any time, keeps its own journal, and treats
 * every answer that is missing or 503 as in doubt, to be sent again with the same bytes (security-reliability R9).
 */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { openEnvelope } from '../../src/gepg/envelope';
import { isSignedBy } from '../../src/platform/crypto/signature';
import { sampleKeystore } from '../sandbox/sample-keys';
import { Journal } from './journal';
import { type Endpoints, type Message, Parties, pspCode } from './parties';
import { SeededRandom } from './random';
import { type Handlers, serve } from './remote';

export interface Setting {
  readonly gateway: string;
  readonly journal: string;
  readonly name: string;
  readonly seed: number;
  /** Where the gateway is to send results; inside the PSP's registered prefix. */
  readonly resultUrl: string;
  readonly isKeptAlive: boolean;
}

export interface Doubt {
  readonly id: string;
  /** Nanoseconds of the machine's steady clock. */
  readonly sentAt: string;
  readonly reason: string;
}

export interface Tally {
  /** Answers by kind: `7101`, `503`, `refused-connection`, `broken` and what else there was. */
  readonly answers: Readonly<Record<string, number>>;
  readonly doubts: readonly Doubt[];
  /** 503 or 429 without Retry-After (a gateway that is closing ends the connection instead), and answers that are neither signed acknowledgements nor 503. */
  readonly faults: readonly string[];
}

type Outcome = 'acked' | 'refused' | 'postponed' | 'not-sent' | 'doubt';

const inFlight = 32;
const answerMs = 20_000;
const pauseAfterFailureMs = 100;
const mostFaults = 20;

class Generator {
  private readonly agent: Agent;
  private readonly key = sampleKeystore('gateway').certificate.publicKey;
  private readonly trusted = new Set<string>();
  private stock: Message[] = [];
  /** Never left, since nobody listened. */
  private returned: Message[] = [];
  private readonly doubts = new Map<string, { message: Message; doubt: Doubt }>();
  private answers: Record<string, number> = {};
  private faults: string[] = [];
  private isRunning = false;
  private workers: Promise<void>[] = [];

  constructor(
    private readonly setting: Setting,
    private readonly journal: Journal,
    private readonly parties: Parties,
    private readonly random: SeededRandom,
  ) {
    this.agent = new Agent({
      connections: inFlight,
      pipelining: setting.isKeptAlive ? 1 : 0,
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
    });
  }

  /** Signs so many more messages that the stock is `count`. */
  sign(count: number): void {
    const { name, resultUrl } = this.setting;
    const wanted = count - this.stock.length;
    if (wanted > 0) this.stock.push(...this.parties.sign(name, resultUrl, wanted, this.random));
  }

  start(): void {
    this.isRunning = true;
    this.workers = Array.from({ length: inFlight }, () => this.work());
  }

  /** Ends the sending once what is in flight is answered or lost. */
  async stop(): Promise<Tally> {
    this.isRunning = false;
    await Promise.all(this.workers);
    return this.take();
  }

  get doubtCount(): number {
    return this.doubts.size;
  }

  /** Sends what is in doubt or never left, the same bytes, until each has its answer or the time is over. */
  async settle(limitMs: number): Promise<Tally> {
    const giveUp = performance.now() + limitMs;
    const queue = [...this.doubts.values()].map(({ message }) => message).concat(this.returned);
    this.returned = [];
    const settler = async (): Promise<void> => {
      for (let message = queue.shift(); message; message = queue.shift()) {
        const outcome = await this.send(message);
        if (outcome === 'acked' || outcome === 'refused') continue;
        if (performance.now() > giveUp) return;
        queue.push(message);
        await pause(pauseAfterFailureMs);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, settler));
    return this.take();
  }

  /** Each of `count` new messages `copies` times, out of order; then one late copy of each. */
  async storm(count: number, copies: number): Promise<Tally> {
    this.sign(count);
    const messages = this.stock.splice(0, count);
    const many = messages.flatMap((message) => Array.from({ length: copies }, () => message));
    for (const round of [this.random.shuffled(many), this.random.shuffled(messages)]) {
      const queue = [...round];
      const sender = async (): Promise<void> => {
        for (let message = queue.shift(); message; message = queue.shift()) {
          await this.send(message);
        }
      };
      await Promise.all(Array.from({ length: inFlight }, sender));
    }
    return this.take();
  }

  async close(): Promise<void> {
    await this.agent.destroy();
    await this.journal.close();
  }

  private take(): Tally {
    const tally = {
      answers: this.answers,
      doubts: [...this.doubts.values()].map(({ doubt }) => doubt),
      faults: this.faults,
    };
    this.answers = {};
    this.faults = [];
    return tally;
  }

  private async work(): Promise<void> {
    while (this.isRunning) {
      const message = this.stock.pop();
      if (message === undefined) {
        await pause(5);
        continue;
      }
      const outcome = await this.send(message);
      if (outcome === 'not-sent') this.returned.push(message);
      if (outcome !== 'acked') await pause(pauseAfterFailureMs);
    }
  }

  private async send(message: Message): Promise<Outcome> {
    const { id, controlNumber, amountMinor, digest } = message;
    await this.journal.write(['SENT', id, controlNumber, amountMinor, digest]);
    const sentAt = process.hrtime.bigint();
    try {
      const response = await request(`${this.setting.gateway}/api/payment/sigqrequest`, {
        method: 'POST',
        headers: {
          'content-type': 'application/xml',
          'gepg-com': 'default.psp.in',
          'gepg-code': pspCode,
        },
        body: message.body,
        dispatcher: this.agent,
      });
      const body = Buffer.from(await response.body.arrayBuffer());
      if (response.statusCode !== 200) {
        this.count(String(response.statusCode));
        const { statusCode } = response;
        if (statusCode !== 503 && statusCode !== 429) this.fault(`status ${String(statusCode)}`);
        else if (
          response.headers['retry-after'] === undefined &&
          response.headers['connection'] !== 'close'
        )
          this.fault('no Retry-After');
        return this.doubt(message, sentAt, 'postponed', 'postponed');
      }
      const code = this.codeOf(body);
      if (code === undefined) {
        this.fault('an answer that is not signed');
        return this.doubt(message, sentAt, 'unsigned', 'doubt');
      }
      this.count(code);
      if (code !== '7101') {
        this.doubts.delete(id);
        this.fault(`${id} was answered ${code}`);
        await this.journal.write(['REFUSED', id, code]);
        return 'refused';
      }
      await this.journal.write(['ACKED', id]);
      this.doubts.delete(id);
      return 'acked';
    } catch (fault) {
      const { code = 'broken' } = fault as { code?: string };
      if (code === 'ECONNREFUSED') {
        this.count('refused-connection');
        return 'not-sent';
      }
      this.count('broken');
      return this.doubt(message, sentAt, code, 'doubt');
    }
  }

  private doubt(message: Message, sentAt: bigint, reason: string, outcome: Outcome): Outcome {
    // A second doubt about the same message leaves the moment of the first.
    if (!this.doubts.has(message.id)) {
      const doubt = { id: message.id, sentAt: sentAt.toString(), reason };
      this.doubts.set(message.id, { message, doubt });
    }
    return outcome;
  }

  /** The code of a signed acknowledgement; the bytes are constant, so one that held once holds again. */
  private codeOf(body: Buffer): string | undefined {
    const known = createHash('sha256').update(body).digest('base64');
    const text = /<gepgPmtPstReqAck>.*<\w*StsCode>([^<]*)</s.exec(body.toString());
    if (text?.[1] === undefined) return undefined;
    if (!this.trusted.has(known)) {
      try {
        const { candidates, signature } = openEnvelope(body, { maxElements: 100, maxDepth: 8 });
        const holds = (bytes: Buffer): boolean =>
          signature !== undefined && isSignedBy(bytes, signature, this.key, 'sha1');
        if (!candidates.some((each) => holds(each.bytes))) return undefined;
      } catch {
        return undefined;
      }
      this.trusted.add(known);
    }
    return text[1];
  }

  private count(kind: string): void {
    this.answers[kind] = (this.answers[kind] ?? 0) + 1;
  }

  private fault(text: string): void {
    if (this.faults.length < mostFaults) this.faults.push(text);
  }
}

export function serveGenerator(): void {
  const parties = new Parties();
  let generator: Generator | undefined;
  const running = (): Generator => {
    if (generator === undefined) throw new Error('the generator has no setting yet');
    return generator;
  };
  serve({
    listen: (): Promise<Endpoints> => parties.listen(),
    begin: async (setting: Setting) => {
      await parties.submit(setting.gateway);
      const journal = await Journal.create(setting.journal);
      parties.record(journal);
      await generator?.close();
      generator = new Generator(setting, journal, parties, new SeededRandom(setting.seed));
    },
    sign: (count: number) => {
      running().sign(count);
      return Promise.resolve();
    },
    start: () => {
      running().start();
      return Promise.resolve();
    },
    countDoubts: () => Promise.resolve(running().doubtCount),
    stop: () => running().stop(),
    settle: (limitMs: number) => running().settle(limitMs),
    storm: ({ count, copies }: { count: number; copies: number }) => running().storm(count, copies),
    close: async () => {
      await parties.close();
      await generator?.close();
    },
  } satisfies Handlers);
}
