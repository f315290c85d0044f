/**
 * One installation under test: a folder of its own, the built gateway as a child process, the world around it, and the
 * killer. Whatever happens, `close` ends every process and removes the folder.
 */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { request } from 'undici';
import { projectRoot } from '../../src/installation';
import {
  type EmbeddedServer,
  startEmbeddedDatabase,
} from '../../src/platform/database/embedded-database';
import { TcpProxy } from './tcp-proxy';
import type { Setting, Tally } from './generator';
import type { Strike, Struck } from './killer';
import { type Endpoints, pspCode, spCode } from './parties';
import { Remote } from './remote';
import type { Verdict } from './checker';

export interface RigOptions {
  /** `behind-proxy`: the rig runs the database, and the gateway reaches it through a proxy. */
  readonly database: 'embedded' | 'behind-proxy';
  /** Proxies between the PSP and the gateway, and between the gateway and the endpoints of others. */
  readonly hasWireProxies?: boolean;
  /** Settings of the server that the rig runs, over those of every start. */
  readonly databaseSettings?: Readonly<Record<string, string>>;
  /** MB of a file system of its own for the data; for the full disk. */
  readonly diskMb?: number;
}

const readyLimitMs = 120_000;
const pollMs = 20;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function mount(folder: string, sizeMb: number): boolean {
  const size = `size=${String(sizeMb)}m,mode=755`;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder]).status === 0;
}

