/**
 * The load generator, as a process of its own, so that its CPU time is known: it says it with every outcome. Closed
 * loop by default; with a rate, requests are due by the clock and a slow server does not slow them down.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../figures';
import { type Answered, Connection, requestHead } from './client';
import type { Job, Latency, MessageFile, Order, Outcome } from './job';

/** Reads ahead a few hundred bodies at a time; the file is in the page cache. */
class Bodies {
  private readonly file: number;
  private block = Buffer.alloc(0);
  private blockFirst = 0;

  constructor(
    private readonly messages: MessageFile,
    private readonly first: number,
  ) {
    this.file = openSync(messages.path, 'r');
  }

  at(index: number): Buffer {
    const { bodyBytes, count } = this.messages;
    const wanted = (this.first + index) % count;
    const held = this.block.length / bodyBytes;
    if (wanted < this.blockFirst || wanted >= this.blockFirst + held) {
      const block = Buffer.allocUnsafe(Math.min(512, count - wanted) * bodyBytes);
      readSync(this.file, block, 0, block.length, wanted * bodyBytes);
      this.block = block;
      this.blockFirst = wanted;
    }
    const start = (wanted - this.blockFirst) * bodyBytes;
    return this.block.subarray(start, start + bodyBytes);
  }

  close(): void {
    closeSync(this.file);
  }
}

function latencyOf(values: readonly number[]): Latency {
  const sorted = Float64Array.from(values).sort();
  return {
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    max: sorted.at(-1) ?? Number.NaN,
  };
}

const tickMs = 2;
/** Connections that the kernel opened are also taken by the server. */
const settleMs = 2_000;

class Run {
  private readonly bodies: Bodies;
  private readonly hostile: Bodies | undefined;
  private readonly idle: Connection[] = [];
  private readonly hostileIdle: Connection[] = [];
  private readonly all: Connection[] = [];
  private readonly answers: Record<string, number> = {};
  private readonly accepted: number[] = [];
  private readonly refused: number[] = [];
  private readonly other: number[] = [];
  private cpuAtStart = process.cpuUsage();
  private began = performance.now();
  private lastAnswer = this.began;
  private sent = 0;
  private taken = 0;
  private open = 0;
  private due = 0;
  private rate: number | undefined;
  private isStopping = false;
  private resolve: (outcome: Outcome) => void = () => undefined;

  constructor(private readonly job: Job) {
    this.rate = job.rate;
    this.bodies = new Bodies(job.messages, job.first);
    this.hostile = job.hostile && new Bodies(job.hostile.messages, 0);
    const add = (to: Connection[], bytes: number): void => {
      const connection = new Connection(job.port, requestHead(job.path, bytes, job.headers));
      to.push(connection);
      this.all.push(connection);
    };
    for (let i = 0; i < job.connections; i++) {
      add(this.idle, job.messages.bodyBytes);
      if (job.hostile) add(this.hostileIdle, job.hostile.messages.bodyBytes);
    }
  }

  setRate(rate: number): void {
    this.rate = rate;
  }

  stop(): void {
    this.isStopping = true;
    this.endIfDone();
  }

  async execute(): Promise<Outcome> {
    if (this.job.isConnected === true) await this.connectAll();
    const outcome = new Promise<Outcome>((resolve) => (this.resolve = resolve));
    const limit = setTimeout(() => {
      this.stop();
    }, this.job.seconds * 1_000);
    void outcome.then(() => {
      clearTimeout(limit);
    });
    if (this.rate === undefined) this.fill();
    else this.pace();
    return outcome;
  }

  /** A few hundred at a time: a server takes one new connection in each turn of its loop. */
  private async connectAll(): Promise<void> {
    for (let from = 0; from < this.all.length; from += 200)
      await Promise.all(this.all.slice(from, from + 200).map((each) => each.connect()));
    await pause(settleMs);
    this.cpuAtStart = process.cpuUsage();
    this.began = this.lastAnswer = performance.now();
  }

  private get isSpent(): boolean {
    return this.isStopping || this.taken >= this.job.count;
  }

  private fill(): void {
    while (!this.isSpent && this.open < this.job.connections) this.launch(performance.now());
    this.endIfDone();
  }

  /** What is due since the last tick goes out on free connections; the rest waits, and its time runs. */
  private pace(): void {
    let last = performance.now();
    const waiting: number[] = [];
    const timer = setInterval(() => {
      const now = performance.now();
      this.due += ((now - last) / 1_000) * (this.rate ?? 0);
      last = now;
      for (; this.due >= 1; this.due--) waiting.push(now);
      let at = 0;
      while (at < waiting.length && !this.isSpent && this.idle.length > 0)
        this.launch(waiting[at++] ?? now);
      waiting.splice(0, at);
      if (this.isSpent) {
        clearInterval(timer);
        this.notOffered = waiting.length;
        this.endIfDone();
      }
    }, tickMs);
  }

  private notOffered = 0;

  private launch(dueAt: number): void {
    const every = this.job.hostile?.oneIn ?? 0;
    const isHostile = every > 0 && this.sent % every === every - 1;
    const pool = isHostile ? this.hostileIdle : this.idle;
    const connection = pool.pop();
    if (connection === undefined) return;
    const body =
      isHostile && this.hostile ? this.hostile.at(this.sent) : this.bodies.at(this.taken++);
    this.sent += 1;
    this.open += 1;
    connection.send(body, (answer) => {
      this.open -= 1;
      pool.push(connection);
      this.count(answer, performance.now(), dueAt);
      if (this.rate === undefined) this.fill();
      else this.endIfDone();
    });
  }

  private count(answer: Answered | undefined, now: number, dueAt: number): void {
    this.lastAnswer = now;
    const name = answer === undefined ? 'lost' : answer.code || `http ${String(answer.status)}`;
    this.answers[name] = (this.answers[name] ?? 0) + 1;
    const isEdge = answer?.status === 503 || answer?.status === 429;
    const list = name === '7101' ? this.accepted : isEdge ? this.refused : this.other;
    list.push(now - dueAt);
  }

  private endIfDone(): void {
    if (!this.isSpent || this.open > 0) return;
    for (const connection of this.all) connection.close();
    this.bodies.close();
    this.hostile?.close();
    const cpu = process.cpuUsage(this.cpuAtStart);
    const { resolve } = this;
    this.resolve = () => undefined;
    resolve({
      sent: this.sent,
      accepted: this.accepted.length,
      answers: this.answers,
      seconds: (this.lastAnswer - this.began) / 1_000,
      latency: latencyOf([...this.accepted, ...this.refused, ...this.other]),
      refused: latencyOf(this.refused),
      acceptedLatency: latencyOf(this.accepted),
      notOffered: this.notOffered,
      cpuMs: (cpu.user + cpu.system) / 1_000,
    });
  }
}

let current: Run | undefined;

process.on('message', (order: Order) => {
  switch (order.kind) {
    case 'run':
      current = new Run(order.job);
      void current.execute().then((outcome) => process.send?.(outcome));
      break;
    case 'rate':
      current?.setRate(order.rate);
      break;
    case 'stop':
      current?.stop();
      break;
  }
});
process.on('disconnect', () => {
  process.exit(0);
});
