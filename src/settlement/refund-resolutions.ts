/**
 * A bank's line that officers know to be a refund although it does not bear its id as instructed: the debit that paid it,
 * or the credit that gave it back. They name the refund, which becomes paid or returned; what a debit took beyond the
 * refund stays open, as a charge mostly is; what a credit brought less than the refund is a charge, however much it is
 * (product.md §7, rulings.md §8).
 */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { formatAmount } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { Refunds } from '../payments/refunds';
import { ReturnRefund } from '../payments/return-refund';
import type { Reader } from '../platform/database/database';
import type { Effect } from '../reconciliation/effect';
import { type Resolution, type ResolutionInput, Resolutions } from '../reconciliation/resolution';
import { ExplainLine } from './explain-line';
import type { EntryToResolve } from './resolution.store';

type NamedRefund = NonNullable<Awaited<ReturnType<Refunds['find']>>>;

@Injectable()
export class RefundResolutions implements OnModuleInit {
  constructor(
    private readonly resolutions: Resolutions,
    private readonly lines: ExplainLine,
    private readonly refunds: Refunds,
    private readonly returns: ReturnRefund,
  ) {}

  onModuleInit(): void {
    this.resolutions.register(this.paying(), this.returning());
  }

  private paying(): Resolution {
    return {
      name: 'refund',
      kinds: ['unidentified-debit', 'returned-credit'],
      needsApproval: true,
      preview: async (reader, view, input) => {
        const entry = await this.lines.line(reader, view);
        const refund = await this.named(reader, entry, input, 'instructed');
        const rest = entry.leftMinor - refund.amountMinor;
        return rest === 0n
          ? { code: 'refund', values: told(refund) }
          : { code: 'refund-in-part', values: { ...told(refund), rest: formatAmount(rest) } };
      },
      execute: async (tx, view, input, officers) => {
        const entry = await this.lines.line(tx, view);
        const { endToEndId, amountMinor, currency } = await this.named(
          tx,
          entry,
          input,
          'instructed',
        );
        const refundId = await this.refunds.settle(tx, endToEndId, amountMinor, currency);
        if (refundId === undefined) throw new Error('an instructed refund is paid once');
        const explanation = { kind: 'refund', amountMinor, refundId } as const;
        await this.lines.match(tx, view, entry, explanation, officers.approvedBy);
        return [];
      },
      undo: async (tx, view, officers) => {
        for (const { refundId } of await this.lines.undo(tx, view, officers))
          if (refundId !== null && !(await this.refunds.unsettle(tx, refundId))) throw cameBack();
      },
    };
  }

  private returning(): Resolution {
    return {
      name: 'refund-returned',
      kinds: ['unidentified-credit'],
      needsApproval: true,
      preview: async (reader, view, input) => {
        const entry = await this.lines.line(reader, view);
        const refund = await this.named(reader, entry, input, 'paid');
        const kept = refund.amountMinor - entry.leftMinor;
        return kept === 0n
          ? { code: 'refund-returned', values: told(refund) }
          : { code: 'refund-returned-less', values: { ...told(refund), kept: formatAmount(kept) } };
      },
      execute: async (tx, view, input, officers) => {
        const entry = await this.lines.line(tx, view);
        const { endToEndId, currency } = await this.named(tx, entry, input, 'paid');
        const { note } = input;
        const amountMinor = entry.leftMinor;
        const back = await this.returns.execute(tx, endToEndId, amountMinor, currency, note);
        if (back === undefined) throw new Error('a paid refund comes back once');
        const { id: refundId, chargeMinor: feeMinor } = back;
        const explanation = { kind: 'refund-return', amountMinor, feeMinor, refundId } as const;
        await this.lines.match(tx, view, entry, explanation, officers.approvedBy);
        return [];
      },
      undo: () => {
        throw cameBack();
      },
    };
  }

  /** `refund` of the input: the end-to-end id of the instruction, which is also in the file and in `refunds list`. */
  private async named(
    reader: Reader,
    entry: EntryToResolve,
    { refund: given = '' }: ResolutionInput,
    state: 'instructed' | 'paid',
  ): Promise<NamedRefund> {
    const id = given.trim();
    if (id === '') {
      throw new Refusal(
        'settlement.refund-missing',
        'say which refund it is, by its end-to-end id',
        'unprocessable',
      );
    }
    const refund = await this.refunds.find(reader, id);
    if (refund === undefined) {
      throw new Refusal('settlement.refund-unknown', `there is no refund "${id}"`, 'not-found');
    }
    if (refund.state !== state) {
      throw new Refusal(
        'settlement.refund-state',
        `refund ${id} is ${refund.state}, and only one that is ${state} can be this line`,
        'conflict',
      );
    }
    const fits =
      state === 'paid'
        ? entry.leftMinor <= refund.amountMinor
        : entry.leftMinor >= refund.amountMinor;
    if (!fits || refund.currency !== entry.currency || refund.account !== entry.account) {
      throw new Refusal(
        'settlement.refund-differs',
        `refund ${id} is ${formatAmount(refund.amountMinor)} ${refund.currency} of ${refund.account}, ` +
          `the line ${formatAmount(entry.leftMinor)} ${entry.currency} of ${entry.account}`,
        'conflict',
      );
    }
    return refund;
  }
}

function told({ amountMinor, currency, creditorName, endToEndId }: NamedRefund): Effect['values'] {
  return {
    amount: formatAmount(amountMinor),
    currency,
    payee: creditorName,
    refund: endToEndId,
  };
}

function cameBack(): Refusal {
  return new Refusal(
    'settlement.refund-returned',
    'the refund came back from the bank, and the institution was told: ask for it anew instead',
    'conflict',
  );
}
