/**
 * Who may come in when more comes than can be done: by class of request, before a byte of the body is read. Payments
 * last, since a payer stands at the counter; a refusal is 503 with Retry-After at once, and what was let in is answered
 * in time. Rules: security-reliability §3.4 (admission, priorities).
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

/** Most under way at once, and the delay of the event loop from which the class is turned away. */
const classes = {
  // About a third of a second of work at the rate that one core signs.
  payment: { maxUnderWay: 1_024, maxLagMs: 2_000 },
  bill: { maxUnderWay: 512, maxLagMs: 1_000 },
  enquiry: { maxUnderWay: 512, maxLagMs: 500 },
} as const;

export type RequestClass = keyof typeof classes;

/**
 * The delay is the median of a second, and the lowest of three: one long pause (the start, a compilation, a large file)
 * turns nobody away, a loop that stays late does.
 */
const windows = 3;
const windowMs = 1_000;

@Injectable()
export class Admission implements OnApplicationShutdown {
  private readonly underWay = new Map<RequestClass, number>();
  private readonly delay = monitorEventLoopDelay({ resolution: 10 });
  private readonly timer: NodeJS.Timeout;
  /** Of the last windows; the lowest counts. */
  private readonly medians = Array.from({ length: windows }, () => 0);
  private lagMs = 0;

  constructor() {
    this.delay.enable();
    this.timer = setInterval(() => {
      this.medians.shift();
      this.medians.push(this.delay.percentile(50) / 1e6);
      this.lagMs = Math.min(...this.medians);
      this.delay.reset();
    }, windowMs).unref();
  }

  /** True: the request is in, and `leave` must follow. */
  enter(kind: RequestClass): boolean {
    const { maxUnderWay, maxLagMs } = classes[kind];
    const count = this.underWay.get(kind) ?? 0;
    if (count >= maxUnderWay || this.lagMs > maxLagMs) return false;
    this.underWay.set(kind, count + 1);
    return true;
  }

  leave(kind: RequestClass): void {
    this.underWay.set(kind, (this.underWay.get(kind) ?? 1) - 1);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.delay.disable();
  }
}

/** Seconds after which a client may try again, spread so that they do not all come back at once. */
export function retryAfter(random: number): string {
  return String(2 + Math.floor(random * 4));
}
