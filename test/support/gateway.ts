/** A gateway of its own for each spec file: real HTTP on a free port, a real database, a settable clock. */
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client } from 'pg';
import { createApp } from '../../src/app';
import { enrolFromFile } from '../../src/enrol-file';
import { projectRoot } from '../../src/installation';
import { startJobs } from '../../src/jobs';
import { EnrolParty } from '../../src/parties/enrol-party';
import { readPartyFile } from '../../src/parties/party-file.rules';
import { buildConfig } from '../../src/platform/config/config';
import { type MailSettings, Secrets } from '../../src/platform/config/secrets';
import { readCertificate } from '../../src/platform/crypto/certificate';
import type { Keystore } from '../../src/platform/crypto/keystore';
import { sampleKeystore, sampleParty } from '../../tools/sandbox/sample-keys';
import type { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { brokenInvariants } from './books';
import { createTestDatabase, type TestDatabase } from './database';

function openApp(
  databaseUrl: string,
  secrets: Secrets,
  dataDir: string,
): Promise<NestFastifyApplication> {
  return createApp({
    config: buildConfig({ LOG_LEVEL: 'silent', SANDBOX: 'true', DATA_DIR: dataDir }, projectRoot),
    secrets,
    databaseUrl,
    databaseRole: 'malipo_system',
  });
}

async function openProcess(databaseUrl: string, secrets: Secrets, dataDir: string, isIdle = false) {
  const app = await openApp(databaseUrl, secrets, dataDir);
  await app.listen(0, '127.0.0.1');
  if (!isIdle) startJobs(app);
  return { url: await app.getUrl(), app };
}

export class TestGateway {
  private fallen: Promise<void>[] = [];

  private constructor(
    private process: { readonly url: string; readonly app: NestFastifyApplication },
    /** Owner connection, for looking at rows; never used to make what a use case can make. */
    readonly db: Client,
    private readonly database: TestDatabase,
    private readonly secrets: Secrets,
    /** A folder of its own, gone with the gateway. */
    readonly dataDir: string,
    private readonly parties: SandboxParty[] = [],
  ) {}

  /**
   * On a database of its own; or on a given one, with the key that its numbers were made with. `isIdle`: without timed
   * work, for a spec that does it step by step.
   */
  static async start(
    given?: {
      readonly database: TestDatabase;
      readonly controlNumberKey: Buffer;
      readonly gatewayEc?: Keystore;
    },
    { mail, isIdle }: { readonly mail?: MailSettings; readonly isIdle?: true } = {},
  ): Promise<TestGateway> {
    const { database, controlNumberKey, gatewayEc } = given ?? {
      database: await createTestDatabase(),
      controlNumberKey: randomBytes(32),
      gatewayEc: undefined,
    };
    const secrets = new Secrets(sampleKeystore('gateway'), controlNumberKey, gatewayEc, mail);
    const dataDir = mkdtempSync(join(tmpdir(), 'malipo-gateway-'));
    const process = await openProcess(database.url, secrets, dataDir, isIdle);
    const db = new Client({ connectionString: database.url });
    await db.connect();
    return new TestGateway(process, db, database, secrets, dataDir);
  }

  get controlNumberKey(): Buffer {
    return this.secrets.controlNumberKey;
  }

  get url(): string {
    return this.process.url;
  }

  get app(): NestFastifyApplication {
    return this.process.app;
  }

  /**
   * As the end of a process leaves it: all connections and all sessions of the database are cut, nothing is drained, and
   * another gateway takes over at another address. (`npm run chaos` kills real processes.)
   */
  async crash(): Promise<void> {
    const { app } = this.process;
    app.getHttpServer().closeAllConnections();
    await this.db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`,
    );
    this.process = await openProcess(this.database.url, this.secrets, this.dataDir);
    this.fallen.push(app.close());
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  /** A second process of the same gateway, for its timed work; the caller closes it. */
  async startWorker(): Promise<NestFastifyApplication> {
    const app = await openApp(this.database.url, this.secrets, this.dataDir);
    startJobs(app);
    return app;
  }

  /** Sets the instant of `gateway_now()`; the clock runs on from there. */
  async setClock(instant: string): Promise<void> {
    await this.db.query(
      `update gateway_clock set clock_offset = $1::timestamptz - transaction_timestamp()`,
      [instant],
    );
  }

  /** A sample party with an endpoint on a free port, enrolled from its file with `changes`. */
  async party(code: string, changes: object = {}): Promise<SandboxParty> {
    const party = sampleParty(code);
    this.parties.push(party);
    const base = await party.listen();
    const path = join(projectRoot, 'certs-sample', 'parties', `${code}.json`);
    const sample = JSON.parse(readFileSync(path, 'utf8')) as {
      kind: string;
      certificates: string[];
    };
    const addresses =
      sample.kind === 'service-provider'
        ? {
            endpoints: {
              controlNumber: `${base}/control-number`,
              payment: `${base}/payment`,
              reconciliation: `${base}/reconciliation`,
              cancellation: `${base}/cancellation`,
            },
          }
        : { resultUrl: `${base}/result`, resultUrlPrefix: `${base}/` };
    const file = readPartyFile({ ...sample, ...addresses, ...changes });
    const certificates = file.certificates.map((each) =>
      readCertificate(readFileSync(join(projectRoot, 'certs-sample', 'parties', each))),
    );
    await this.app.get(EnrolParty, { strict: false }).execute(file, certificates, 'test');
    return party;
  }

  async enrolFile(path: string): Promise<void> {
    await enrolFromFile(this.app, path, 'test');
  }

  async count(table: string, where = 'true'): Promise<number> {
    const { rows } = await this.db.query<{ n: number }>(
      `select count(*)::integer as n from ${table} where ${where}`,
    );
    return rows[0]?.n ?? 0;
  }

  /** Waits until nothing that is owed is waiting or under way. */
  async settled(ms = 40_000): Promise<void> {
    for (let waited = 0; waited < ms; waited += 20) {
      if ((await this.count('delivery', `state in ('ready', 'leased')`)) === 0) return;
      await pause(20);
    }
    throw new Error(`deliveries are still under way after ${String(ms)} ms`);
  }

  /** Waits until every event has its number in a feed. */
  async sealed(ms = 10_000): Promise<void> {
    for (let waited = 0; waited < ms; waited += 20) {
      if ((await this.count('unsealed_event')) === 0) return;
      await pause(20);
    }
    throw new Error(`events are not sealed after ${String(ms)} ms`);
  }

  /**
   * Every spec ends with a check of its books: what is not sound fails the file. `fabricated` says why rows of this
   * spec, made by hand, cannot be sound; the check is then left out. `unsigned`: payments of this spec were given to the
   * use case, so that no signed message proves them (invariant 10).
   */
  async stop({
    fabricated,
    unsigned,
  }: { fabricated?: string; unsigned?: true } = {}): Promise<void> {
    try {
      if (fabricated === undefined) {
        // One instant of all tables: the jobs may still be at work.
        await this.db.query(`begin isolation level repeatable read`);
        const broken = await brokenInvariants(this.app, this.db);
        const isAllowed = (id: string) => unsigned === true && id === '10';
        expect(broken.filter(({ invariant }) => !isAllowed(invariant))).toEqual([]);
      }
    } finally {
      await Promise.all([this.app.close(), ...this.fallen]);
      await Promise.all(this.parties.map((party) => party.close()));
      await this.db.end();
      await this.database.drop();
      rmSync(this.dataDir, { recursive: true, force: true });
    }
  }
}
