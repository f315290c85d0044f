/**
 * The ground a benchmark stands on: an embedded PostgreSQL of its own with durable settings, a seeded database to copy
 * from, and copies for every round, so that no round meets the rows of another. `close` ends and removes all of it.
 */
import 'reflect-metadata';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client } from 'pg';
import { createApp } from '../../../src/app';
import { projectRoot } from '../../../src/installation';
import { EnrolParty } from '../../../src/parties/enrol-party';
import { readPartyFile } from '../../../src/parties/party-file.rules';
import { buildConfig } from '../../../src/platform/config/config';
import { Secrets } from '../../../src/platform/config/secrets';
import { readCertificate } from '../../../src/platform/crypto/certificate';
import {
  type EmbeddedServer,
  startEmbeddedDatabase,
} from '../../../src/platform/database/embedded-database';
import { migrate } from '../../../src/platform/database/migrate';
import { sampleKeystore } from '../../sandbox/sample-keys';

/** The institution whose bills are paid, and the PSPs that pay them. Prefix 8 has room for a hundred million. */
export const spCode = 'SP70101';
export const pspCodes = ['PSP701', 'PSP702'] as const;
/** A PSP that may send little, for the figure of one that sends more; the others may send what a load generator can. */
export const limitedPsp = { code: 'PSP703', requestsPerSecond: 50 } as const;
const noLimit = 100_000;
export const gfsCode = '142202';
export const collectionAccount = '0170100000011';
/** Fixed, so that the same run makes the same numbers and its signed messages can be kept. */
export const controlNumberKey = createHash('sha256').update('malipo bench').digest();

const seeded = 'seeded';

export class Ground {
  private copies = 0;
  private closing: Promise<void> | undefined;

  private constructor(
    readonly folder: string,
    private readonly server: EmbeddedServer,
    /** Where the deliveries of this ground go. */
    readonly receiversPort: number,
    readonly role: string | undefined,
  ) {}

  static async open(receiversPort: number): Promise<Ground> {
    const folder = mkdtempSync(join(tmpdir(), 'malipo-bench-'));
    chmodSync(folder, 0o755);
    try {
      const server = await startEmbeddedDatabase({ dataDir: folder, databaseName: seeded });
      const { role } = await migrate(server.url);
      const ground = new Ground(folder, server, receiversPort, role);
      await ground.enrol();
      return ground;
    } catch (fault) {
      rmSync(folder, { recursive: true, force: true });
      throw fault;
    }
  }

  urlOf(database: string): string {
    const url = new URL(this.server.url);
    url.pathname = `/${database}`;
    return url.href;
  }

  /** As the owner. */
  async on<T>(database: string, work: (db: Client) => Promise<T>): Promise<T> {
    const db = new Client({ connectionString: this.urlOf(database) });
    await db.connect();
    try {
      return await work(db);
    } finally {
      await db.end();
    }
  }

  seed<T>(work: (db: Client) => Promise<T>): Promise<T> {
    return this.on(seeded, work);
  }

  /** A database of its own for one round, with its pages on disk, so that nobody pays for the copy. */
  async copy(): Promise<string> {
    this.copies += 1;
    const name = `round_${String(this.copies)}`;
    await this.on('postgres', async (db) => {
      await db.query(`create database ${name} template ${seeded} strategy file_copy`);
      await db.query('checkpoint');
    });
    return name;
  }

  async empty(name: string): Promise<void> {
    await this.on('postgres', async (db) => {
      await db.query(`drop database if exists ${name} with (force)`);
      await db.query(`create database ${name}`);
    });
  }

  async drop(name: string): Promise<void> {
    await this.on('postgres', (db) => db.query(`drop database if exists ${name} with (force)`));
  }

  async version(): Promise<string> {
    return this.on('postgres', async (db) => {
      const { rows } = await db.query<{ text: string }>(
        `select format('%s, fsync %s, synchronous_commit %s, full_page_writes %s, shared_buffers %s',
                  current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit'),
                  current_setting('full_page_writes'), current_setting('shared_buffers')) as text`,
      );
      return rows[0]?.text ?? 'unknown';
    });
  }

  /** Of the postmaster; its children are the backends. */
  get postgresPid(): number {
    const data = join(realpathSync(join(this.folder, 'postgres')), 'pg');
    return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** Once, however often it is asked for: whoever interrupts a run asks, and so does the run that ends. */
  close(): Promise<void> {
    this.closing ??= this.remove();
    return this.closing;
  }

  private async remove(): Promise<void> {
    await this.server.stop();
    rmSync(realpathSync(join(this.folder, 'postgres')), { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The gateway on the seeded database, for its use cases; nothing is listened for. */
  async inApp(work: (app: NestFastifyApplication) => Promise<void>): Promise<void> {
    const settings = { LOG_LEVEL: 'silent', SANDBOX: 'true', DATA_DIR: this.folder };
    const app = await createApp({
      config: buildConfig(settings, projectRoot),
      secrets: new Secrets(sampleKeystore('gateway'), controlNumberKey),
      databaseUrl: this.server.url,
      databaseRole: this.role,
    });
    try {
      await work(app);
    } finally {
      await app.close();
    }
  }

  /** Sample parties at the addresses of this benchmark, enrolled by the gateway's own use case. */
  private async enrol(): Promise<void> {
    await this.inApp(async (app) => {
      const base = `http://127.0.0.1:${String(this.receiversPort)}`;
      for (const code of [spCode, ...pspCodes, limitedPsp.code]) {
        const folder = join(projectRoot, 'certs-sample', 'parties');
        const sample = JSON.parse(readFileSync(join(folder, `${code}.json`), 'utf8')) as {
          kind: string;
          profile: object;
        };
        const addresses =
          sample.kind === 'service-provider'
            ? {
                controlNumberPrefixes: ['8'],
                endpoints: {
                  controlNumber: `${base}/sp/control-number`,
                  payment: `${base}/sp/payment`,
                  reconciliation: `${base}/sp/reconciliation`,
                  cancellation: null,
                },
              }
            : { resultUrl: `${base}/psp/result`, resultUrlPrefix: `${base}/psp/` };
        const requestsPerSecond = code === limitedPsp.code ? limitedPsp.requestsPerSecond : noLimit;
        const file = readPartyFile({
          ...sample,
          ...addresses,
          profile: { ...sample.profile, requestsPerSecond },
        });
        const certificates = file.certificates.map((each) =>
          readCertificate(readFileSync(join(folder, each))),
        );
        await app.get(EnrolParty, { strict: false }).execute(file, certificates, 'bench');
      }
    });
  }
}
