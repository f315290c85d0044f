/**
 * The resolutions of what the run over a PSP's day finds (product.md §7), with the postings of rulings.md §8. Money
 * belongs to the day on which it is decided; the statement keeps its own day.
 */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays } from '../kernel/business-day';
import { instantFromIso } from '../kernel/clock';
import { formatAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { type AccountRef, accounts } from '../ledger/chart-of-accounts.rules';
import { buildEntry, type EntryDraft } from '../ledger/entry.rules';
import { RecordPayment } from '../payments/record-payment';
import { ReversePayment } from '../payments/reverse-payment';
import type { Tx } from '../platform/database/database';
import { CloseDiscrepancies } from './close-discrepancies';
import type { DiscrepancyKind } from './discrepancy.rules';
import type { DiscrepancyView } from './discrepancy-view.store';
import type { Effect } from './effect';
import { RaiseDiscrepancies } from './raise-discrepancies';
import { ReconciliationStore } from './reconciliation.store';
import {
  type Resolution,
  type ResolutionInput,
  Resolutions,
  resolutionSource,
  type ResolvingOfficers,
} from './resolution';

@Injectable()
export class PspResolutions implements OnModuleInit {
  constructor(
    private readonly resolutions: Resolutions,
    private readonly recordPayment: RecordPayment,
    private readonly reversePayment: ReversePayment,
    private readonly raise: RaiseDiscrepancies,
    private readonly close: CloseDiscrepancies,
    private readonly store: ReconciliationStore,
  ) {}

  onModuleInit(): void {
    this.resolutions.register(
      this.recording('record-late-payment', ['missing-here'], 'bill'),
      this.recording('allocate-to-bill', ['refused-here'], 'bill'),
      this.recording('suspense', ['missing-here', 'refused-here', 'unknown-number'], 'suspense'),
      settled('reject-line', ['missing-here', 'unknown-number'], 'owes-nothing'),
      settled('returned-by-psp', ['refused-here'], 'returned-by-psp'),
      settled('keep-ours', ['amount-differs', 'currency-differs'], 'keep-ours'),
      settled('ignore', ['duplicate-line'], 'ignore'),
      settled('carry', ['wrong-day'], 'carry'),
      this.waiting(),
      this.reversing(),
      this.correcting(),
      this.disputing(),
    );
  }

  /** The line becomes a payment, on its bill or in suspense. */
  private recording(
    name: string,
    kinds: readonly DiscrepancyKind[],
    into: 'bill' | 'suspense',
  ): Resolution {
    return {
      name,
      kinds,
      needsApproval: true,
      preview: (_reader, view, input) => {
        const { amountMinor, currency } = lineOf(view);
        const sum = { amount: formatAmount(BigInt(amountMinor)), currency, psp: pspOf(view) };
        return says(`record-${into}`, { ...sum, number: numberOf(view, input) });
      },
      execute: async (tx, view, input, officers) => {
        const line = lineOf(view);
        await this.recordPayment.execute(tx, {
          ...officers,
          pspCode: pspOf(view),
          transactionId: line.transactionId,
          controlNumber: numberOf(view, input),
          amountMinor: BigInt(line.amountMinor),
          currency: line.currency,
          paidAt: instantFromIso(line.paidAt),
          into,
          reason: input.note,
        });
        return [];
      },
      // The line would be matched with it still, and nobody would look at the money again.
      final: () =>
        'a recorded payment stays on record: place it from suspense on a bill, or take it back as a reversal',
    };
  }

  /** The payment is looked for in the statement of the next day, or of today where that day is over. */
  private waiting(): Resolution {
    const carried = async (tx: Tx, view: DiscrepancyView) => {
      const next = addDays(view.businessDay, 1);
      const today = await this.store.today(tx);
      return next > today ? next : today;
    };
    return {
      name: 'wait',
      kinds: ['missing-there'],
      needsApproval: false,
      preview: () => says('wait'),
      execute: async (tx, view) => {
        await this.raise.execute(tx, [
          {
            ...view,
            businessDay: await carried(tx, view),
            paymentId: paymentOf(view).id,
            detail: { carriedFrom: view.id.toString(), ofDay: view.businessDay },
          },
        ]);
        return [];
      },
      undo: async (tx, view) => {
        const ids = await this.store.carriedFrom(tx, view.id);
        await this.close.execute(tx, ids, {
          state: 'withdrawn',
          reason: 'it is worked on where it came from',
        });
      },
    };
  }

  private reversing(): Resolution {
    return {
      name: 'reverse',
      kinds: ['missing-there'],
      needsApproval: true,
      preview: (_reader, view) =>
        says('reverse', {
          amount: formatAmount(view.ourMinor ?? 0n),
          currency: view.currency,
          receipt: paymentOf(view).receiptNumber,
        }),
      execute: async (tx, view, input, officers) => {
        await this.reverse(tx, paymentOf(view).id, input.note, officers);
        return [];
      },
      final: () => 'a reversed payment stays reversed; it is paid or recorded anew',
    };
  }

  /** Less: the bill gives back. More: the institution has a surplus. */
  private correcting(): Resolution {
    return {
      name: 'correct-to-psp',
      kinds: ['amount-differs', 'currency-differs'],
      needsApproval: true,
      preview: (_reader, view) => {
        const { ours, theirs } = sumsOf(view);
        const { currency: ourCurrency } = paymentOf(view);
        const { currency } = view;
        return says(currency === ourCurrency ? 'correct' : 'correct-currency', {
          ours: formatAmount(ours),
          theirs: formatAmount(theirs),
          ourCurrency,
          currency,
        });
      },
      execute: async (tx, view, input, officers) => {
        const { ours, theirs } = sumsOf(view);
        const payment = paymentOf(view);
        if (payment.currency !== view.currency) {
          await this.reverse(tx, payment.id, input.note, officers);
          const owner = accounts.suspense(pspOf(view));
          return [await this.entry(tx, view, receivableOf(view), owner, theirs)];
        }
        if (theirs < ours) {
          await this.reversePayment.execute(tx, {
            ...officers,
            paymentId: payment.id,
            amountMinor: ours - theirs,
            reason: input.note,
          });
          return [];
        }
        const owner =
          payment.spCode === null
            ? accounts.suspense(pspOf(view))
            : accounts.spSurplus(payment.spCode);
        return [await this.entry(tx, view, receivableOf(view), owner, theirs - ours)];
      },
      final: (view) => {
        const { ours, theirs } = sumsOf(view);
        return theirs < ours || paymentOf(view).currency !== view.currency
          ? 'money that a bill gave back is paid or recorded anew'
          : undefined;
      },
    };
  }

  /** We say that the PSP must pay what it does not report. */
  private disputing(): Resolution {
    return {
      name: 'dispute',
      kinds: ['amount-differs'],
      needsApproval: true,
      preview: (_reader, view) =>
        says('dispute', {
          amount: formatAmount(shortOf(view)),
          currency: view.currency,
          psp: pspOf(view),
        }),
      execute: async (tx, view) => [
        await this.entry(
          tx,
          view,
          accounts.disputedReceivable(pspOf(view)),
          receivableOf(view),
          shortOf(view),
        ),
      ],
    };
  }

  private async entry(
    tx: Tx,
    view: DiscrepancyView,
    debit: AccountRef,
    credit: AccountRef,
    amountMinor: bigint,
  ): Promise<EntryDraft> {
    return buildEntry({
      ...resolutionSource(view),
      businessDay: await this.store.today(tx),
      currency: view.currency,
      postings: [
        { account: debit, side: 'debit', amountMinor },
        { account: credit, side: 'credit', amountMinor },
      ],
    });
  }

  private async reverse(
    tx: Tx,
    paymentId: string,
    reason: string,
    officers: ResolvingOfficers,
  ): Promise<void> {
    await this.reversePayment.execute(tx, { ...officers, paymentId, reason });
  }
}

/** A decision that moves no money. */
function settled(
  name: string,
  kinds: readonly DiscrepancyKind[],
  effect: Effect['code'],
): Resolution {
  return {
    name,
    kinds,
    needsApproval: false,
    preview: () => says(effect),
    execute: () => Promise.resolve([]),
  };
}

function says(code: Effect['code'], values: Effect['values'] = {}): Promise<Effect> {
  return Promise.resolve({ code, values });
}

function lineOf({ line }: DiscrepancyView): NonNullable<DiscrepancyView['line']> {
  if (line === null) throw new Error('a discrepancy of this kind has a line');
  return line;
}

function paymentOf({ payment }: DiscrepancyView): NonNullable<DiscrepancyView['payment']> {
  if (payment === null) throw new Error('a discrepancy of this kind has a payment');
  return payment;
}

function pspOf({ pspCode }: DiscrepancyView): string {
  if (pspCode === null) throw new Error('a discrepancy of this kind has a PSP');
  return pspCode;
}

/** As the officer says, else as the line says. */
function numberOf(view: DiscrepancyView, { controlNumber = '' }: ResolutionInput): string {
  return controlNumber === '' ? lineOf(view).controlNumber : controlNumber;
}

function receivableOf(view: DiscrepancyView): AccountRef {
  return accounts.pspReceivable(pspOf(view), paymentOf(view).collectionAccount);
}

function sumsOf({ ourMinor, theirMinor }: DiscrepancyView): { ours: bigint; theirs: bigint } {
  if (ourMinor === null || theirMinor === null)
    throw new Error('both sums of a difference are known');
  return { ours: ourMinor, theirs: theirMinor };
}

/** Refuses: discrepancy.nothing-short. */
function shortOf(view: DiscrepancyView): bigint {
  const { ours, theirs } = sumsOf(view);
  if (theirs < ours) return ours - theirs;
  throw new Refusal(
    'discrepancy.nothing-short',
    'the PSP reports more than we have; there is nothing to dispute',
    'unprocessable',
  );
}
