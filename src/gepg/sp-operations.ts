/**
 * The institutions' side of the wire: bills submitted, reused, changed and cancelled, days asked for. The message is
 * acknowledged at once; numbers and faults follow as a delivery, except on the synchronous paths.
 */
import { Injectable } from '@nestjs/common';
import type { BillDraft } from '../bills/bill-content.rules';
import type { BillAnswer, BillForm } from '../bills/bill-submission';
import { CancelBillGroup } from '../bills/cancel-bill-group';
import { type CancellationAnswer, CancelBills } from '../bills/cancel-bills';
import { ChangeBills } from '../bills/change-bills';
import { SubmitBillGroup } from '../bills/submit-bill-group';
import { SubmitBills } from '../bills/submit-bills';
import type { BillsAnswered, MessageForm } from '../deliveries/delivery-message';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import type { ServiceProvider } from '../parties/party-directory';
import type { Generation } from '../parties/profile.rules';
import { Database, type Tx } from '../platform/database/database';
import { RequestDayBatch } from '../reconciliation/request-day-batch';
import type { AnsweredGroup, Command, CommandOf } from './commands';
import { codecs } from './protocol';
import type { MessageContext, OperationAnswer } from './message-context';
import { statusCodes, successCode } from './status-codes';
import { v4MessageNames } from './v4/messages';
import { v5MessageNames } from './v5/messages';
import { isWireId } from './wire-id';

/** Free text of a bill may not hold the names by which clients of its generation cut our messages (SIG-15). */
const reservedNames: Readonly<Record<Generation, ReadonlySet<string>>> = {
  v4: new Set(v4MessageNames),
  // The bare word is ordinary English, and our encoder neutralises it in what we send.
  v5: new Set(v5MessageNames.filter((name) => name !== 'signature')),
};

/** Money, currency, date and id that cannot be read: rulings.md §2 asks for a security line beside the answer. */
const unreadable: ReadonlySet<string> = new Set([
  'bill.id-malformed',
  'bill.amount-malformed',
  'bill.misc-amount-malformed',
  'bill.generation-date-unacceptable',
  'bill.currency-unknown',
  'bill.item-amount-malformed',
  'bill.item-equivalent-malformed',
  'bill.item-misc-malformed',
]);

type Answered = Omit<BillsAnswered, 'kind' | 'form' | 'answerId' | 'requestId'>;

@Injectable()
export class SpOperations {
  constructor(
    private readonly database: Database,
    private readonly submitBills: SubmitBills,
    private readonly changeBills: ChangeBills,
    private readonly cancelBills: CancelBills,
    private readonly submitBillGroup: SubmitBillGroup,
    private readonly cancelBillGroup: CancelBillGroup,
    private readonly requestDayBatch: RequestDayBatch,
    private readonly deliveries: EnqueueDelivery,
  ) {}

  async execute(
    sp: ServiceProvider,
    command: Command,
    context: MessageContext,
  ): Promise<OperationAnswer> {
    const { generation } = context.kind;
    const { requestId } = command;
    // Only the bill messages of generation 4 have no id of their own; it must be repeatable in our answer.
    if ((generation === 'v5' || command.kind === 'request-day') && !isWireId(requestId))
      return this.malformed(context);
    switch (command.kind) {
      case 'submit-bills':
        return this.submit(sp, command, context);
      case 'change-bills':
        return this.change(sp, command, context);
      case 'cancel-bills':
        return this.cancel(sp, command, context);
      case 'request-day':
        return this.requestDay(sp, command, context);
      case 'submit-group':
        return this.submitGroup(sp, command, context);
      case 'push-to-pay': {
        const code = statusCodes['gepg.push-unavailable'];
        await this.database.transaction((tx) => context.journal(tx, code));
        return { code, requestId, isSuspicious: false };
      }
      default:
        throw new Error(`${command.kind} is not an institution's`);
    }
  }

  private async submit(
    sp: ServiceProvider,
    { submission, group, requestId }: CommandOf<'submit-bills'>,
    context: MessageContext,
  ): Promise<OperationAnswer> {
    const { drafts } = submission;
    if (drafts.length === 0) return this.malformed(context);
    const names = reservedNames[context.kind.generation];
    const isOwn = (draft: BillDraft): boolean => draft.spCode === '' || draft.spCode === sp.code;
    return this.answerBills(sp, group, requestId, false, context, async (tx) => {
      const own = { ...submission, drafts: drafts.filter(isOwn) };
      const answers = await this.submitBills.execute(tx, sp, own, names);
      const answerOf = new Map(own.drafts.map((draft, i) => [draft, answers[i]]));
      // Bills of another institution are taken only as parts of a combined bill.
      const foreign = (draft: BillDraft): BillAnswer => ({
        billId: draft.billId,
        controlNumber: null,
        faults: ['group.member-unknown'],
      });
      return drafts.map((draft) => answerOf.get(draft) ?? foreign(draft));
    });
  }

  private async change(
    sp: ServiceProvider,
    { changes, group, requestId }: CommandOf<'change-bills'>,
    context: MessageContext,
  ): Promise<OperationAnswer> {
    if (changes.length === 0) return this.malformed(context);
    const names = reservedNames[context.kind.generation];
    return this.answerBills(sp, group, requestId, true, context, (tx) =>
      this.changeBills.execute(tx, sp, changes, names),
    );
  }

