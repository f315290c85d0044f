/**
 * The evidence bundle of one payment, and its check, which needs no database. Exit 3: the bundle does not hold.
 */
import { existsSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { checkEvidence, readBundle } from '../assurance/check-evidence';
import { MakeEvidence, type PaymentKey } from '../assurance/make-evidence';
import { readInput } from '../enrol-file';
import { EnvelopeParts } from '../gepg/envelope-parts';
import { Refusal } from '../kernel/refusal';
import { isLanguage } from '../platform/locale/locale';
import { actor, say, withApp } from './run-command';

interface EvidenceOptions {
  readonly receipt?: string;
  readonly controlNumber?: string;
  readonly transaction?: string;
  readonly psp?: string;
  readonly out: string;
  readonly language: string;
  readonly hidePayer?: true;
}

export function registerEvidenceCommands(audit: Command): void {
  audit
    .command('evidence')
    .description('write all that is kept of one payment to a ZIP that anybody can check')
    .option('--receipt <number>', 'the receipt of the payment')
    .option('--control-number <number>', 'its control number, if it has one payment')
    .option('--transaction <id>', "the PSP's transaction id")
    .option('--psp <code>', 'of this PSP only')
    .option('--language <en|sw>', 'of the readable document', 'en')
    .option('--hide-payer', 'mask the payer, and leave out what holds him as he came')
    .requiredOption('--out <file.zip>', 'a file that does not exist yet')
    .action(async (options: EvidenceOptions) => {
      const { language, out } = options;
      const key = keyOf(options);
      if (!isLanguage(language)) throw unnamed();
      if (existsSync(out))
        throw new Refusal('evidence.file-exists', `${out} exists already`, 'conflict');
      await withApp(async (app) => {
        const evidence = app.get(MakeEvidence, { strict: false });
        const { zip, manifestDigest } = await evidence.execute({
          paymentId: await evidence.find(key),
          madeBy: actor,
          language,
          hidesPayer: options.hidePayer === true,
        });
        writeFileSync(out, zip, { flag: 'wx', mode: 0o600 });
        say(`${out}: ${String(zip.length)} bytes; SHA-256 of its list: ${manifestDigest}`);
      });
    });

  audit
    .command('check-evidence')
    .description('check a bundle without a database; exit 3 when it does not hold')
    .requiredOption('--file <file.zip>', 'what "audit evidence" or the console made')
    .option('--fingerprint <sha256>', "of the gateway's certificate, as it is published")
    .action((options: { file: string; fingerprint?: string }) => {
      const check = checkEvidence(readBundle(readInput(options.file)), new EnvelopeParts());
      const { certificateFingerprint: found } = check;
      const wanted = options.fingerprint?.replaceAll(':', '').toLowerCase();
      const faults =
        wanted === undefined || wanted === found
          ? check.faults
          : [...check.faults, 'the certificate is not the one with that fingerprint'];
      for (const fault of faults) say(`NOT as it was made: ${fault}.`);
      if (faults.length > 0) {
        process.exitCode = 3;
        return;
      }
      say(
        `The bundle holds: ${String(check.fileCount)} files, ${String(check.messageCount)} messages, ${String(check.proofCount)} events of the audit chain.`,
      );
      say(`It is signed with the certificate ${found ?? ''}.`);
      if (wanted === undefined)
        say(
          'Compare that fingerprint with the one that the gateway publishes at /wire/certificate.pem.',
        );
    });
}

/** Refuses: evidence.key-missing. */
function keyOf({ receipt, controlNumber, transaction, psp }: EvidenceOptions): PaymentKey {
  const all = Object.entries({ receipt, controlNumber, transaction });
  const named = all.filter(([, value]) => value !== undefined);
  if (named.length !== 1) throw unnamed();
  return Object.fromEntries([...named, ...(psp === undefined ? [] : [['psp', psp]])]) as PaymentKey;
}

function unnamed(): Refusal {
  return new Refusal(
    'evidence.key-missing',
    'name the payment by one of --receipt, --control-number and --transaction, and the language as en or sw',
  );
}
