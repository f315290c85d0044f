/** The two sides that matching brings together, and what speaks for a credit and an expectation being one. Pure. */
import { addDays, type BusinessDay } from '../kernel/business-day';
import { leastReference } from './reference-text.rules';

export interface OpenCredit {
  readonly id: bigint;
  readonly account: string;
  readonly currency: string;
  /** What is not matched of it. */
  readonly amountMinor: bigint;
  readonly bookingDay: BusinessDay;
  /** Its texts, in `plainText` form. */
  readonly fields: readonly string[];
  /** The PSP that the line names, if it names one. */
  readonly pspId: number | undefined;
  /** Nothing of it is matched: only such a one has a sum to compare. */
  readonly isWhole: boolean;
}

export interface OpenExpectation {
  readonly id: bigint;
  readonly pspId: number;
  readonly account: string;
  readonly currency: string;
  readonly day: BusinessDay;
  /** Still to come, less the fee that the PSP keeps. */
  readonly netMinor: bigint;
  /** In `plainText` form. */
  readonly reference: string;
}

const daysBack = 10;

export const names = (credit: OpenCredit, expectation: OpenExpectation): boolean =>
  expectation.reference.length >= leastReference &&
  credit.fields.some((field) => field.includes(expectation.reference));

/** One account and currency. */
export const isSamePlace = (a: OpenCredit, b: OpenExpectation): boolean =>
  a.account === b.account && a.currency === b.currency;

/** Of the day itself or one of the ten before it. */
export const isInTime = (credit: OpenCredit, day: BusinessDay): boolean =>
  day <= credit.bookingDay && day >= addDays(credit.bookingDay, -daysBack);

/** Names that PSP, or none. */
export const isOfPsp = (credit: OpenCredit, pspId: number): boolean =>
  credit.pspId === undefined || credit.pspId === pspId;
