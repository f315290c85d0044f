/** A receiver of webhooks as an institution runs one: it keeps what it was sent, and answers by path as it is told. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

export interface Push {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export class WebhookReceiver {
  readonly pushes: Push[] = [];
  /** The status by path; 204 where nothing is said, and none at all for 'silence'. */
  readonly answers = new Map<string, number | 'silence'>();
  readonly silent: ServerResponse[] = [];
  base = '';

  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      this.pushes.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const answer = this.answers.get(path) ?? 204;
      if (answer === 'silence') this.silent.push(response);
      else response.writeHead(answer).end();
    });
  });

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.base = `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
    return this;
  }

  to(path: string): readonly Push[] {
    return this.pushes.filter((push) => push.path === path);
  }

  async waitFor(path: string, count: number): Promise<readonly Push[]> {
    for (let waited = 0; waited < 10_000; waited += 20) {
      const found = this.to(path);
      if (found.length >= count) return found;
      await pause(20);
    }
    throw new Error(`${path} got ${String(this.to(path).length)} of ${String(count)} messages`);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** As a receiver checks: throws unless one of the signatures is the secret's, and the time is now. */
export function verified(secret: string, { body, headers }: Push): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}
