/**
 * Allots control-number prefixes to an institution. The table of prefixes is prefix-free: none begins another, of
 * whatever party; and a prefix is allotted for ever (product.md §3, rulings.md §7).
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { NumberRanges } from '../parties/number-ranges';
import { Secrets } from '../platform/config/secrets';
import type { Reader, Tx } from '../platform/database/database';
import { NumberStore } from './number.store';
import { capacityOf, keyCheckValue } from './control-number.rules';

@Injectable()
export class AllotPrefixes implements NumberRanges {
  constructor(
    private readonly store: NumberStore,
    private readonly secrets: Secrets,
  ) {}

  async held(reader: Reader, partyId: number): Promise<readonly string[]> {
    return this.store.prefixesOf(reader, partyId);
  }

  /** Refuses: control-number.prefix-taken, control-number.prefix-removed. */
  async allot(tx: Tx, partyId: number, prefixes: readonly string[]): Promise<void> {
    const ranges = await this.store.lockRanges(tx);
    const own = ranges.filter((range) => range.partyId === partyId).map((range) => range.prefix);
    const dropped = own.find((prefix) => !prefixes.includes(prefix));
    if (dropped !== undefined) {
      throw new Refusal(
        'control-number.prefix-removed',
        `prefix ${dropped} is allotted for ever; keep it in the file`,
        'conflict',
      );
    }
    const held = ranges.map((range) => range.prefix);
    for (const prefix of prefixes.filter((each) => !own.includes(each))) {
      const clash = held.find((other) => other.startsWith(prefix) || prefix.startsWith(other));
      if (clash !== undefined) {
        throw new Refusal(
          'control-number.prefix-taken',
          `prefix ${prefix} overlaps with prefix ${clash}`,
          'conflict',
        );
      }
      held.push(prefix);
      await this.store.addRange(tx, {
        partyId,
        prefix,
        capacity: capacityOf({ prefix, hasCheckDigit: true }),
        keyCheckValue: keyCheckValue(this.secrets.controlNumberKey, prefix),
      });
    }
  }
}
