/**
 * One run of settlement: what should arrive is brought up to date, every bank entry that is not explained is tried again,
 * what matches is posted, and what does not is kept with its reason. In one transaction, so that a crash leaves nothing
 * half done; the same again changes nothing, and late data is simply tried with the rest (product.md §7).
 */
import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../platform/database/database';
import { debitKind, returnedCredit, sweepOf } from './bank-debit.rules';
import { draftOf } from './match-draft';
import { MatchRefunds } from './match-refunds';
import { type FoundMatch, PostMatches } from './post-matches';
import { plainText } from './reference-text.rules';
import { RefreshExpectations } from './refresh-expectations';
import { SettlementDiscrepancies } from './settlement-discrepancies';
import { matchCredits, matchingVersion } from './settlement-matching.rules';
import {
  type MatchDraft,
  type MissDraft,
  type OpenBankEntry,
  SettlementStore,
} from './settlement.store';
import { TermsStore } from './terms.store';

export interface SettlementRun {
  readonly runId: bigint;
  readonly matchCount: number;
  readonly unmatchedCount: number;
  readonly raisedCount: number;
  readonly closedCount: number;
}

/** A name shorter than this would be found in words of every kind. */
const leastName = 5;

function known<T>(rows: ReadonlyMap<bigint, T>, id: bigint): T {
  const row = rows.get(id);
  if (row === undefined) throw new Error('the rules answer with ids that they were given');
  return row;
}

function textsOf(entry: OpenBankEntry): readonly string[] {
  const batched = entry.details.flatMap((each) => [each['endToEndId'], each['remittance']]);
  return [entry.endToEndId, entry.remittance, entry.bankReference, ...batched]
    .map((text) => plainText(text ?? ''))
    .filter((text) => text !== '');
}

@Injectable()
export class MatchSettlement {
  constructor(
    private readonly database: Database,
    private readonly store: SettlementStore,
    private readonly terms: TermsStore,
    private readonly expectations: RefreshExpectations,
    private readonly discrepancies: SettlementDiscrepancies,
    private readonly matches: PostMatches,
    private readonly refunds: MatchRefunds,
  ) {}

  async execute(actor: string): Promise<SettlementRun> {
    return this.database.longTransaction(async (tx) => {
      await this.store.lock(tx);
      const runId = await this.store.openRun(tx, actor, await this.expectations.execute(tx));
      const treasuries = await this.terms.treasuries(tx);
      const treasuryOf = (currency: string) =>
        treasuries.find((each) => each.currency === currency)?.account;
      const entries = await this.store.openEntries(tx);
      const isTreasury = (each: OpenBankEntry) => treasuryOf(each.currency) === each.account;
      const ours = entries.filter((each) => !isTreasury(each));

      const debits = ours.filter((each) => each.direction === 'debit');
      const ofDebits = await this.matchDebits(tx, actor, debits, treasuryOf);
      await this.matches.execute(tx, runId, ofDebits);
      const taken = new Set(ofDebits.map((each) => each.entry.id));
      const credits = ours.filter((each) => each.direction === 'credit' && !taken.has(each.id));
      const { back, strange, rest } = await this.refunds.returned(tx, actor, credits);
      await this.matches.execute(tx, runId, back);
      const { found, misses } = await this.matchCredits(tx, actor, rest);
      await this.matches.execute(tx, runId, found);
      const arrived = entries.filter((each) => isTreasury(each) && each.direction === 'credit');
      const ofTreasury = await this.matchTreasury(tx, actor, arrived);
      await this.matches.execute(tx, runId, ofTreasury);

      const unexplained = debits.filter((each) => !taken.has(each.id));
      await this.store.replaceMisses(tx, runId, [
        ...misses,
        ...strange,
        ...(await this.missesOf(tx, unexplained)),
      ]);
      const matchCount = ofDebits.length + back.length + found.length + ofTreasury.length;
      const unmatchedCount = misses.length + strange.length + unexplained.length;
      await this.store.closeRun(tx, runId, matchCount, unmatchedCount);
      const changed = await this.discrepancies.execute(tx, treasuries);
      return { runId, matchCount, unmatchedCount, ...changed };
    });
  }

