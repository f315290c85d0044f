/** An institution that brings its bills as files. */
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { TestGateway } from '../support/gateway';
import { ask, keyOf, type Reply, rowOf, today } from './support';

export interface Upload {
  readonly uploadId: string;
  readonly state: string;
  readonly rows: number;
  readonly checkedRows: number;
  readonly issuedRows: number;
  readonly refusedRows: number;
  readonly finishedAt: string | null;
}

export class UploadClient {
  private constructor(
    readonly gateway: TestGateway,
    readonly key: string,
    /** Of another institution. */
    readonly otherKey: string,
  ) {}

  static async start(): Promise<UploadClient> {
    const gateway = await TestGateway.start();
    await gateway.setClock(today);
    for (const code of ['SP70101', 'SP70202'])
      await gateway.party(code, { profile: { requestsPerSecond: 100_000 } });
    return new UploadClient(
      gateway,
      await keyOf(gateway, 'SP70101'),
      await keyOf(gateway, 'SP70202'),
    );
  }

  upload(
    file: string | Buffer,
    accept = 'good',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    return ask(this.gateway.url, `/v1/bill-uploads?accept=${accept}`, {
      method: 'POST',
      key: this.key,
      body: file,
      headers: { 'content-type': 'text/csv', ...headers },
    });
  }

  async read(id: string): Promise<Upload> {
    const { json } = await ask(this.gateway.url, `/v1/bill-uploads/${id}`, { key: this.key });
    return json as Upload;
  }

  /** The upload when it is over. */
  async over(taken: Reply): Promise<Upload> {
    expect({ status: taken.status, text: taken.text }).toMatchObject({ status: 202 });
    const { uploadId } = taken.json as Upload;
    for (let waited = 0; waited < 25_000; waited += 20) {
      const seen = await this.read(uploadId);
      if (seen.finishedAt !== null) return seen;
      await pause(20);
    }
    throw new Error('the upload is not over');
  }

  async report({ uploadId }: Upload): Promise<Record<string, string>[]> {
    const path = `/v1/bill-uploads/${uploadId}/report.csv`;
    const { status, text, headers } = await ask(this.gateway.url, path, { key: this.key });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    return parse(text, { columns: true });
  }

  bills(prefix: string): Promise<number> {
    return this.gateway.count('bill', `sp_bill_id like '${prefix}%'`);
  }
}

export const rows = (prefix: string, count: number): Record<string, string>[] =>
  Array.from({ length: count }, (_, i) => rowOf(`${prefix}${String(i)}`));
