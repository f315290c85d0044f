/**
 * `keystore make`: a new key, or one that exists, as every file that a client may want. It needs no database. Passwords
 * come from a file or the environment: on the command line every user of the machine could read them.
 */
import { mkdirSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readInput } from '../enrol-file';
import { instantFromMs, SystemClock } from '../kernel/clock';
import { Refusal } from '../kernel/refusal';
import { readEnvironment } from '../platform/config/env';
import { readCertificate } from '../platform/crypto/certificate';
import { keyFilesOf } from '../platform/crypto/key-files';
import { makeEcSelfSigned } from '../platform/crypto/ec-certificate';
import { openGatewayKeystore, type SigningKeys } from '../platform/crypto/gateway-keystore';
import {
  type Keystore,
  makeSelfSigned,
  openKeystore,
  type Validity,
} from '../platform/crypto/keystore';
import { asJson, readCount, say } from './run-command';
import { table } from './text-table';

interface MakeOptions {
  readonly name: string;
  readonly organization?: string;
  readonly days: number;
  readonly keystore?: string;
  readonly keystorePasswordFile?: string;
  readonly passwordFile?: string;
  readonly out: string;
  readonly gateway?: true;
  readonly ec?: true;
  readonly json?: true;
}

/** A clock of the field that is a little behind must not find the new certificate not valid yet. */
const headStartMs = 3_600_000;
const dayMs = 86_400_000;

function readName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(text)) {
    throw new InvalidArgumentError('wanted a party code, or gateway: it begins file names.');
  }
  return text;
}

function readOrganization(text: string): string {
  if (!/^\S(?:.{0,62}\S)?$/u.test(text)) throw new InvalidArgumentError('wanted 1 to 64 letters.');
  return text;
}

/** Ten years: longer than any key of the field should live. */
function readDays(text: string): number {
  const days = readCount(text);
  if (days > 3_650) throw new InvalidArgumentError('wanted at most 3650 days.');
  return days;
}

/** The first line of the file, else the environment. Refuses: keystore.password-missing, file.unreadable. */
function readPassword(file: string | undefined): string {
  const text =
    file === undefined
      ? readEnvironment().KEYSTORE_PASSWORD
      : readInput(file).toString('utf8').split(/\r?\n/, 1)[0];
  if (text === undefined || text === '') {
    throw new Refusal(
      'keystore.password-missing',
      'give the password in a file (--password-file) or in KEYSTORE_PASSWORD',
    );
  }
  return text;
}

/** Java wants six signs at least, and tools disagree on the bytes of signs that are not ASCII. */
function requireUsable(password: string): string {
  if (!/^[\x21-\x7e][\x20-\x7e]{6,98}[\x21-\x7e]$/.test(password)) {
    throw new Refusal(
      'keystore.password-unusable',
      'the password of a new keystore has 8 to 100 letters, digits and signs of ASCII',
    );
  }
  return password;
}

function newKeystore(options: MakeOptions): Keystore {
  if (options.organization === undefined) {
    throw new Refusal('keystore.organization-missing', 'give --organization, or --keystore');
  }
  const { privateKey, certificatePem } = makeSelfSigned(
    { commonName: options.name, organization: options.organization },
    validityOf(options),
  );
  return { privateKey, certificate: readCertificate(Buffer.from(certificatePem)) };
}

function validityOf({ days }: MakeOptions): Validity {
  const now = new SystemClock().now().getTime();
  const iso = (ms: number): string => instantFromMs(ms).toISOString();
  return { notBefore: iso(now - headStartMs), notAfter: iso(now + days * dayMs) };
}

/** Those of the given file, or new ones; a P-256 key that the gateway has already stays. Refuses: keystore.ec-misplaced. */
function keysFor(options: MakeOptions): SigningKeys {
  const isGateway = options.gateway === true;
  if (options.ec === true && !isGateway) {
    throw new Refusal(
      'keystore.ec-misplaced',
      '--ec is for the key of the gateway (--gateway); parties sign with RSA',
    );
  }
  const given = options.keystore === undefined ? undefined : givenKeys(options.keystore, options);
  const { rsa, ec } = given ?? { rsa: newKeystore(options), ec: undefined };
  return {
    rsa,
    ec: ec ?? (options.ec ? makeEcSelfSigned(rsa.certificate, validityOf(options)) : undefined),
  };
}

