/**
 * Frees control numbers for new bills, under lock: a number must be the institution's own, of the right kind, and its
 * current bill must be done with (gepg-decisions B5, B6). An overdue bill is marked expired here, so that a payment
 * that began before its expiry and waits for its row cannot be taken on it after the number went on.
 */
import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database';
import { BillStore } from './bill.store';
import { reuseFault, type ReuseFault } from './bill.rules';
import { hasValidCheckDigit, isControlNumber, type NumberFault } from './control-number.rules';
import { type CurrentBill, type LockedNumber, NumberStore } from './number.store';

export type ClaimFault = NumberFault | ReuseFault;

@Injectable()
export class NumberReuse {
  constructor(
    private readonly numbers: NumberStore,
    private readonly bills: BillStore,
  ) {}

  /** The fault of each number that is not free; numbers without one are locked and may be given a new bill. */
  async claim(
    tx: Tx,
    spId: number,
    wanted: readonly string[],
    kind: 'bill' | 'group',
    at: Date,
  ): Promise<ReadonlyMap<string, ClaimFault>> {
    const faults = new Map<string, ClaimFault>();
    const formed = wanted.filter(isControlNumber);
    for (const number of wanted) {
      if (!isControlNumber(number)) faults.set(number, 'control-number.malformed');
    }
    if (formed.length === 0) return faults;
    await this.numbers.adoptImported(tx, spId, formed);
    const locked = await this.numbers.lockNumbers(tx, formed);
    const current = await this.numbers.lockCurrentBills(
      tx,
      locked.flatMap((each) => each.billId ?? []),
      locked.flatMap((each) => each.groupId ?? []),
    );
    for (const number of formed) {
      const row = locked.find((each) => each.number === number);
      const fault = faultOf(number, row, current, spId, kind, at);
      if (fault !== undefined) faults.set(number, fault);
    }
    const overdue = current.filter((bill) => bill.state === 'open' && at > bill.expiresAt);
    await this.bills.expireThese(
      tx,
      overdue.map((bill) => bill.id),
    );
    return faults;
  }
}

function faultOf(
  number: string,
  row: LockedNumber | undefined,
  current: readonly CurrentBill[],
  spId: number,
  kind: 'bill' | 'group',
  at: Date,
): ClaimFault | undefined {
  // A number of another institution is told like one that nobody has.
  if (row?.spId !== spId)
    return hasValidCheckDigit(number) ? 'control-number.unknown' : 'control-number.malformed';
  const isGroupNumber = row.groupId !== null;
  const bills = current.filter((bill) =>
    isGroupNumber ? bill.groupId === row.groupId : bill.id === row.billId,
  );
  // A number stays of its kind: a bill's, a group's, or of a part, which is never payable and never used again.
  const isPart = !isGroupNumber && bills.some((bill) => bill.groupId !== null);
  const isOfKind = bills.length === 0 || isGroupNumber === (kind === 'group');
  if (isPart || !isOfKind) return 'control-number.unknown';
  const found = bills.flatMap((bill) => reuseFault(bill, at) ?? []);
  // A group with money on one part and not yet on another is partly paid as a whole.
  const hasMoney = bills.some((bill) => bill.paidMinor > 0n);
  return found.length > 0 && hasMoney ? 'bill.number-partly-paid' : found[0];
}
