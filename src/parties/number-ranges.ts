/** What parties ask of control numbers, which belong to bills, above. */
import type { Reader, Tx } from '../platform/database/database';

/** Port: control numbers belong to bills, above; enrolment only asks that an institution holds its prefixes. */
export abstract class NumberRanges {
  /** Allots what is new. Refuses: control-number.prefix-taken, control-number.prefix-removed. */
  abstract allot(tx: Tx, partyId: number, prefixes: readonly string[]): Promise<void>;
  /** Those it holds, in order. */
  abstract held(reader: Reader, partyId: number): Promise<readonly string[]>;
}
