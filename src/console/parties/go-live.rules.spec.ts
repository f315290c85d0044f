/** The check list before going live: each fact turns its own line, and no other. */
import { checkNames, goLiveChecks, type GoLiveFacts } from './go-live.rules';

const ready: GoLiveFacts = {
  kind: 'service-provider',
  isActive: true,
  signsForDays: 60,
  hasAddress: true,
  isDown: false,
  hasAcknowledged: true,
  selfTestFailures: 0,
  accountCount: 1,
  hasPayment: true,
  numbersLeft: 10_000n,
  numbersInAll: 1_000_000n,
  gfsCount: 1,
  hasBill: true,
  isWebhook: false,
  hasApiKey: true,
  channelCount: 1,
  hasTerms: true,
  hasStatement: true,
};
const psp: GoLiveFacts = { ...ready, kind: 'payment-service-provider' };

const open = (facts: GoLiveFacts): readonly string[] =>
  goLiveChecks(facts)
    .filter(({ state }) => state !== 'done')
    .map(({ name, state }) => `${name} ${state}`);

it('has nothing to do for who is ready', () => {
  expect([open(ready), open(psp), open({ ...ready, isWebhook: true })]).toEqual([[], [], []]);
});

it.each<[string[], Partial<GoLiveFacts>]>([
  [['active missing'], { isActive: false }],
  [['certificate missing'], { signsForDays: undefined }],
  [['certificate advised'], { signsForDays: 59 }],
  [['address missing', 'answers missing'], { hasAddress: false }],
  [['answers missing'], { isDown: true }],
  [['acknowledged missing'], { hasAcknowledged: false }],
  [['self-test missing'], { selfTestFailures: 1 }],
  [['self-test advised'], { selfTestFailures: undefined }],
  [['accounts missing'], { accountCount: 0 }],
  [['numbers missing'], { numbersLeft: 0n, numbersInAll: 0n }],
  [['numbers missing'], { numbersLeft: 9_999n }],
  [[], { numbersLeft: 1_000n, numbersInAll: 10_000n }],
  [['gfs missing'], { gfsCount: 0 }],
  [['api-key missing'], { isWebhook: true, hasApiKey: false, selfTestFailures: undefined }],
  [['bill missing'], { hasBill: false }],
  [['paid missing'], { hasPayment: false }],
])('%j', (wanted, changes) => {
  expect(open({ ...ready, ...changes })).toEqual(wanted);
});

it.each<[string[], Partial<GoLiveFacts>]>([
  [['channels missing'], { channelCount: 0 }],
  [['terms missing'], { hasTerms: false }],
  [['notified missing'], { hasPayment: false }],
  [['statement advised'], { hasStatement: false }],
  [[], { numbersLeft: 0n, gfsCount: 0, hasBill: false, accountCount: 0 }],
])('of a PSP %j', (wanted, changes) => {
  expect(open({ ...psp, ...changes })).toEqual(wanted);
});

it('names every check once', () => {
  const named = [ready, psp, { ...ready, isWebhook: true }].flatMap((each) =>
    goLiveChecks(each).map(({ name }) => name),
  );
  expect([...new Set(named)].sort()).toEqual([...checkNames].sort());
});
