/**
 * Plays the gateway against a party's endpoint, for integrators: messages that are signed by the published sandbox key
 * and invented from first to last byte, so that nothing of the books is read or written. With sandbox keys only, and
 * only against an endpoint that says it is under test (rulings.md §10).
 */
import { randomBytes } from 'node:crypto';
import type { DeliveryEncoder } from '../../deliveries/delivery-encoder';
import type { MessageForm } from '../../deliveries/delivery-message';
import { Refusal } from '../../kernel/refusal';
import type { Party } from '../../parties/party-directory';
import type { Generation } from '../../parties/profile.rules';
import type { Config } from '../../platform/config/config';
import type { Secrets } from '../../platform/config/secrets';
import { isSandboxKey } from '../../platform/crypto/sandbox-keys';
import { translator } from '../../platform/locale/locale';
import { generationOf } from '../protocol';
import type { Signer } from '../signer';
import { type Case, casesOf, type Step } from './cases';
import { type Exchange, exchange, partyUnderTest } from './exchange';
import { CertifyMessages } from './messages';
import { messageBody } from './message-body';
import { type Finding, judge, type Played } from './verdict';

const english = translator('en');

export interface CertifyRequest {
  readonly party: Party;
  readonly url: string;
  /** Where day batches go; without it the case is left out. */
  readonly reconciliationUrl: string | undefined;
  /** Other than the party's own. */
  readonly generation: Generation | undefined;
  /** Numbers of cases; empty: all. */
  readonly only: readonly number[];
  readonly now: Date;
}

export interface CertifiedCase extends Finding {
  readonly number: number;
  readonly key: Case['key'];
  /** In English. */
  readonly name: string;
  readonly exchanges: readonly Exchange[];
}

export interface Certification {
  readonly generation: Generation;
  readonly cases: readonly CertifiedCase[];
}

/** Refuses certify.not-sandbox. A gateway of its own key, or in production, is nobody's test bench. */
export function refuseOutsideSandbox(config: Pick<Config, 'isSandbox'>, secrets: Secrets): void {
  if (config.isSandbox && isSandboxKey(secrets.gateway.certificate.publicKeyFingerprint)) return;
  throw new Refusal(
    'certify.not-sandbox',
    'certify runs in the sandbox and with the published sandbox keystore only; unset GATEWAY_KEYSTORE and set SANDBOX=true',
    'forbidden',
  );
}

export class CertifyParty {
  constructor(
    private readonly signer: Signer,
    private readonly encoder: DeliveryEncoder,
  ) {}

  /** Refuses before anything is posted: certify.not-under-test, certify.url-malformed, certify.case-unknown … */
  async execute(request: CertifyRequest): Promise<Certification> {
    const { party } = request;
    const form = formOf(request);
    const cases = chosenCases(request);
    for (const url of new Set([request.url, request.reconciliationUrl ?? request.url])) {
      await refuseUnlessUnderTest(url, party.code);
    }
    const make = new CertifyMessages(party, form, randomBytes(4).toString('hex'), request.now);
    const certified: CertifiedCase[] = [];
    const seen: Played[] = [];
    for (const { number, each } of cases) {
      const played: Played[] = [];
      for (const step of each.steps(make)) played.push(await this.play(step, request));
      seen.push(...played);
      certified.push({
        number,
        key: each.key,
        name: english(`self-test.case-${each.key}`),
        ...judge(each.expects, party, each.expects === 'answers-fit' ? seen : played),
        exchanges: played.map((one) => one.exchange),
      });
    }
    return { generation: generationOf(form), cases: certified };
  }

  private async play(step: Step, request: CertifyRequest): Promise<Played> {
    const { party, url, reconciliationUrl } = request;
    const { message } = step;
    const body = await messageBody(step, party, this.signer);
    const made = await exchange(
      message.kind === 'day-batch' ? (reconciliationUrl ?? url) : url,
      await this.encoder.headers(message, party, body),
      body,
      step.manner ?? 'whole',
    );
    const acknowledgement =
      made.httpStatus === null || made.failure !== null
        ? undefined
        : this.encoder.readAcknowledgement(party, made.httpStatus, made.answer);
    return { exchange: made, acknowledgement };
  }
}

/** A PSP is answered in the generation it wrote in, so that it has none of its own: version 4 unless told. */
function formOf({ party, generation }: CertifyRequest): MessageForm {
  if (generation !== undefined) return `gepg-${generation}`;
  const form = party.kind === 'service-provider' ? party.delivery : 'gepg-v4';
  if (form !== 'webhook') return form;
  throw new Refusal(
    'certify.form-unknown',
    `${party.code} takes webhooks; certify plays GePG v4 and v5 (--generation)`,
  );
}

function chosenCases(
  request: CertifyRequest,
): readonly { readonly number: number; readonly each: Case }[] {
  const { party, only, reconciliationUrl } = request;
  const all = casesOf[party.kind].map((each, i) => ({ number: i + 1, each }));
  const isPlayable = ({ each }: { each: Case }) =>
    each.needsReconciliation !== true || reconciliationUrl !== undefined;
  for (const number of only) {
    const found = all[number - 1];
    if (found === undefined) {
      throw new Refusal(
        'certify.case-unknown',
        `there is no case ${String(number)}; those of ${party.code} are 1 to ${String(all.length)}`,
      );
    }
    if (!isPlayable(found)) {
      throw new Refusal(
        'certify.reconciliation-missing',
        `case ${String(number)} needs --reconciliation, the address that takes day batches`,
      );
    }
  }
  return all.filter(
    (found) => isPlayable(found) && (only.length === 0 || only.includes(found.number)),
  );
}

async function refuseUnlessUnderTest(url: string, code: string): Promise<void> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.username !== '') {
    throw new Refusal('certify.url-malformed', `"${url}" is not an http or https address`);
  }
  const named = await partyUnderTest(url).catch(() => {
    throw new Refusal('certify.not-reachable', `nothing answers a GET at ${url}`);
  });
  if (named === code) return;
  throw new Refusal(
    'certify.not-under-test',
    `${url} does not say that it is under test: a GET must answer 2xx with the header "malipo-under-test: ${code}"; nothing was posted`,
    'forbidden',
  );
}
