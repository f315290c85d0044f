/**
 * The settings of one process: defaults, ranges and cross-checks over the environment. All faults are reported at
 * once, each naming the variable, what was read and what is wanted (architecture.md §2.12). Holds no secret.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from './env';

export const roles = ['all', 'http', 'worker'] as const;
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Signs the audit chain; of the worker alone. */
  readonly auditKeyFile: string;
  /** Grows by a line for each exported head of the audit chain. */
  readonly auditHeadFile: string;
  /** How many processes answer requests on the port. */
  readonly httpProcesses: number;
  readonly role: (typeof roles)[number];
  readonly isSandbox: boolean;
  /** Minutes after midnight in Africa/Dar_es_Salaam. */
  readonly cutoffMinutes: number;
  readonly logLevel: (typeof logLevels)[number];
  readonly consoleName: string;
  /** SVG drawing beside the name. */
  readonly consoleMark: string | undefined;
  readonly consoleOrigin: string | undefined;
}

/** Settings that may not be used, all together; the message is what the operator reads before exit 1. */
export class ConfigFaults extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`the settings cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigFaults';
  }
}

function oneOf<T extends string>(
  allowed: readonly T[],
  name: string,
  value: string | undefined,
  fallback: T,
  faults: string[],
): T {
  if (value === undefined) return fallback;
  const found = allowed.find((each) => each === value);
  if (found === undefined)
    faults.push(`${name} is "${value}"; wanted one of ${allowed.join(', ')}`);
  return found ?? fallback;
}

function readPort(text: string | undefined, faults: string[]): number {
  if (text === undefined) return 3000;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) faults.push(`PORT is "${text}"; wanted a number from 1 to 65535`);
  return port;
}

/** With their pools, eight and one for timed work take 80 of the 100 connections of an ordinary PostgreSQL. */
const mostProcesses = 8;

function readProcesses(text: string | undefined, faults: string[]): number {
  if (text === undefined) return 1;
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > mostProcesses)
    faults.push(`HTTP_PROCESSES is "${text}"; wanted a number from 1 to ${String(mostProcesses)}`);
  return count;
}

function readCutoff(text: string | undefined, faults: string[]): number {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text ?? '00:30');
  if (!found) {
    faults.push(`BUSINESS_DAY_CUTOFF_HHMM is "${text ?? ''}"; wanted a time like 00:30`);
    return 30;
  }
  return Number(found[1]) * 60 + Number(found[2]);
}

function readDatabaseUrl(text: string | undefined, faults: string[]): string | undefined {
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
    // The value may hold a password, so the fault does not repeat it.
    faults.push('DATABASE_URL cannot be read; wanted postgres://user:password@host:port/name');
  }
  return text;
}

function readMark(path: string | undefined, root: string, faults: string[]): string | undefined {
  if (path === undefined) return undefined;
  const file = resolve(root, path);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (!/<svg[\s>]/.test(text)) faults.push(`CONSOLE_MARK is "${path}"; wanted an SVG file`);
  return text;
}

function readOrigin(text: string | undefined, faults: string[]): string | undefined {
  if (text === undefined) return undefined;
  const isOne = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isOne) faults.push(`CONSOLE_ORIGIN is "${text}"; wanted one like https://malipo.example`);
  return isOne ? new URL(text).origin : undefined;
}

/** The values may hold a password or somebody's address, so the faults do not repeat them. */
function checkMail({ SMTP_URL, MAIL_FROM }: Environment, faults: string[]): void {
  if (SMTP_URL === undefined) return;
  if (!URL.canParse(SMTP_URL) || !/^smtps?:\/\/[^/]/.test(SMTP_URL))
    faults.push('SMTP_URL cannot be read; wanted smtp://user:password@host:port or smtps://…');
  if (MAIL_FROM === undefined || !/^[^\s@<>]+@[^\s@<>]+$/.test(MAIL_FROM))
    faults.push('MAIL_FROM is not an e-mail address; SMTP_URL needs one to send from');
}

/** Refuses with ConfigFaults. `root` is the folder that relative paths are resolved against. */
export function buildConfig(env: Environment, root: string): Config {
  const faults: string[] = [];
  const databaseUrl = readDatabaseUrl(env.DATABASE_URL, faults);
  const sandbox = oneOf(
    ['true', 'false'],
    'SANDBOX',
    env.SANDBOX,
    databaseUrl === undefined ? 'true' : 'false',
    faults,
  );
  const isSandbox = sandbox === 'true';
  const dataDir = resolve(root, env.DATA_DIR ?? '.data');
  const config: Config = {
    port: readPort(env.PORT, faults),
    host: env.HOST ?? (isSandbox ? '127.0.0.1' : '0.0.0.0'),
    databaseUrl,
    dataDir,
    auditKeyFile: resolve(root, env.AUDIT_KEY_FILE ?? join(dataDir, 'audit-key.pem')),
    auditHeadFile: resolve(root, env.AUDIT_HEAD_FILE ?? join(dataDir, 'audit-heads.log')),
    httpProcesses: readProcesses(env.HTTP_PROCESSES, faults),
    role: oneOf(roles, 'ROLE', env.ROLE, 'all', faults),
    isSandbox,
    cutoffMinutes: readCutoff(env.BUSINESS_DAY_CUTOFF_HHMM, faults),
    logLevel: oneOf(logLevels, 'LOG_LEVEL', env.LOG_LEVEL, 'info', faults),
    consoleName: env.CONSOLE_NAME ?? 'Malipo',
    consoleMark: readMark(env.CONSOLE_MARK, root, faults),
    consoleOrigin: readOrigin(env.CONSOLE_ORIGIN, faults),
  };
  if (config.role === 'worker' && config.httpProcesses > 1)
    faults.push('HTTP_PROCESSES is set, but ROLE is worker, which answers no requests');
  checkMail(env, faults);
  if (!isSandbox) {
    if (!env.GATEWAY_KEYSTORE)
      faults.push('GATEWAY_KEYSTORE is not set; production needs its own PKCS#12 file');
    if (!env.CONTROL_NUMBER_KEY)
      faults.push('CONTROL_NUMBER_KEY is not set; production needs 64 hexadecimal digits');
  }
  if (env.CONTROL_NUMBER_KEY && !/^[0-9a-fA-F]{64}$/.test(env.CONTROL_NUMBER_KEY)) {
    faults.push('CONTROL_NUMBER_KEY is not 64 hexadecimal digits');
  }
  if (env.GATEWAY_KEYSTORE && env.GATEWAY_KEYSTORE_PASSWORD === undefined) {
    faults.push('GATEWAY_KEYSTORE_PASSWORD is not set, but GATEWAY_KEYSTORE is');
  }
  if (faults.length > 0) throw new ConfigFaults(faults);
  return Object.freeze(config);
}