  private async missesOf(tx: Tx, debits: readonly OpenBankEntry[]): Promise<readonly MissDraft[]> {
    const misses: MissDraft[] = [];
    for (const entry of debits) {
      const isReturn = entry.isReversal || entry.returnReason !== '';
      const reason =
        (await this.refunds.fault(tx, entry)) ?? (isReturn ? 'return-of-nothing' : 'debit-unknown');
      misses.push({ bankEntryId: entry.id, reason, candidates: [] });
    }
    return misses;
  }

  private async matchCredits(
    tx: Tx,
    actor: string,
    credits: readonly OpenBankEntry[],
  ): Promise<{ found: readonly FoundMatch[]; misses: readonly MissDraft[] }> {
    const rows = (await this.store.openExpectations(tx)).filter(
      (each) => each.openMinor - each.feeOpenMinor > 0n,
    );
    const pspOf = await this.pspNames(tx);
    const { allocations, misses } = matchCredits(
      credits.map((each) => ({
        ...each,
        fields: textsOf(each),
        pspId: pspOf(each),
        isWhole: each.amountMinor === each.wholeMinor,
      })),
      rows.map((each) => ({
        id: each.id,
        pspId: each.pspId,
        account: each.collectionAccount,
        currency: each.currency,
        day: each.clearingDay,
        netMinor: each.openMinor - each.feeOpenMinor,
        reference: plainText(each.reference),
      })),
    );
    const expectations = new Map(rows.map((each) => [each.id, each]));
    const lines = new Map(credits.map((each) => [each.id, each]));
    const left = new Map(rows.map((each) => [each.id, each.openMinor - each.feeOpenMinor]));
    const found = allocations.map((each): FoundMatch => {
      const expectation = known(expectations, each.expectationId);
      const entry = known(lines, each.creditId);
      const rest = (left.get(expectation.id) ?? 0n) - each.amountMinor;
      left.set(expectation.id, rest);
      // The fee is known to be kept when all the rest has come.
      const feeMinor = rest === 0n ? expectation.feeOpenMinor : 0n;
      return {
        entry,
        psp: expectation.pspCode,
        collectionAccount: expectation.collectionAccount,
        draft: {
          bankEntryId: entry.id,
          kind: 'settlement',
          expectationId: expectation.id,
          otherEntryId: null,
          amountMinor: each.amountMinor,
          clearedMinor: each.amountMinor + feeMinor,
          feeMinor,
          rule: each.rule,
          ruleVersion: matchingVersion,
          inputs: {
            psp: expectation.pspCode,
            account: expectation.collectionAccount,
            clearingDay: expectation.clearingDay,
            reference: expectation.reference,
            expectedMinor: (expectation.openMinor - expectation.feeOpenMinor).toString(),
            creditMinor: entry.amountMinor.toString(),
            remittance: entry.remittance,
            bookingDay: entry.bookingDay,
          },
          matchedBy: actor,
        },
      };
    });
    return {
      found,
      misses: misses.map((miss) => ({
        bankEntryId: miss.creditId,
        reason: miss.reason,
        candidates: miss.candidates.map((each) => {
          const row = known(expectations, each.expectationId);
          return {
            psp: row.pspCode,
            account: row.collectionAccount,
            clearingDay: row.clearingDay,
            expectedMinor: each.netMinor.toString(),
            failed: each.failed,
          };
        }),
      })),
    };
  }

