/** Holds documents against the published schemas of docs/wire, or of a folder that is named. One worker thread, stopped by the spec that started it. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot } from '../../src/installation';

export const schemaFolder = join(projectRoot, 'docs', 'wire');

interface Waiting {
  readonly resolve: (faults: readonly string[]) => void;
  readonly reject: (fault: unknown) => void;
}

export class SchemaValidator {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;

  constructor(folder = schemaFolder) {
    this.worker = new Worker(join(__dirname, 'schema-worker.mjs'), { workerData: folder });
    this.worker.on('message', ({ id, faults }: { id: number; faults: readonly string[] }) => {
      this.waiting.get(id)?.resolve(faults);
      this.waiting.delete(id);
    });
    this.worker.on('error', (fault) => {
      for (const { reject } of this.waiting.values()) reject(fault);
    });
  }

  /** What is wrong with the document, each fault with its line; empty when it is valid. */
  faults(schema: string, xml: string): Promise<readonly string[]> {
    const id = this.count++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, schema, xml });
    });
  }

  async stop(): Promise<void> {
    this.worker.postMessage('stop');
    await once(this.worker, 'exit');
  }
}
