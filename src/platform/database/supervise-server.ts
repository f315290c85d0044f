/**
 * Brings a lost embedded server back while the gateway lives on: it answers 503 meanwhile and needs no one to restart
 * it. There is no last try, since the cause may be one that passes (a full disk); a gateway that gave up and ended
 * would need somebody to start it again.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Greeting } from './postmaster';

export type ServerChange =
  | { readonly state: 'lost' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'back'; readonly ms: number }
  /** Another process started the server on another port, where the pools of this one will not find it. */
  | { readonly state: 'moved' };

interface Supervision {
  /** Finds the server, or starts it; throws a sentence for the operator. */
  readonly comeBack: () => Promise<Greeting>;
  readonly isStopping: () => boolean;
  readonly tell: (change: ServerChange) => void;
}

const firstPauseMs = 250;
const longestPauseMs = 5_000;

/**
 * The end of the presence connection tells that the server is lost, whoever started it: when the postmaster dies its
 * backends end at once, and when a backend is killed the postmaster ends all others.
 */
export function superviseServer(first: Greeting, supervision: Supervision): void {
  const { comeBack, isStopping, tell } = supervision;
  const revive = async (): Promise<void> => {
    if (isStopping()) return;
    const began = performance.now();
    tell({ state: 'lost' });
    for (let wait = firstPauseMs; !isStopping(); wait = Math.min(2 * wait, longestPauseMs)) {
      try {
        const greeting = await comeBack();
        watch(greeting);
        tell(
          greeting.port === first.port
            ? { state: 'back', ms: Math.round(performance.now() - began) }
            : { state: 'moved' },
        );
        return;
      } catch (fault) {
        tell({ state: 'failed', reason: fault instanceof Error ? fault.message : String(fault) });
        await pause(wait, undefined, { ref: false });
      }
    }
  };
  const watch = (greeting: Greeting): void => {
    let isLost = false;
    const lost = (): void => {
      if (!isLost) void revive();
      isLost = true;
    };
    greeting.client.once('end', lost);
    // It may have ended before anybody listened.
    greeting.client.query('select 1').catch(lost);
  };
  watch(first);
}