  /** The PSP whose code, or whose name or account as its terms have it, stands in a line; undefined where several do. */
  private async pspNames(tx: Tx): Promise<(entry: OpenBankEntry) => number | undefined> {
    const [psps, terms] = [await this.terms.psps(tx), await this.terms.terms(tx)];
    const named = psps.map((psp) => ({
      id: psp.id,
      names: [
        psp.code,
        ...terms.filter((each) => each.pspId === psp.id).flatMap((each) => each.remitters),
      ]
        .map(plainText)
        .filter((name) => name.length >= leastName),
    }));
    return (entry) => {
      const texts = [
        ...textsOf(entry),
        plainText(entry.counterpartyName),
        plainText(entry.counterpartyAccount),
      ];
      const found = named.filter(({ names }) =>
        names.some((name) => texts.some((text) => text.includes(name))),
      );
      return found.length === 1 ? found[0]?.id : undefined;
    };
  }

  private async matchDebits(
    tx: Tx,
    actor: string,
    debits: readonly OpenBankEntry[],
    treasuryOf: (currency: string) => string | undefined,
  ): Promise<readonly FoundMatch[]> {
    const credits = await this.store.creditsOf(tx, [
      ...new Set(debits.map((each) => each.account)),
    ]);
    const returned = new Set<bigint>();
    const found: FoundMatch[] = [];
    for (const entry of debits) {
      const match = draftOf(entry, actor);
      const refunded = await this.refunds.paid(tx, actor, entry);
      if (refunded.length > 0) {
        found.push(...refunded);
        continue;
      }
      const plain = debitKind(entry, treasuryOf(entry.currency));
      if (plain !== undefined) {
        found.push({
          entry,
          draft: match(plain.kind, plain.rule),
          psp: undefined,
          collectionAccount: undefined,
        });
        continue;
      }
      const back = returnedCredit(
        entry,
        credits.filter((each) => !returned.has(each.id)),
      );
      if (back === undefined) continue;
      returned.add(back.credit.id);
      found.push(...(await this.returned(tx, actor, entry, back.credit.id, back.rule)));
    }
    return found;
  }

  /** A return takes back what the credit had settled; of one that had settled nothing both simply explain each other. */
  private async returned(
    tx: Tx,
    actor: string,
    entry: OpenBankEntry,
    creditId: bigint,
    rule: string,
  ): Promise<readonly FoundMatch[]> {
    const match = draftOf(entry, actor);
    const settled = await this.store.matchesOf(tx, creditId);
    const shares = settled.map((each): FoundMatch => ({
      entry,
      psp: each.pspCode ?? undefined,
      collectionAccount: each.collectionAccount ?? undefined,
      draft: {
        ...match('return', rule),
        expectationId: each.expectationId,
        otherEntryId: creditId,
        amountMinor: each.amountMinor,
        clearedMinor: each.expectationId === null ? 0n : -each.amountMinor,
      },
    }));
    const rest = shares.reduce((sum, each) => sum - each.draft.amountMinor, entry.amountMinor);
    if (rest <= 0n) return shares;
    const none = { entry, psp: undefined, collectionAccount: undefined };
    const whole = { ...match('return', rule), otherEntryId: creditId, amountMinor: rest };
    // Both ends are explained, and nothing is moved: they lie on one account against each other.
    const credit: MatchDraft = { ...whole, bankEntryId: creditId, otherEntryId: entry.id };
    return [
      ...shares,
      { ...none, draft: whole },
      { ...none, entry: { ...entry, id: creditId }, draft: credit },
    ];
  }

  private async matchTreasury(
    tx: Tx,
    actor: string,
    credits: readonly OpenBankEntry[],
  ): Promise<readonly FoundMatch[]> {
    let sweeps = credits.length === 0 ? [] : await this.store.openSweeps(tx);
    const found: FoundMatch[] = [];
    for (const entry of credits) {
      const sweep = sweepOf(entry, sweeps);
      if (sweep === undefined) continue;
      sweeps = sweeps.filter((each) => each.id !== sweep.id);
      const draft = {
        ...draftOf(entry, actor)('treasury', 'sweep-arrived'),
        otherEntryId: sweep.id,
      };
      found.push({ entry, draft, psp: undefined, collectionAccount: undefined });
    }
    return found;
  }
}
