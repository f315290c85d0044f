/**
 * How much of what was collected for an institution in a period is at the bank, and how much is still on its way. Whose
 * settlement is whose is not an institution's to read, so the statement runs for the system and asks for the party.
 */
import { Injectable } from '@nestjs/common';
import type { BusinessDay } from '../kernel/business-day';
import type { Currency } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { Database } from '../platform/database/database';
import { sqlFile } from '../platform/database/sql-file';
import { ClosedDays } from '../ledger/closed-days';

export interface SettlementOfInstitution {
  readonly currency: Currency;
  readonly pspCode: string;
  readonly collectedMinor: bigint;
  /** Taken back of these payments, whenever it was. */
  readonly reversedMinor: bigint;
  /** Given back to payers out of their surplus; what came back from the bank is not among it. */
  readonly refundedMinor: bigint;
  readonly settledMinor: bigint;
  readonly inTransitMinor: bigint;
}

const statement = sqlFile<[number, BusinessDay, BusinessDay], SettlementOfInstitution>(
  __dirname,
  'sql/institution-settlement.sql',
);

/** A quarter. What is longer is asked for in parts. */
const mostDays = 92;

@Injectable()
export class InstitutionSettlement {
  constructor(
    private readonly database: Database,
    private readonly closedDays: ClosedDays,
  ) {}

  /** Both days included; `isClosed` when the last of them is. Refuses: period.backwards, period.long. */
  async execute(
    partyId: number,
    from: BusinessDay,
    to: BusinessDay,
  ): Promise<{ readonly isClosed: boolean; readonly sums: readonly SettlementOfInstitution[] }> {
    if (to < from)
      throw new Refusal('period.backwards', `${to} is before ${from}`, 'unprocessable');
    if ((Date.parse(to) - Date.parse(from)) / 86_400_000 >= mostDays) {
      throw new Refusal(
        'period.long',
        `a period has at most ${String(mostDays)} days`,
        'unprocessable',
      );
    }
    const { reader } = this.database;
    return {
      isClosed: await this.closedDays.isClosed(reader, to),
      sums: await statement.run(reader, partyId, from, to),
    };
  }
}
