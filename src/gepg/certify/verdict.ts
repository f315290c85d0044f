/**
 * From what came back to a verdict and its sentence. A forged message that is acknowledged is a failure of a party
 * whose profile requires signed acknowledgements, and a warning for others: many clients of the field do not verify.
 * Whether an acknowledgement is one is the delivery's own judgement, so that a pass here is a pass there. Pure.
 */
import type { Acknowledgement } from '../../deliveries/delivery-encoder';
import type { Party } from '../../parties/party-directory';
import type { Case } from './cases';
import type { Exchange } from './exchange';

export type Verdict = 'pass' | 'warning' | 'fail';

export interface Finding {
  readonly verdict: Verdict;
  readonly sentence: string;
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
    const place =
      played.length === 1
        ? ''
        : ` (message ${String(played.indexOf(refused) + 1)} of ${String(played.length)})`;
    return {
      verdict: 'fail',
      sentence: `no acknowledgement: ${outcomeOf(refused)}${place}; wanted 7101 under HTTP 2xx`,
    };
  }
  const isUnsigned = played.some(({ acknowledgement }) => acknowledgement?.flags.length !== 0);
  return {
    verdict: 'pass',
    sentence: isUnsigned
      ? `acknowledged; not signed, or not by a key of ${party.code}`
      : 'acknowledged, and signed',
  };
}

function notAcknowledged(played: readonly Played[], party: Party): Finding {
  const yes = played.find(
    // An unsigned 7101 is none where signatures are required, and yet the client took the message.
    (each) =>
      each.acknowledgement?.isAccepted === true || outcomeOf(each) === 'acknowledgement-unsigned',
  );
  if (yes !== undefined) {
    return {
      verdict: party.profile.ackSignature === 'required' ? 'fail' : 'warning',
      sentence:
        'acknowledged with 7101, though the signature does not hold: anybody could confirm payments to this endpoint',
    };
  }
  const silent = played.find(({ exchange }) => exchange.failure !== null);
  return silent === undefined
    ? { verdict: 'pass', sentence: `not acknowledged: ${played.map(outcomeOf).join(', ')}` }
    : {
        verdict: 'warning',
        sentence: `not acknowledged, but not answered either: ${outcomeOf(silent)}; a code would tell the sender why`,
      };
}

/** Of all answers of the run, the last of which answers a message of this case. */
function answersFit(played: readonly Played[], party: Party): Finding {
  const own = acknowledged(played.slice(-1), party);
  if (own.verdict === 'fail') return own;
  if (played.some(({ exchange }) => exchange.failure === 'answer-too-long')) {
    return { verdict: 'fail', sentence: 'an answer was longer than 64 kB, and is not read' };
  }
  // What is sent in pieces takes its time by our own doing.
  const timed = played.filter(({ exchange }) => exchange.manner === 'whole');
  const slowest = Math.max(...timed.map(({ exchange }) => exchange.ms));
  if (slowest >= slowMs) {
    return { verdict: 'fail', sentence: `an answer took ${String(slowest)} ms; wanted under 5 s` };
  }
  const longest = Math.max(...played.map(({ exchange }) => exchange.answer.length));
  const odd = played.find(
    ({ exchange }) => exchange.httpStatus !== null && !/\bxml\b/.test(exchange.contentType),
  );
  return {
    verdict: odd === undefined ? 'pass' : 'warning',
    sentence:
      odd === undefined
        ? `slowest answer ${String(slowest)} ms, longest ${String(longest)} bytes`
        : `an answer was sent as "${odd.exchange.contentType.slice(0, 60)}"; wanted application/xml`,
  };
}
