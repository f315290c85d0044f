/**
 * Which refund a line of the bank names, and what of one that came back the bank kept. Pure; amounts are minor units.
 * Rule: rulings.md §8, where a credit is matched with its fee: what came is taken from bank-unallocated, what was kept is
 * a cost of ours, and the whole is cleared. The payer's money is not less for what our bank charges.
 */
import { plainText } from './reference-text.rules';

export interface RefundLine {
  readonly endToEndId: string;
  readonly remittance: string;
  readonly amountMinor: bigint;
  /** Of a batch that was booked as one; empty otherwise. */
  readonly details: readonly Readonly<Record<string, string | null>>[];
}

export type RefundRule = 'end-to-end-id' | 'id-in-text';

export interface Transfer {
  readonly endToEndId: string;
  readonly amountMinor: bigint;
  readonly rule: RefundRule;
}

/** As the instruction wrote it, when banks have dropped or added signs. */
const ours = /MLP[0-9A-F]{32}/g;

/** Those of a batch where the bank shows them, else the line itself, with the one id of ours that its text holds. */
export function transfersOf(line: RefundLine): readonly Transfer[] {
  const batched = line.details.flatMap((each): Transfer[] =>
    each['endToEndId'] && each['amountMinor']
      ? [
          {
            endToEndId: each['endToEndId'],
            amountMinor: BigInt(each['amountMinor']),
            rule: 'end-to-end-id',
          },
        ]
      : [],
  );
  if (batched.length > 0) return batched;
  const { endToEndId, amountMinor } = line;
  const said = [...new Set(plainText(line.remittance).match(ours) ?? [])];
  const [only, ...more] = said;
  if (only !== undefined && more.length === 0 && !plainText(endToEndId).startsWith('MLP'))
    return [{ endToEndId: only, amountMinor, rule: 'id-in-text' }];
  return endToEndId === '' ? [] : [{ endToEndId, amountMinor, rule: 'end-to-end-id' }];
}

/**
 * What the bank kept of a refund that it gave back: nothing, or at most half of it. Undefined where more came than was
 * sent, or so little that it may be no charge: officers decide then.
 */
export function chargeKept(sentMinor: bigint, cameMinor: bigint): bigint | undefined {
  const keptMinor = sentMinor - cameMinor;
  return keptMinor >= 0n && keptMinor <= cameMinor ? keptMinor : undefined;
}
