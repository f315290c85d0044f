/**
 * Issues control numbers: serials reserved many at a time in one statement, scattered by the keyed permutation.
 */
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Secrets } from '../platform/config/secrets';
import { Database, type Tx } from '../platform/database/database';
import { NumberStore } from './number.store';
import { capacityOf, controlNumberFor, keyCheckValue } from './control-number.rules';

const longestDraw = 10_000;

@Injectable()
export class NumberIssuer {
  constructor(
    private readonly database: Database,
    private readonly store: NumberStore,
    private readonly secrets: Secrets,
    private readonly audit: AuditTrail,
  ) {}

  /** A changed CONTROL_NUMBER_KEY would issue numbers twice; the start faults (rulings.md §7). */
  async requireSameKey(): Promise<void> {
    const ranges = await this.store.keyCheckValues(this.database.reader);
    const other = ranges.find(
      ({ prefix, value }) => value !== keyCheckValue(this.secrets.controlNumberKey, prefix),
    );
    if (other !== undefined) {
      throw new Error(
        `CONTROL_NUMBER_KEY is not the key that prefix ${other.prefix} was allotted with; bring that key back`,
      );
    }
  }

  /** Fewer numbers than asked for only when the institution's ranges are used up; a range below a fifth raises an alarm. */
  async issue(tx: Tx, spId: number, count: number): Promise<readonly string[]> {
    const issued: string[] = [];
    for (let size = count; issued.length < count;) {
      const drawn = await this.draw(tx, spId, size);
      if (drawn.length === 0) break;
      // Serials whose numbers another gateway issued before are passed over (rulings.md §7), the faster the more of
      // them follow one another.
      const taken = await this.store.taken(tx, drawn);
      const free = drawn.filter((number) => !taken.has(number));
      issued.push(...free);
      size = free.length === 0 ? Math.min(size * 10, longestDraw) : count - issued.length;
    }
    return issued.slice(0, count);
  }

  private async draw(tx: Tx, spId: number, count: number): Promise<readonly string[]> {
    const reserved = await this.store.reserveSerials(tx, spId, count);
    for (const { prefix, has_check_digit, left_over } of reserved) {
      const range = { prefix, hasCheckDigit: has_check_digit };
      if (left_over * 5n < capacityOf(range)) {
        await this.audit.raiseAlarm(tx, {
          kind: 'control-numbers-low',
          subject: prefix,
          detail: `prefix ${prefix} has ${String(left_over)} control numbers left`,
        });
      }
    }
    return reserved.flatMap(({ prefix, has_check_digit, first_serial, taken }) =>
      Array.from({ length: Number(taken) }, (_, i) =>
        controlNumberFor(
          { prefix, hasCheckDigit: has_check_digit },
          first_serial + BigInt(i),
          this.secrets.controlNumberKey,
        ),
      ),
    );
  }
}
