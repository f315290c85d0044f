/**
 * Who may come in when more comes than can be done, by class of request: payments last, since a payer stands at the
 * counter, and enquiries before bills, which a program sends and can send again. A refusal is 503 with Retry-After at
 * once, before a byte of the body is read; what was let in is answered in time. Rules: security-reliability §3.4.
 */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { nextRoom, mostRoom } from './room.rules';

/** How much of the room is a class's, all classes together counted: bills find it full first. */
const shareOf = { payment: 1, enquiry: 2, bill: 4 } as const;

export type RequestClass = keyof typeof shareOf;

/** How often the event loop is asked whether it is late. */
const tickMs = 20;

@Injectable()
export class Admission implements OnApplicationShutdown {
  private underWay = 0;
  private room: number = mostRoom;
  private lastTick = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor() {
    this.timer = setInterval(() => {
      const now = performance.now();
      this.look(now - this.lastTick - tickMs);
      this.lastTick = now;
    }, tickMs).unref();
  }

  /** How late the event loop was found. */
  look(delayMs: number): void {
    this.room = nextRoom(this.room, delayMs);
  }

  /** Asked before the body is read, when the request holds no place yet. */
  isOpen(kind: RequestClass): boolean {
    return this.underWay < this.room / shareOf[kind];
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
  }
}

/** Seconds after which a client may try again, spread so that they do not all come back at once. */
export function retryAfter(random: number): string {
  return String(2 + Math.floor(random * 4));
}
