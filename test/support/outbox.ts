/**
 * An outbox with two endpoints: one that is always good and, for each case, a fresh one that behaves as told. What the
 * specs of the deliveries engine share.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { EnqueueDelivery } from '../../src/deliveries/enqueue-delivery';
import { openEnvelope } from '../../src/gepg/envelope';
import { Database } from '../../src/platform/database/database';
import { textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from './gateway';

export type Answer = (request: IncomingMessage, response: ServerResponse, billId: string) => void;

export const acknowledge: Answer = (_request, response) => {
  response.end('<gepgBillSubRespAck><TrxStsCode>7101</TrxStsCode></gepgBillSubRespAck>');
};
export const fail: Answer = (_request, response) => response.writeHead(503).end();

/** An endpoint that answers as told, and remembers what it was sent, in order. */
class Endpoint {
  readonly received: { readonly billId: string; readonly body: Buffer }[] = [];
  answer: Answer = acknowledge;
  url = '';
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const { root } = openEnvelope(body, { maxElements: 100, maxDepth: 8 });
        const billId = textOf(root, 'BillId');
        this.received.push({ billId, body });
        this.answer(request, response, billId);
      });
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/in`;
    return this;
  }

  of(billId: string) {
    return this.received.filter((each) => each.billId === billId);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** The state of a delivery, with its attempts: number, outcome, HTTP status, bytes of the answer. */
interface Row {
  readonly id: string;
  readonly state: string;
  readonly attempt_count: number;
  readonly last_outcome: string | null;
  readonly waits: number;
  readonly attempts: readonly (readonly [number, string, number | null, number | null])[] | null;
}

export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 20) {
    if (await holds()) return;
    await pause(20);
  }
  throw new Error(`it did not come to this: ${what}`);
}

export const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}-${String(i)}`);

export class Outbox {
  bad = new Endpoint();

  private constructor(
    readonly gateway: TestGateway,
    readonly good: Endpoint,
    /** Of parties, by code. */
    readonly ids: Readonly<Record<string, number>>,
  ) {}

  static async open(): Promise<Outbox> {
    const gateway = await TestGateway.start();
    await gateway.setClock('2026-11-24T08:00:00Z');
    for (const code of ['SP70101', 'SP70202', 'PSP701']) await gateway.party(code);
    const { rows } = await gateway.db.query<{ id: number; code: string }>(
      `select id, code from party`,
    );
    const ids = Object.fromEntries(rows.map(({ id, code }) => [code, id]));
    return new Outbox(gateway, await new Endpoint().listen(), ids);
  }

  use<T>(type: new (...needs: never[]) => T): T {
    return this.gateway.app.get<T>(type, { strict: false });
  }

  /** Before each case: an endpoint that nothing is known of. */
  async begin(): Promise<void> {
    this.bad = await new Endpoint().listen();
  }

  /** After each case: ends what it left waiting. */
  async end(): Promise<void> {
    await this.gateway.db.query(
      `update delivery set state = 'parked', settled_at = gateway_now() where state = 'ready'`,
    );
    await this.gateway.db.query(`delete from delivery_breaker`);
    this.bad.close();
  }

  async close(): Promise<void> {
    this.good.close();
    await this.gateway.stop();
  }

  /** Owes one message for each bill, at once; `subject` is the bill unless given. */
  async owe(
    code: string,
    url: string,
    billIds: readonly string[],
    subject?: string,
  ): Promise<void> {
    await this.use(Database).transaction((tx) =>
      this.use(EnqueueDelivery).execute(
        tx,
        billIds.map((billId) => ({
          recipientId: this.ids[code] ?? 0,
          subject: subject ?? billId,
          url,
          message: {
            kind: 'bills-answered',
            form: 'gepg-v4',
            answerId: billId,
            requestId: '',
            isChange: false,
            bills: [{ billId, controlNumber: '997010000000', faults: [] }],
          },
        })),
      ),
    );
  }

  async rowOf(billId: string): Promise<Row> {
    const { rows } = await this.gateway.db.query<Row>(
      `select id, state, attempt_count, last_outcome,
            extract(epoch from next_attempt_at - gateway_now())::integer as waits,
            (select json_agg(json_build_array(attempt, outcome, http_status, length(answer)) order by a.id)
               from delivery_attempt a where a.delivery_id = d.id) as attempts
       from delivery d where message ->> 'answerId' = $1`,
      [billId],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`nothing is owed about ${billId}`);
    return row;
  }

  isIn(billId: string, state: string): () => Promise<boolean> {
    return async () => (await this.rowOf(billId)).state === state;
  }

  isAttempted(billId: string): () => Promise<boolean> {
    return async () => (await this.rowOf(billId)).attempts !== null;
  }

  isDown(): () => Promise<boolean> {
    return async () => (await this.gateway.count('delivery_breaker')) === 1;
  }
}
