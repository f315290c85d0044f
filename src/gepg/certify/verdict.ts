/**
 * From what came back to a verdict and its sentence. A forged message that is acknowledged is a failure of a party
 * whose profile requires signed acknowledgements, and a warning for others: many clients of the field do not verify.
 * Whether an acknowledgement is one is the delivery's own judgement, so that a pass here is a pass there. Pure.
 */
import type { Acknowledgement } from '../../deliveries/delivery-encoder';
import type { Party } from '../../parties/party-directory';
import { type Texts, translator } from '../../platform/locale/locale';
import type { Case } from './cases';
import type { Exchange } from './exchange';

export type Verdict = 'pass' | 'warning' | 'fail';

export interface Finding {
  readonly verdict: Verdict;
  /** In English; `says` tells readers of other languages. */
  readonly sentence: string;
  readonly says: Said;
}

interface Said {
  readonly code: keyof Texts['self-test'];
  readonly values: Readonly<Record<string, string>>;
}

const english = translator('en');

function finding(verdict: Verdict, code: Said['code'], values: Said['values'] = {}): Finding {
  return { verdict, sentence: english(`self-test.${code}`, values), says: { code, values } };
}

export interface Played {
  readonly exchange: Exchange;
  /** Undefined when no answer came, or none was waited for. */
  readonly acknowledgement: Acknowledgement | undefined;
}

/** The gateway waits 15 s and sends again; a client that needs a third of it on an idle day will need it all. */
const slowMs = 5_000;

export function judge(expects: Case['expects'], party: Party, played: readonly Played[]): Finding {
  const answered = played.filter(
    ({ exchange }) => exchange.manner !== 'answer-lost' || exchange.failure !== null,
  );
  switch (expects) {
    case 'acknowledged':
      return acknowledged(answered, party);
    case 'not-acknowledged':
      return notAcknowledged(answered, party);
    case 'answers-fit':
      return answersFit(answered, party);
  }
}

const outcomeOf = ({ exchange, acknowledgement }: Played): string =>
  exchange.failure ?? acknowledgement?.outcome ?? 'no-answer';

function acknowledged(played: readonly Played[], party: Party): Finding {
  const refused = played.find(({ acknowledgement }) => acknowledgement?.isAccepted !== true);
  if (refused !== undefined) {
    const outcome = outcomeOf(refused);
    if (played.length === 1) return finding('fail', 'no-acknowledgement', { outcome });
    const number = String(played.indexOf(refused) + 1);
    const of = String(played.length);
    return finding('fail', 'no-acknowledgement-of', { outcome, number, of });
  }
  const isUnsigned = played.some(({ acknowledgement }) => acknowledgement?.flags.length !== 0);
  return isUnsigned
    ? finding('pass', 'acknowledged-unsigned', { party: party.code })
    : finding('pass', 'acknowledged');
}

function notAcknowledged(played: readonly Played[], party: Party): Finding {
  const yes = played.find(
    // An unsigned 7101 is none where signatures are required, and yet the client took the message.
    (each) =>
      each.acknowledgement?.isAccepted === true || outcomeOf(each) === 'acknowledgement-unsigned',
  );
  if (yes !== undefined) {
    const isRequired = party.profile.ackSignature === 'required';
    return finding(isRequired ? 'fail' : 'warning', 'forgery-acknowledged');
  }
  const silent = played.find(({ exchange }) => exchange.failure !== null);
  return silent === undefined
    ? finding('pass', 'not-acknowledged', { outcomes: played.map(outcomeOf).join(', ') })
    : finding('warning', 'not-answered', { outcome: outcomeOf(silent) });
}

/** Of all answers of the run, the last of which answers a message of this case. */
function answersFit(played: readonly Played[], party: Party): Finding {
  const own = acknowledged(played.slice(-1), party);
  if (own.verdict === 'fail') return own;
  if (played.some(({ exchange }) => exchange.failure === 'answer-too-long')) {
    return finding('fail', 'answer-too-long');
  }
  // What is sent in pieces takes its time by our own doing.
  const timed = played.filter(({ exchange }) => exchange.manner === 'whole');
  const slowest = Math.max(...timed.map(({ exchange }) => exchange.ms));
  if (slowest >= slowMs) return finding('fail', 'answer-slow', { ms: String(slowest) });
  const longest = Math.max(...played.map(({ exchange }) => exchange.answer.length));
  const odd = played.find(
    ({ exchange }) => exchange.httpStatus !== null && !/\bxml\b/.test(exchange.contentType),
  );
  return odd === undefined
    ? finding('pass', 'answers-fit', { ms: String(slowest), bytes: String(longest) })
    : finding('warning', 'answer-type', { type: odd.exchange.contentType.slice(0, 60) });
}
