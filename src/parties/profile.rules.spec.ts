/** Profiles: which weakenings hold on a day, to the day of their end. */
import { parseBusinessDay } from '../kernel/business-day';
import { defaultDigests, type Profile, profileOn, weaknessesOf } from './profile.rules';

const plain: Profile = {
  digests: defaultDigests,
  isBulk: false,
  allowsLimited: false,
  showsPayerContact: false,
  repairXml: true,
  ackSignature: 'optional',
  outputForm: 'plain',
  strictHeaders: false,
  cancellationCallback: false,
  emptyDayCode: '7101',
  gatewaySignature: 'rsa',
  requestsPerSecond: 1_000,
  weakUntil: { sha1: null, repairXml: null, unsignedAcks: null },
};
const end = parseBusinessDay('2026-12-31');
const [lastDay, dayAfter] = [end, parseBusinessDay('2027-01-01')];

it('names every weakening of the default', () => {
  expect(weaknessesOf(plain, lastDay)).toEqual(['sha1', 'repairXml', 'unsignedAcks']);
});

it.each<[Partial<Profile>, readonly string[]]>([
  [{ digests: { v4: ['sha256'], v5: ['sha256'] } }, ['repairXml', 'unsignedAcks']],
  [{ repairXml: false }, ['sha1', 'unsignedAcks']],
  [{ ackSignature: 'required' }, ['sha1', 'repairXml']],
])('does not name what %j leaves out', (change, names) => {
  expect(weaknessesOf({ ...plain, ...change }, lastDay)).toEqual(names);
});

it('holds a weakening through its last day, and is strict from the next', () => {
  const ending = { ...plain, weakUntil: { sha1: end, repairXml: end, unsignedAcks: end } };

  expect(profileOn(ending, lastDay)).toEqual(ending);
  expect(profileOn(ending, dayAfter)).toMatchObject({
    digests: { v4: ['sha256'], v5: ['sha256'] },
    repairXml: false,
    ackSignature: 'required',
  });
  expect(weaknessesOf(ending, dayAfter)).toEqual([]);
});
