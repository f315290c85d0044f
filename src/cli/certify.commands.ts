/**
 * The self-test for integrators (docs/certify.md). Exit 0: nothing failed; 1: could not run; 2: a case failed.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DeliveryEncoder } from '../deliveries/delivery-encoder';
import { CertifyParty, refuseOutsideSandbox } from '../gepg/certify/certify-party';
import { Signer } from '../gepg/signer';
import { readSettings } from '../installation';
import { SystemClock } from '../kernel/clock';
import { Refusal } from '../kernel/refusal';
import { PartyDirectory } from '../parties/party-directory';
import type { Generation } from '../parties/profile.rules';
import { certificationAsData, describeCertification } from './certify-text';
import { asJson, say, withApp } from './run-command';

interface Options {
  readonly party: string;
  readonly against: string;
  readonly reconciliation?: string;
  readonly generation?: Generation;
  readonly only?: readonly number[];
  readonly bytes?: true;
  readonly json?: true;
}

export function registerCertifyCommands(program: Command): void {
  program
    .command('certify')
    .description("play the gateway against a party's endpoint that is under test")
    .requiredOption('--party <code>', 'an enrolled institution or PSP')
    .requiredOption('--against <url>', 'the endpoint; its GET must name the party as under test')
    .option('--reconciliation <url>', 'the endpoint of day batches; without it they are left out')
    .addOption(
      new Option('--generation <generation>', "other than the party's own; v4 for a PSP").choices([
        'v4',
        'v5',
      ]),
    )
    .option('--only <numbers>', 'only these cases, like 1,3', readNumbers)
    .option('--bytes', 'print what was sent and answered')
    .option('--json', 'print JSON, with what was sent and answered')
    .action(async (options: Options) => {
      const { config, secrets } = readSettings();
      refuseOutsideSandbox(config, secrets);
      await withApp(async (app) => {
        const party = await app.get(PartyDirectory, { strict: false }).find(options.party);
        if (party === undefined) {
          throw new Refusal('party.unknown', `no party ${options.party} is enrolled`, 'not-found');
        }
        const certify = new CertifyParty(
          app.get(Signer, { strict: false }),
          app.get(DeliveryEncoder, { strict: false }),
        );
        const certification = await certify.execute({
          party,
          url: options.against,
          reconciliationUrl: options.reconciliation,
          generation: options.generation,
          only: options.only ?? [],
          now: new SystemClock().now(),
        });
        say(
          options.json
            ? asJson(certificationAsData(party.code, certification))
            : describeCertification(party.code, certification, options.bytes === true),
        );
        if (certification.cases.some(({ verdict }) => verdict === 'fail')) process.exitCode = 2;
      });
    });
}

function readNumbers(text: string): readonly number[] {
  if (!/^[1-9]\d?(,[1-9]\d?)*$/.test(text)) {
    throw new InvalidArgumentError('wanted numbers of cases like 1,3.');
  }
  return text.split(',').map(Number);
}
