/** What the process under test is asked to do in a bench of reconciliation, and what it answers. */
import type { BusinessDay } from '../../../src/kernel/business-day';
import type { Format } from '../../../src/reports/export-report';
import type { ReportName } from '../../../src/reports/report-catalogue';

/** Who closes the day. */
export const officers = [
  { name: 'bench.officer', role: 'treasury-officer' },
  { name: 'bench.approver', role: 'treasury-approver' },
] as const;

export type Step = { readonly day: BusinessDay } & (
  | { readonly kind: 'import'; readonly pspCode: string; readonly file: string }
  | { readonly kind: 'match' | 'day-report' | 'glance' | 'outlook' | 'verify' }
  | { readonly kind: 'report'; readonly name: ReportName; readonly format: Format }
  | { readonly kind: 'propose' | 'approve'; readonly officer: string }
);

export type Order =
  | { readonly kind: 'open'; readonly environment: Readonly<Record<string, string>> }
  | { readonly kind: 'step'; readonly step: Step };

export interface Took {
  readonly seconds: number;
  /** The most that the process had resident meanwhile. */
  readonly peakMB: number;
  readonly atRestMB: number;
  /** The longest that the event loop stood still, in milliseconds. */
  readonly stillMs: number;
}

/** A fault, as text: an exception does not cross to another process whole. */
export type Answer = Took | { readonly fault: string };
