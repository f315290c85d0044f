/**
 * A connection that waits for an answer only so long. The limits of the server do not hold when it is the way to it
 * that fails, or the wait for a standby at COMMIT: then the connection is ended, what was asked is in doubt, and the
 * client is told to send again (security-reliability §3.4, §3.5).
 */
import type { Duplex } from 'node:stream';
import { Client } from 'pg';

/** Above `statement_timeout`, so that the server speaks first where it can. */
const answerMs = 6_000;
/** The shortest time-out seen in the field is 5 s: after that nobody waits for the answer. */
const commitMs = 3_000;

/** Public in the driver, and not in its types. */
function streamOf(client: Client): Duplex {
  return (client as unknown as { readonly connection: { readonly stream: Duplex } }).connection
    .stream;
}

export class TimedClient extends Client {
  /** For work over a whole file or day, whose statements have no limit on the server either. */
  isUnhurried = false;

  constructor(...args: ConstructorParameters<typeof Client>) {
    super(...args);
    // The pool and its users listen by turns, and between two of them nobody does: a connection that the server ends
    // right then would end the process. Who asks it next is told by the refusal.
    this.on('error', () => undefined);
  }

  /**
   * What is asked before the tasks that are due now have run goes to the server as one packet. A packet costs as much as
   * ten rows where the kernel is far away.
   */
  gather(): void {
    const stream = streamOf(this);
    stream.cork();
    process.nextTick(() => {
      stream.uncork();
    });
  }
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
    // A client of the intake pool would wait for its answers before it ends; what is asked fails with the socket.
    void this.end().catch(() => undefined);
    streamOf(this).destroy();
  }, limitFor(args[0]));
  const stop = (): void => {
    clearTimeout(timer);
  };
  answer.then(stop, stop);
  return answer;
} as typeof Client.prototype.query;
