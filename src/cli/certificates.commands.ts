/** The certificates of a party: rotation without a gap (add the new one, later retire the old one). */
import type { Command } from 'commander';
import { readInput } from '../enrol-file';
import {
  type CertificateChange,
  ChangeCertificates,
  type PartyCertificate,
} from '../parties/change-certificates';
import { readCertificate } from '../platform/crypto/certificate';
import { actor, asJson, say, withApp } from './run-command';
import { table } from './text-table';

const outcomes: Readonly<Record<CertificateChange['outcome'], string>> = {
  added: 'Added',
  'accepted-again': 'Accepted again',
  retired: 'Retired',
  unchanged: 'Nothing to do for',
};

function describe(certificates: readonly PartyCertificate[]): string {
  return table(
    ['certificate', 'subject', 'valid from', 'valid to', 'state'],
    certificates.map((each) => [
      each.fingerprint,
      each.subject,
      each.notBefore,
      each.notAfter,
      each.state,
    ]),
  );
}

function sayChange(code: string, change: CertificateChange, isJson: boolean): void {
  if (isJson) {
    say(asJson(change));
    return;
  }
  say(`${outcomes[change.outcome]} ${change.fingerprint} of ${code}.`);
  if (change.outcome !== 'unchanged') say('Every gateway process follows within five seconds.');
  say(describe(change.certificates));
}

export function registerCertificateCommands(program: Command): void {
  const certificate = program
    .command('certificate')
    .description('the certificates that a party signs with');

  certificate
    .command('add')
    .description('accept one more certificate of a party, beside those it has')
    .requiredOption('--party <code>', 'the party')
    .requiredOption('--file <certificate>', 'the certificate, PEM or DER')
    .option('--force', 'also one that was retired, or whose key was')
    .option('--json', 'print JSON')
    .action(async (options: { party: string; file: string; force?: true; json?: true }) =>
      withApp(async (app) => {
        const facts = readCertificate(readInput(options.file), 'rsa or ec');
        const change = await app
          .get(ChangeCertificates, { strict: false })
          .add(options.party, facts, { isForced: options.force === true, actor });
        sayChange(options.party, change, options.json === true);
      }),
    );

  certificate
    .command('retire')
    .description('accept a certificate of a party no longer')
    .requiredOption('--party <code>', 'the party')
    .requiredOption('--fingerprint <sha256>', 'the certificate; its first eight digits suffice')
    .option('--force', 'also the last one that is valid: cuts the party off')
    .option('--json', 'print JSON')
    .action(async (options: { party: string; fingerprint: string; force?: true; json?: true }) =>
      withApp(async (app) => {
        const change = await app
          .get(ChangeCertificates, { strict: false })
          .retire(options.party, options.fingerprint, { isForced: options.force === true, actor });
        sayChange(options.party, change, options.json === true);
      }),
    );

  certificate
    .command('list')
    .description('all certificates of a party, with their state')
    .requiredOption('--party <code>', 'the party')
    .option('--json', 'print JSON')
    .action(async (options: { party: string; json?: true }) =>
      withApp(async (app) => {
        const certificates = await app
          .get(ChangeCertificates, { strict: false })
          .list(options.party);
        say(options.json ? asJson(certificates) : describe(certificates));
      }),
    );
}
