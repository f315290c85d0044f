/**
 * Who may come in when more comes than can be done, by class of request: payments last, since a payer stands at the
 * counter, and enquiries before bills, which a program sends and can send again. A refusal is 503 with Retry-After at
 * once, before a byte of the body is read; what was let in is answered in time. Rules: security-reliability §3.4.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

/**
 * By how much is under way, of all classes together, and by the delay of the event loop a class is turned away. The
 * numbers are about what one core answers in a second, a half and a quarter of it: what waits longer is answered late.
 */
const classes = {
  payment: { maxUnderWay: 1_024, maxLagMs: 2_000 },
  enquiry: { maxUnderWay: 512, maxLagMs: 1_000 },
  bill: { maxUnderWay: 256, maxLagMs: 500 },
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
  private underWay = 0;
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

  /** Asked before the body is read, when the request holds no place yet. */
  isOpen(kind: RequestClass): boolean {
    const { maxUnderWay, maxLagMs } = classes[kind];
    return this.underWay < maxUnderWay && this.lagMs <= maxLagMs;
  }

  /**
   * True: the request is in, and `leave` must follow. Only for a request that is here as a whole: a thousand clients
   * that send a byte a second would otherwise keep every place.
   */
  enter(kind: RequestClass): boolean {
    if (!this.isOpen(kind)) return false;
    this.underWay += 1;
    return true;
  }

  leave(): void {
    this.underWay -= 1;
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
