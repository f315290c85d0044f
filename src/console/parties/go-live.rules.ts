/**
 * What a party needs before it goes live, each judged from what the gateway has seen of it: done, to be done, or well to
 * be done. Pure; the words and what to do stand in the texts under the same names.
 */

export interface GoLiveFacts {
  readonly kind: 'service-provider' | 'payment-service-provider';
  readonly isActive: boolean;
  /** How many whole days the party can still sign; undefined: it cannot now. */
  readonly signsForDays: number | undefined;
  /** Addresses that are set, of those that every party of the kind needs. */
  readonly hasAddress: boolean;
  readonly isDown: boolean;
  /** Of the last two hundred messages to it, one was acknowledged. */
  readonly hasAcknowledged: boolean;
  /** Failed cases of the last self-test; undefined: there was none. */
  readonly selfTestFailures: number | undefined;
  readonly accountCount: number;
  readonly hasPayment: boolean;
  /** Of an institution: numbers that are left, and of how many. */
  readonly numbersLeft: bigint;
  readonly numbersInAll: bigint;
  readonly gfsCount: number;
  readonly hasBill: boolean;
  readonly isWebhook: boolean;
  readonly hasApiKey: boolean;
  /** Of a PSP. */
  readonly channelCount: number;
  readonly hasTerms: boolean;
  readonly hasStatement: boolean;
}

export const checkNames = [
  'active',
  'certificate',
  'address',
  'answers',
  'acknowledged',
  'self-test',
  'accounts',
  'numbers',
  'gfs',
  'api-key',
  'bill',
  'paid',
  'channels',
  'terms',
  'notified',
  'statement',
] as const;

export interface GoLiveCheck {
  readonly name: (typeof checkNames)[number];
  /** `advised`: it can go live without, and should not for long. */
  readonly state: 'done' | 'missing' | 'advised';
}

/** Time enough to bring the next certificate (security-reliability K2 warns from 60 days on). */
const leastDays = 60;
/** A year of a small institution; and of a large range, a tenth. */
const leastNumbers = 10_000n;

export function goLiveChecks(facts: GoLiveFacts): readonly GoLiveCheck[] {
  const must = (name: GoLiveCheck['name'], isDone: boolean): GoLiveCheck => ({
    name,
    state: isDone ? 'done' : 'missing',
  });
  const should = (name: GoLiveCheck['name'], isDone: boolean): GoLiveCheck => ({
    name,
    state: isDone ? 'done' : 'advised',
  });
  const { signsForDays, selfTestFailures } = facts;
  const certificate =
    signsForDays === undefined
      ? must('certificate', false)
      : should('certificate', signsForDays >= leastDays);
  const both = [
    must('active', facts.isActive),
    certificate,
    must('address', facts.hasAddress),
    must('answers', facts.hasAddress && !facts.isDown),
    must('acknowledged', facts.hasAcknowledged),
  ];
  const selfTest =
    selfTestFailures === undefined
      ? should('self-test', false)
      : must('self-test', selfTestFailures === 0);
  if (facts.kind === 'payment-service-provider') {
    return [
      ...both,
      selfTest,
      must('channels', facts.channelCount > 0),
      must('terms', facts.hasTerms),
      must('notified', facts.hasPayment),
      should('statement', facts.hasStatement),
    ];
  }
  return [
    ...both,
    // The self-test plays GePG; who takes webhooks has a key instead.
    facts.isWebhook ? must('api-key', facts.hasApiKey) : selfTest,
    must('accounts', facts.accountCount > 0),
    must('numbers', hasNumbers(facts)),
    must('gfs', facts.gfsCount > 0),
    must('bill', facts.hasBill),
    must('paid', facts.hasPayment),
  ];
}

function hasNumbers({ numbersLeft, numbersInAll }: GoLiveFacts): boolean {
  return numbersLeft > 0n && (numbersLeft >= leastNumbers || numbersLeft * 10n >= numbersInAll);
}
