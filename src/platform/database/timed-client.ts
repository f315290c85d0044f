/**
 * A connection that waits for an answer only so long. The limits of the server do not hold when it is the way to it
 * that fails, or the wait for a standby at COMMIT: then the connection is ended, what was asked is in doubt, and the
 * client is told to send again (security-reliability §3.4, §3.5).
 */
import { Client } from 'pg';

/** Above `statement_timeout`, so that the server speaks first where it can. */
const answerMs = 6_000;
/** The shortest time-out seen in the field is 5 s: after that nobody waits for the answer. */
const commitMs = 3_000;

export class TimedClient extends Client {
  /** For work over a whole file or day, whose statements have no limit on the server either. */
  isUnhurried = false;
}

const driver = Client.prototype as unknown as {
  readonly query: (this: Client, ...args: unknown[]) => unknown;
};
const ask = driver.query;

function limitFor(question: unknown): number {
  return question === 'COMMIT' ? commitMs : answerMs;
}

TimedClient.prototype.query = function (this: TimedClient, ...args: unknown[]): unknown {
  const answer = ask.apply(this, args);
  if (this.isUnhurried || !(answer instanceof Promise)) return answer;
  const timer = setTimeout(() => {
    // With a question open this closes the socket at once, and the question fails.
    void this.end().catch(() => undefined);
  }, limitFor(args[0]));
  const stop = (): void => {
    clearTimeout(timer);
  };
  answer.then(stop, stop);
  return answer;
} as typeof Client.prototype.query;
