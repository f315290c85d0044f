/**
 * Questions and answers between the processes of an experiment. Each part has a process of its own, since a killer that
 * shares the event loop of the generator strikes when no request is in flight (security-reliability §3.12).
 */
import { type ChildProcess, fork } from 'node:child_process';

export type Role = 'generator' | 'killer' | 'checker';

interface Question {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly fault?: string;
}

/** What a process answers, by the name of the question. Arguments and results are plain JSON. */
export type Handlers = Readonly<Record<string, (argument: never) => Promise<unknown>>>;

/** The word on the command line that makes the program one of the parts. */
export const roleFlag = '--role';

export class Remote {
  private readonly waiting = new Map<
    number,
    { ok: (r: unknown) => void; no: (f: Error) => void }
  >();
  private lastId = 0;

  private constructor(
    private readonly child: ChildProcess,
    role: Role,
  ) {
    child.on('message', (message) => {
      const { id, result, fault } = message as Reply;
      const asked = this.waiting.get(id);
      this.waiting.delete(id);
      if (fault === undefined) asked?.ok(result);
      else asked?.no(new Error(`${role}: ${fault}`));
    });
    child.on('exit', (code, signal) => {
      const fault = new Error(`the ${role} ended (${String(signal ?? code)})`);
      for (const { no } of this.waiting.values()) no(fault);
      this.waiting.clear();
    });
  }

  static start(role: Role): Remote {
    const program = require.main?.filename;
    if (program === undefined) throw new Error('no program to start the parts from');
    return new Remote(
      fork(program, [roleFlag, role], { execArgv: ['--enable-source-maps'] }),
      role,
    );
  }

  ask<Result>(name: string, argument: unknown = null): Promise<Result> {
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.waiting.set(id, { ok: resolve as (result: unknown) => void, no: reject });
      this.child.send({ id, name, argument } satisfies Question, (fault) => {
        if (!fault) return;
        this.waiting.delete(id);
        reject(fault);
      });
    });
  }

  stop(): void {
    if (this.child.connected) this.child.disconnect();
  }
}

/** Answers until the asking process is gone, then calls `leave` and ends. */
export function serve(handlers: Handlers, leave: () => void = () => undefined): void {
  process.on('message', (message) => {
    const { id, name, argument } = message as Question;
    const handler = handlers[name];
    const work =
      handler === undefined
        ? Promise.reject(new Error(`no answer to ${name}`))
        : handler(argument as never);
    work.then(
      (result) => process.send?.({ id, result } satisfies Reply),
      (fault: unknown) => process.send?.({ id, fault: String(fault) } satisfies Reply),
    );
  });
  process.on('disconnect', () => {
    leave();
    process.exit(0);
  });
  // Ctrl-C reaches the whole group; the asking process ends the parts in its own order.
  process.on('SIGINT', () => undefined);
}
