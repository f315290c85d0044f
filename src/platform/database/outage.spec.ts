/** Which faults are an outage (503, send again) and which are ours (500). */
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { isAftermath, isLockTimeout, isOutage } from './outage';

function coded(code: string): Error {
  return Object.assign(new Error('said by the server'), { code });
}

it.each([
  '08006', // connection failure
  '53100', // disk full
  '53300', // too many connections
  '57P01', // stopped by an administrator
  '57P02', // crash of another server process
  '57P03', // starting up
  '57014', // statement limit
  '55P03', // lock limit
  '58030', // input and output
  '25P03', // idle in a transaction for too long
  '25006', // a standby
  '40P01', // deadlock, five times
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
])('%s is an outage, bare and wrapped', (code) => {
  expect(isOutage(coded(code))).toBe(true);
  expect(isOutage(new QueryFailedError('select', [], coded(code)))).toBe(true);
});

it.each([
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
])('"%s" is an outage', (message) => {
  expect(isOutage(new QueryFailedError('select', [], new Error(message)))).toBe(true);
});

it('a lock that was not had in time is told from the other outages, bare and wrapped', () => {
  expect(isLockTimeout(coded('55P03'))).toBe(true);
  expect(isLockTimeout(new QueryFailedError('select', [], coded('55P03')))).toBe(true);
  for (const fault of [
    coded('57014'),
    new QueryFailedError('select', [], coded('08006')),
    undefined,
  ])
    expect(isLockTimeout(fault)).toBe(false);
});

it('a statement that found its transaction failed is told from the one that failed it', () => {
  expect(isAftermath(coded('25P02'))).toBe(true);
  expect(isAftermath(new QueryFailedError('select', [], coded('25P02')))).toBe(true);
  expect(isAftermath(coded('53100'))).toBe(false);
  expect(isOutage(coded('25P02'))).toBe(false);
});

it('a connection lost between two statements is an outage', () => {
  expect(isOutage(new QueryRunnerAlreadyReleasedError())).toBe(true);
});

it.each(['23505', '23514', '42601', '42501', '22P02', '25P02', 'XX001'])(
  '%s is a fault of ours',
  (code) => {
    expect(isOutage(new QueryFailedError('select', [], coded(code)))).toBe(false);
  },
);

it.each([new Error('anything'), new TypeError('x is not a function'), 'text', undefined, null])(
  '%s is no outage',
  (fault) => {
    expect(isOutage(fault)).toBe(false);
  },
);