function givenKeys(path: string, options: MakeOptions): SigningKeys {
  const bytes = readInput(path);
  const password = readPassword(options.keystorePasswordFile ?? options.passwordFile);
  return options.gateway === true
    ? openGatewayKeystore(bytes, password)
    : { rsa: openKeystore(bytes, password), ec: undefined };
}

/** Refuses: keystore.file-exists. */
function requireNew(paths: readonly string[]): void {
  const existing = paths.find((path) => existsSync(path));
  if (existing !== undefined) {
    throw new Refusal(
      'keystore.file-exists',
      `${existing} exists; nothing was written`,
      'conflict',
    );
  }
}

/** All of the files or none. Refuses: file.unwritable. */
function writeAll(
  folder: string,
  files: readonly { path: string; bytes: Buffer; isPrivate: boolean }[],
): void {
  const written: string[] = [];
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const { path, bytes, isPrivate } of files) {
      writeFileSync(path, bytes, { flag: 'wx', mode: isPrivate ? 0o600 : 0o644 });
      written.push(path);
    }
  } catch (fault) {
    for (const path of written) rmSync(path, { force: true });
    throw new Refusal('file.unwritable', `cannot write to ${folder}: ${(fault as Error).message}`);
  }
}

function factsOf({ certificate }: Keystore) {
  const { subject, fingerprint, publicKeyFingerprint, notBefore, notAfter } = certificate;
  return { subject, fingerprint, publicKeyFingerprint, notBefore, notAfter };
}

function make(options: MakeOptions): void {
  const password = requireUsable(readPassword(options.passwordFile));
  const keys = keysFor(options);
  const files = keyFilesOf(options.name, options.gateway === true, keys).map((file) => ({
    ...file,
    path: join(options.out, file.name),
  }));
  requireNew(files.map((file) => file.path));
  writeAll(
    options.out,
    files.map(({ path, isPrivate, bytesOf }) => ({
      path,
      isPrivate,
      bytes: bytesOf(password),
    })),
  );
  const listed = files.map(({ path, isPrivate, use }) => ({ path, isPrivate, use }));
  if (options.json) {
    const ec = keys.ec === undefined ? {} : { ec: factsOf(keys.ec) };
    say(asJson({ ...factsOf(keys.rsa), alias: 'gepgclient', ...ec, files: listed }));
    return;
  }
  for (const [kind, key] of [['RSA', keys.rsa] as const, ['P-256', keys.ec] as const]) {
    if (key === undefined) continue;
    const { subject, fingerprint, publicKeyFingerprint, notBefore, notAfter } = factsOf(key);
    say(`${kind}: ${subject}, valid from ${notBefore} to ${notAfter}`);
    say(`  certificate  ${fingerprint}`);
    say(`  public key   ${publicKeyFingerprint}`);
  }
  say(
    table(
      ['file', 'what it is'],
      listed.map((each) => [each.path, each.use]),
    ),
  );
  say('The alias in each keystore is gepgclient. docs/keys.md shows how each client loads them.');
}

export function registerKeystoreCommands(program: Command): void {
  program
    .command('keystore')
    .description('the files of a key')
    .command('make')
    .description('a new RSA key of 2048 bits, or an existing one, as PKCS#12, PEM and DER files')
    .requiredOption('--name <code>', 'the party code, or gateway', readName)
    .requiredOption('--out <folder>', 'where to; files that exist are not written over')
    .option('--gateway', 'also the certificate alone, as keystores that Java clients trust')
    .option('--ec', "a P-256 key in the gateway's file too, for PSPs that agreed on ECDSA")
    .option('--organization <name>', 'whose key it is', readOrganization)
    .option('--days <count>', 'how long the certificate is valid', readDays, 730)
    .addOption(
      new Option('--keystore <file>', 'an existing PKCS#12 file, in place of a new key').conflicts([
        'organization',
        'days',
      ]),
    )
    .option('--keystore-password-file <file>', 'its password; default the one of the new files')
    .option('--password-file <file>', 'password of the new files; default KEYSTORE_PASSWORD')
    .option('--json', 'print JSON')
    .action(make);
}