  /** Generation 4 answers each bill in a message of its own, since most clients read one (rulings.md §4). */
  private async answerBills(
    sp: ServiceProvider,
    group: AnsweredGroup | undefined,
    requestId: string,
    isChange: boolean,
    context: MessageContext,
    work: (tx: Tx) => Promise<readonly BillAnswer[]>,
  ): Promise<OperationAnswer> {
    return this.answer(sp, requestId, context, async (tx) => {
      const bills = await work(tx);
      if (group !== undefined) {
        const controlNumber = bills[0]?.controlNumber ?? null;
        return [{ isChange, bills, group: { billId: group.billId, controlNumber, faults: [] } }];
      }
      const isOne = sp.profile.isBulk || context.operation.name === 'submit-bills-synchronously';
      return isOne ? [{ isChange, bills }] : bills.map((bill) => ({ isChange, bills: [bill] }));
    });
  }

  private async submitGroup(
    sp: ServiceProvider,
    { submission, requestId }: CommandOf<'submit-group'>,
    context: MessageContext,
  ): Promise<OperationAnswer> {
    if (submission.parts.length === 0) return this.malformed(context);
    const names = reservedNames[context.kind.generation];
    return this.answer(sp, requestId, context, async (tx) => {
      const answer = await this.submitBillGroup.execute(tx, sp, submission, names);
      const { groupBillId, controlNumber, faults, parts } = answer;
      return [
        { isChange: false, bills: parts, group: { billId: groupBillId, controlNumber, faults } },
      ];
    });
  }

  /** In the answer itself on the synchronous path, else owed as deliveries; never both (gepg-protocol.md §1.1). */
  private async answer(
    sp: ServiceProvider,
    requestId: string,
    context: MessageContext,
    work: (tx: Tx) => Promise<readonly Answered[]>,
  ): Promise<OperationAnswer> {
    const { kind, operation, facts, journal } = context;
    const form: MessageForm = kind.generation === 'v4' ? 'gepg-v4' : 'gepg-v5';
    const messages = await this.database.transaction(async (tx) => {
      const owed = (await work(tx)).map((answered) => ({
        kind: 'bills-answered' as const,
        form,
        answerId: facts.answerId,
        requestId,
        ...answered,
      }));
      if (operation.name !== 'submit-bills-synchronously') await this.owe(tx, sp, owed);
      await journal(tx, successCode);
      return owed;
    });
    const [message] = messages;
    const isSuspicious = messages.some(({ bills }) =>
      bills.some(({ faults }) => faults.some((fault) => unreadable.has(fault))),
    );
    return operation.name === 'submit-bills-synchronously' && message !== undefined
      ? {
          code: successCode,
          element: codecs[kind.generation].encodeBillsAnswered(message, sp.profile),
          isSuspicious,
        }
      : { code: successCode, requestId, isSuspicious };
  }

  private async owe(
    tx: Tx,
    sp: ServiceProvider,
    messages: readonly BillsAnswered[],
  ): Promise<void> {
    await this.deliveries.execute(
      tx,
      messages.map((message) => ({
        recipientId: sp.id,
        subject: subjectOf(sp, message),
        url: sp.endpoints.controlNumber,
        message,
      })),
    );
  }

  private async cancel(
    sp: ServiceProvider,
    { billIds, reason, requestId, form }: CommandOf<'cancel-bills'>,
    context: MessageContext,
  ): Promise<OperationAnswer> {
    if (billIds.length === 0) return this.malformed(context);
    const { kind, facts, journal } = context;
    const answers = await this.database.transaction(async (tx) => {
      const cancelled = await this.cancelAll(tx, sp, billIds, reason, form);
      const [first] = cancelled;
      if (form === 'gepg-v5' && sp.profile.cancellationCallback && first !== undefined) {
        await this.deliveries.execute(tx, [
          {
            recipientId: sp.id,
            subject: `${sp.code}/${first.billId}`,
            url: sp.endpoints.cancellation,
            message: {
              kind: 'cancellation-answered',
              form,
              answerId: facts.answerId,
              requestId,
              billId: first.billId,
              result: first.result,
            },
          },
        ]);
      }
      await journal(tx, successCode);
      return cancelled;
    });
    return {
      code: successCode,
      element: codecs[kind.generation].encodeCancellation(
        { ...facts, requestId, code: successCode },
        answers,
      ),
      isSuspicious: false,
    };
  }

  /** In generation 5 the id is of the whole, which is a combined bill or, for most, a bill (gepg-protocol.md §3.10). */
  private async cancelAll(
    tx: Tx,
    sp: ServiceProvider,
    billIds: readonly string[],
    reason: string,
    form: BillForm,
  ): Promise<readonly CancellationAnswer[]> {
    const [billId] = billIds;
    if (form === 'gepg-v5' && billId !== undefined) {
      const answer = await this.cancelBillGroup.execute(tx, sp, billId, reason);
      if (answer.result !== 'bill.unknown') return [answer];
    }
    return this.cancelBills.execute(tx, sp, billIds, reason);
  }

  private async requestDay(
    sp: ServiceProvider,
    command: CommandOf<'request-day'>,
    { facts, journal }: MessageContext,
  ): Promise<OperationAnswer> {
    const code = await this.database.transaction(async (tx) => {
      const refusal = await this.requestDayBatch.execute(tx, sp, {
        ...command,
        answerId: facts.answerId,
      });
      const answered = refusal === undefined ? successCode : statusCodes[refusal];
      await journal(tx, answered);
      return answered;
    });
    return { code, requestId: command.requestId, isSuspicious: false };
  }

  private async malformed({ journal }: MessageContext): Promise<OperationAnswer> {
    const code = statusCodes['gepg.envelope-malformed'];
    await this.database.transaction((tx) => journal(tx, code));
    return { code, isSuspicious: true };
  }
}

/** Deliveries of one control number go out in order; an answer without a number follows its bill id. */
function subjectOf(sp: ServiceProvider, { group, bills }: BillsAnswered): string {
  const number = group?.controlNumber ?? bills[0]?.controlNumber;
  return number ?? `${sp.code}/${group?.billId ?? bills[0]?.billId ?? ''}`;
}