/** A sentence where no small file system can be had. */
export function smallDiskObstacle(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'malipo-chaos-'));
  try {
    if (!mount(folder, 1)) return 'a small file system needs root and mount(8)';
    spawnSync('umount', [folder]);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export class Rig {
  readonly generator = Remote.start('generator');
  private readonly killer = Remote.start('killer');
  private readonly checker = Remote.start('checker');
  private gateway: ChildProcess | undefined;
  private server: EmbeddedServer | undefined;
  private exit: Promise<number | null> = Promise.resolve(null);
  private port = 0;
  private load: Omit<Setting, 'journal' | 'name' | 'isKeptAlive'> | undefined;
  private caseId = '';
  databaseProxy: TcpProxy | undefined;
  wireProxies: TcpProxy[] = [];

  private constructor(
    readonly options: RigOptions,
    private readonly seed: number,
    private readonly folder: string,
  ) {}

  /** `made` is told of the rig before anything is started, so that an interruption can close it. */
  static async open(options: RigOptions, seed: number, made: (rig: Rig) => void): Promise<Rig> {
    const folder = mkdtempSync(join(tmpdir(), 'malipo-chaos-'));
    chmodSync(folder, 0o755);
    const rig = new Rig(options, seed, folder);
    made(rig);
    try {
      await rig.setUp();
    } catch (fault) {
      await rig.close();
      throw fault;
    }
    return rig;
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  get gatewayPid(): number {
    return this.gateway?.pid ?? 0;
  }

  /** The database itself, past every proxy; its port is the server's own record. */
  get databaseUrl(): string {
    const data = join(realpathSync(join(this.dataDir, 'postgres')), 'pg');
    const port = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[3];
    const password = readFileSync(join(data, 'malipo.password'), 'utf8');
    return `postgres://malipo:${password}@127.0.0.1:${String(port)}/malipo`;
  }

  /** A journal and messages of its own for the next case on this installation. */
  async beginCase(id: string, isKeptAlive: boolean): Promise<void> {
    this.caseId = id;
    const setting = { ...this.load, journal: this.journal, name: id, isKeptAlive };
    await this.generator.ask('begin', setting);
  }

  async startGateway(): Promise<void> {
    const log = createWriteStream(join(this.folder, 'gateway.log'), { flags: 'a' });
    const gateway = spawn(process.execPath, [join(projectRoot, 'dist/src/main.js')], {
      cwd: projectRoot,
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    gateway.stdout.pipe(log);
    gateway.stderr.pipe(log);
    this.gateway = gateway;
    this.exit = new Promise((resolve) => gateway.once('exit', resolve));
    await this.killer.ask('guard', {
      pids: gateway.pid === undefined ? [] : [gateway.pid],
      dataDir: this.dataDir,
    });
  }

  /** Resolves when the gateway serves again, with the moment; faults after two minutes, or when it has ended. */
  async untilReady(): Promise<bigint> {
    const giveUp = performance.now() + readyLimitMs;
    for (;;) {
      if (await this.isReady()) return process.hrtime.bigint();
      if (!this.isGatewayRunning()) {
        throw new Error(`the gateway ended by itself:\n${this.logTail()}`);
      }
      if (performance.now() > giveUp) {
        throw new Error(`the gateway is not ready after two minutes:\n${this.logTail()}`);
      }
      await pause(pollMs);
    }
  }

  async isReady(): Promise<boolean> {
    try {
      const { statusCode, body } = await request(`${this.url}/health/ready`, {
        headersTimeout: 2_000,
        bodyTimeout: 2_000,
        reset: true,
      });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    }
  }

  strike(strike: Strike): Promise<Struck> {
    return this.killer.ask<Struck>('strike', strike);
  }

  async untilExit(limitMs: number): Promise<number | null | 'still-running'> {
    return Promise.race([this.exit, pause(limitMs, 'still-running' as const, { ref: false })]);
  }

  /** The database of `behind-proxy`: what an operator of a server of one's own does after its crash. */
  async startDatabase(): Promise<void> {
    const settings = this.options.databaseSettings ?? {};
    this.server = await startEmbeddedDatabase({ dataDir: this.dataDir, settings });
    this.databaseProxy?.aimAt(portOf(this.server.url));
  }

  async query<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: this.databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** What durability rests on, as the server under test says it. */
  async settings(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name in ('server_version', 'fsync', 'full_page_writes',
         'synchronous_commit', 'data_checksums', 'wal_sync_method', 'max_connections', 'shared_buffers')`,
    );
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  }

  async receiptsOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.query<{ id: string; receipt: string }>(
      `select psp_transaction_id as id, receipt_number as receipt from payment where psp_transaction_id = any($1)`,
      [[...ids]],
    );
    return new Map(rows.map((row) => [row.id, row.receipt]));
  }

  check(): Promise<Verdict> {
    return this.checker.ask<Verdict>('check', {
      url: this.databaseUrl,
      gateway: this.url,
      apiKey: this.apiKey,
      journal: this.journal,
      prefix: `${this.caseId}-`,
    });
  }

  /** The sandbox has made one for each of its parties. */
  private get apiKey(): string {
    const keys = readFileSync(join(this.dataDir, 'api-keys.json'), 'utf8');
    return (JSON.parse(keys) as Record<string, string>)[spCode] ?? '';
  }

  stopLoad(): Promise<Tally> {
    return this.generator.ask<Tally>('stop');
  }

  async cli(...words: string[]): Promise<{ status: number; output: string }> {
    try {
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        [join(projectRoot, 'dist/src/cli.js'), ...words],
        { cwd: projectRoot, env: this.environment(), maxBuffer: 64_000_000 },
      );
      return { status: 0, output: stdout + stderr };
    } catch (fault) {
      const { code, stdout, stderr } = fault as { code: number; stdout: string; stderr: string };
      return { status: code, output: stdout + stderr };
    }
  }

  logTail(): string {
    const path = join(this.folder, 'gateway.log');
    return existsSync(path) ? readFileSync(path, 'utf8').slice(-3_000) : '';
  }

  async close(): Promise<void> {
    await this.generator.ask('close').catch(() => undefined);
    for (const proxy of [this.databaseProxy, ...this.wireProxies]) await proxy?.close();
    if (this.isGatewayRunning()) {
      this.gateway?.kill('SIGKILL');
      await this.exit;
    }
    await this.server?.stop().catch(() => undefined);
    const data = { dataDir: this.dataDir };
    await this.strike({ afterMs: 0, signal: 'SIGKILL', target: data }).catch(() => undefined);
    await this.killer.ask('guard', null).catch(() => undefined);
    for (const remote of [this.generator, this.killer, this.checker]) remote.stop();
    this.removeFolder();
  }

  private isGatewayRunning(): boolean {
    return this.gateway?.exitCode === null && this.gateway.signalCode === null;
  }

  private get journal(): string {
    return join(this.folder, `${this.caseId}.journal`);
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      PORT: String(this.port),
      DATA_DIR: this.dataDir,
      LOG_LEVEL: 'warn',
      SANDBOX: 'true',
      ...(this.databaseProxy === undefined
        ? {}
        : { DATABASE_URL: this.proxied(this.databaseUrl, this.databaseProxy) }),
    };
  }

  private proxied(url: string, proxy: TcpProxy): string {
    const through = new URL(url);
    through.port = String(proxy.port);
    return through.href;
  }

  private async setUp(): Promise<void> {
    const { database, hasWireProxies = false } = this.options;
    const { seed } = this;
    this.mountDisk();
    mkdirSync(this.dataDir, { recursive: true });
    this.port = await freePort();
    if (database === 'behind-proxy') {
      await this.startDatabase();
      this.databaseProxy = await TcpProxy.open(portOf(this.databaseUrl), 'postgres', seed);
    }
    await this.startGateway();
    await this.untilReady();
    let endpoints = await this.generator.ask<Endpoints>('listen');
    let gateway = this.url;
    if (hasWireProxies) {
      const open = async (url: string): Promise<string> => {
        const proxy = await TcpProxy.open(portOf(url), 'plain', seed + this.wireProxies.length);
        this.wireProxies.push(proxy);
        return `http://127.0.0.1:${String(proxy.port)}`;
      };
      gateway = await open(gateway);
      endpoints = { sp: await open(endpoints.sp), psp: await open(endpoints.psp) };
    }
    await this.enrol(endpoints);
    this.load = { gateway, seed, resultUrl: `${endpoints.psp}/result` };
  }

  /** By the operator's own command, as anybody would; both at once, since each is a process to start. */
  private async enrol(endpoints: Endpoints): Promise<void> {
    const parties = [
      [
        spCode,
        {
          endpoints: {
            controlNumber: `${endpoints.sp}/control-number`,
            payment: `${endpoints.sp}/payment`,
            reconciliation: null,
            cancellation: null,
          },
        },
      ],
      [pspCode, { resultUrlPrefix: `${endpoints.psp}/`, resultUrl: `${endpoints.psp}/result` }],
    ] as const;
    const samples = join(projectRoot, 'certs-sample');
    await Promise.all(
      parties.map(async ([code, changes]) => {
        const sample = JSON.parse(
          readFileSync(join(samples, 'parties', `${code}.json`), 'utf8'),
        ) as { readonly profile?: object };
        // Ten copies of everything are far more than the 1,000 a second that a party may send by itself.
        const profile = { ...sample.profile, requestsPerSecond: 100_000 };
        const certificates = [join(samples, `${code}-certificate.pem`)];
        const path = join(this.folder, `${code}.json`);
        writeFileSync(path, JSON.stringify({ ...sample, ...changes, profile, certificates }));
        const { status, output } = await this.cli('enrol', '--file', path);
        if (status !== 0) throw new Error(`${code} could not be enrolled: ${output}`);
      }),
    );
    // What the gateway knew of them before is kept for five seconds, their endpoints too.
    await pause(5_500);
  }

  private mountDisk(): void {
    const { diskMb } = this.options;
    if (diskMb === undefined) return;
    mkdirSync(this.dataDir, { recursive: true });
    if (!mount(this.dataDir, diskMb)) throw new Error('the small file system was not mounted');
  }

  private removeFolder(): void {
    if (this.options.diskMb !== undefined) spawnSync('umount', ['-l', this.dataDir]);
    const link = join(this.dataDir, 'postgres');
    // Below a private temporary folder the data are elsewhere, behind a link.
    if (existsSync(link)) rmSync(realpathSync(link), { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
