/**
 * Tells an outage of the database from a fault of ours: after an outage nothing is known about the work under way, the
 * client may send the same again, and the answer is 503 (security-reliability §3.4, R9).
 */
import { QueryRunnerAlreadyReleasedError } from 'typeorm';

/**
 * By SQLSTATE: connection lost (08), resources short, the disk included (53), stopped or starting (57P, 57014), input
 * and output (58), a lock or a turn not had in time (55P03, 25P03, 40), a standby (25006). Else a code of the network.
 */
const passing = /^(?:08|53|57P|57014|58|55P03|25P03|25006|40001|40P01|ECONN|EPIPE|ETIMEDOUT|EHOST)/;

/** What the driver and its pool say without a code. */
const lostConnection =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after)/;

function hasState(fault: unknown, state: string): boolean {
  const { code, driverError } = Object(fault) as Readonly<Record<string, unknown>>;
  return code === state || (driverError as { code?: unknown } | undefined)?.code === state;
}

/** Somebody held a lock for too long: of all outages the one that a single row may bring upon its batch. */
export function isLockTimeout(fault: unknown): boolean {
  return hasState(fault, '55P03');
}

/** Another statement of the transaction failed before: that one's fault says what happened, this one nothing. */
export function isAftermath(fault: unknown): boolean {
  return hasState(fault, '25P02');
}

export function isOutage(fault: unknown): boolean {
  // The connection was lost between two statements of a transaction.
  if (fault instanceof QueryRunnerAlreadyReleasedError) return true;
  const { code, driverError, message } = Object(fault) as Readonly<Record<string, unknown>>;
  if (driverError !== undefined && driverError !== fault) return isOutage(driverError);
  if (typeof code === 'string') return passing.test(code);
  return typeof message === 'string' && lostConnection.test(message);
}
