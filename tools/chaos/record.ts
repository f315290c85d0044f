/** What a case has seen, added up over its rounds, and whether it holds. */
import type { Tally } from './generator';
import type { Verdict } from './checker';

export interface CaseResult extends Verdict {
  readonly case: string;
  readonly title: string;
  readonly passed: boolean;
  /** What did not hold, in sentences; empty when the case passed. */
  readonly failures: readonly string[];
  readonly rounds: number;
  /** Messages that had no verified answer, by the end of each round. */
  readonly inDoubt: number;
  /** Of those, the ones that were committed before they were sent again. */
  readonly inDoubtCommitted: number;
  /** Kills that struck while at least one message was without its answer. */
  readonly killsWithDoubt: number;
  readonly kills: number;
  /** Milliseconds from the fault (its end, where it has one) until the gateway served again. */
  readonly recoveries: readonly number[];
  readonly answers: Readonly<Record<string, number>>;
  /** The code of `cli audit verify`; null where it did not come to that. */
  readonly auditVerify: number | null;
}

export interface Skipped {
  readonly case: string;
  readonly title: string;
  readonly skipped: string;
}

export class CaseRecord {
  readonly failures: string[] = [];
  readonly recoveries: number[] = [];
  readonly answers: Record<string, number> = {};
  rounds = 0;
  inDoubt = 0;
  inDoubtCommitted = 0;
  kills = 0;
  killsWithDoubt = 0;

  constructor(
    readonly id: string,
    readonly title: string,
    /** The short form runs beside other work, where times say nothing. */
    private readonly hasTimeLimits: boolean,
  ) {}

  fail(sentence: string): void {
    this.failures.push(sentence);
  }

  tally({ answers, faults }: Tally): void {
    for (const [kind, count] of Object.entries(answers)) {
      this.answers[kind] = (this.answers[kind] ?? 0) + count;
    }
    for (const fault of new Set(faults)) this.fail(fault);
  }

  recovered(from: bigint, until: bigint, limitMs: number): void {
    const ms = Number((until - from) / 1_000_000n);
    this.recoveries.push(ms);
    if (this.hasTimeLimits && ms > limitMs)
      this.fail(`served again after ${String(ms)} ms, limit ${String(limitMs)} ms`);
  }

  finish(verdict: Verdict, auditVerify: number | null): CaseResult {
    const none = (count: number, what: string): void => {
      if (count > 0) this.fail(`${String(count)} ${what}`);
    };
    none(verdict.lost, 'acknowledged and lost');
    none(verdict.doubled, 'taken twice');
    none(verdict.different, 'with another amount, number or receipt');
    none(verdict.incomplete, 'without entry, confirmation or result');
    none(verdict.unsent, 'taken and never sent');
    none(verdict.unresolved, 'never answered');
    none(verdict.refused, 'refused');
    none(verdict.feedFaults, 'missing, twice or wrong in the feed');
    if (!verdict.isBalanced) this.fail('the books do not balance');
    if (verdict.acknowledged === 0) this.fail('nothing was acknowledged: the run says nothing');
    return this.result(verdict, auditVerify, this.failures);
  }

  /** The negative control is there to lose: what a gateway does whose commits are gone is of no interest. */
  finishControl(verdict: Verdict): CaseResult {
    const failures =
      verdict.lost > 0 ? [] : ['the control lost nothing: this harness would not see a loss'];
    return this.result(verdict, null, failures);
  }

  private result(
    verdict: Verdict,
    auditVerify: number | null,
    failures: readonly string[],
  ): CaseResult {
    const { id, title, rounds, inDoubt, inDoubtCommitted, kills, killsWithDoubt } = this;
    return {
      case: id,
      title,
      passed: failures.length === 0,
      failures: [...new Set(failures)],
      rounds,
      inDoubt,
      inDoubtCommitted,
      kills,
      killsWithDoubt,
      recoveries: this.recoveries,
      answers: this.answers,
      ...verdict,
      auditVerify,
    };
  }
}
