/** Act three: what becomes of each bill. Every answer is held against the one that the rules promise. */
import { setTimeout as pause } from 'node:timers/promises';
import { dammDigit } from '../../src/bills/control-number.rules';
import { formatAmount } from '../../src/kernel/money';
import { cancelBills, enquire, pay } from '../sandbox/messages';
import { v4Payment } from '../sandbox/request-texts';
import { type Answer, textOf } from '../sandbox/sandbox-party';
import type { PlannedBill, PspCode } from './plan';
import { DemoFault } from './screen';
import type { Stage } from './stage';

const paymentPath = '/api/payment/sigqrequest';
/** Well formed, with a prefix that no party of the sandbox holds. */
export const strangeNumber = `99600000000${dammDigit('99600000000')}`;

/** `code` is the answer promised; `isForBill` is false where the money goes to suspense. */
interface Notice {
  readonly psp: PspCode;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: 'TZS' | 'USD';
  readonly billId: string | undefined;
  readonly code: string;
}

export class Payer {
  constructor(private readonly stage: Stage) {}

  async settle(planned: PlannedBill, controlNumber: string): Promise<void> {
    const { psp, amountMinor: amount, fate } = planned;
    let sequence = 0;
    const send = (amountMinor: bigint, code = '7101', more: Partial<Notice> = {}) => {
      sequence += 1;
      return this.notify({
        psp,
        transactionId: `${planned.bill.billId}-${String(sequence)}`,
        controlNumber,
        amountMinor,
        currency: planned.currency,
        billId: planned.bill.billId,
        code,
        ...more,
      });
    };
    const third = (amount / 300n) * 100n;
    await this.enquire(psp, controlNumber, '7101', amount);
    switch (fate) {
      case 'paid':
      case 'dollars':
        return send(amount);
      case 'surplus':
        return send(amount + 500_000n);
      case 'instalments':
        await send(third);
        await this.enquire(psp, controlNumber, '7101', amount - third);
        await send(third);
        return send(amount - 2n * third);
      case 'last-instalment-over':
        await send(third);
        return send(amount - third + 250_000n);
      case 'partly-paid':
        return send(third);
      case 'repeated':
        return this.repeat(planned, controlNumber);
      case 'wrong-amount-first':
        await send(amount + 100n, '7302');
        return send(amount);
      case 'too-little':
        return send(amount - 100n, '7214');
      case 'cancelled':
        await this.cancel(planned);
        await this.enquire(psp, controlNumber, '7283');
        return send(amount, '7283');
      case 'paid-twice':
        await send(amount);
        await this.enquire('PSP702', controlNumber, '7279');
        return send(amount, '7279', { psp: 'PSP702' });
      case 'unpaid':
        return;
      case 'wrong-currency-first':
        await send(amount, '7212', { currency: 'TZS' });
        return send(amount);
      case 'wrong-amount-irrevocable':
        return send(amount + 100n, '7101', { billId: undefined });
      case 'paid-twice-irrevocable':
        await send(amount);
        return send(amount, '7101', { psp: 'PSP703', billId: undefined });
      case 'id-used-again':
        await send(amount);
        return this.useIdAgain(planned, controlNumber);
    }
  }

  /** Payments that belong to no bill, and one that nobody signed. */
  async payStrangers(): Promise<void> {
    const { run, gateway, cast, books } = this.stage;
    const notice = { currency: 'TZS', billId: undefined, amountMinor: 1_250_000n } as const;
    const swapped = strangeNumber.slice(0, -1) + String((Number(strangeNumber.at(-1)) + 1) % 10);
    await this.notify({
      ...notice,
      psp: 'PSP702',
      transactionId: `${run}-X-1`,
      controlNumber: swapped,
      code: '7333',
    });
    await this.notify({
      ...notice,
      psp: 'PSP702',
      transactionId: `${run}-X-2`,
      controlNumber: strangeNumber,
      code: '7335',
    });
    await this.notify({
      ...notice,
      psp: 'PSP703',
      transactionId: `${run}-X-3`,
      controlNumber: strangeNumber,
      code: '7101',
    });
    const element = v4Payment({
      pspCode: 'PSP701',
      resultUrl: cast.resultUrl('PSP701'),
      transactionId: `${run}-X-4`,
      controlNumber: strangeNumber,
      amount: '12500.00',
      paidAt: this.stage.wireNow(),
      channel: 'IB',
    });
    const forged = await cast
      .psp('PSP701')
      .post(gateway, paymentPath, cast.psp('PSP702').sign(Buffer.from(element)));
    books.expect('a payment signed with the key of another', forged, '7303');
  }

  /** Waits until the gateway calls the bill expired, then pays it. */
  async payTooLate(billId: string, controlNumber: string): Promise<void> {
    const { cast, gateway } = this.stage;
    for (let i = 0; i < 240; i++) {
      if ((await enquire(cast.psp('PSP702'), gateway, controlNumber)).code === '7213') break;
      await pause(250);
    }
    await this.notify({
      psp: 'PSP702',
      transactionId: `${billId}-1`,
      controlNumber,
      amountMinor: 800_000n,
      currency: 'TZS',
      billId,
      code: '7213',
    });
  }

  private async enquire(
    psp: PspCode,
    controlNumber: string,
    code: string,
    dueMinor?: bigint,
  ): Promise<void> {
    const { cast, gateway, books } = this.stage;
    const answer = await enquire(cast.psp(psp), gateway, controlNumber);
    books.enquiries += 1;
    books.expect(`an enquiry for ${controlNumber}`, answer, code);
    const due = textOf(answer.root, 'BillAmt');
    if (dueMinor !== undefined && due !== formatAmount(dueMinor))
      throw new DemoFault(`${controlNumber}: ${due} is due, not ${formatAmount(dueMinor)}.`);
  }

  private async notify(notice: Notice): Promise<void> {
    const { code, ...payment } = notice;
    const paidAt = this.stage.wireNow();
    const answer = await this.post(payment, paidAt);
    this.stage.books.expect(`payment ${payment.transactionId}`, answer, code);
    const booked = { ...payment, paidAt };
    if (code === '7101') this.stage.books.taken.push(booked);
    else this.stage.books.refused.push({ ...booked, code });
  }

  private post(payment: Omit<Notice, 'code' | 'billId'>, paidAt: string): Promise<Answer> {
    const { cast, gateway } = this.stage;
    return pay(cast.psp(payment.psp), gateway, {
      transactionId: payment.transactionId,
      controlNumber: payment.controlNumber,
      amount: formatAmount(payment.amountMinor),
      currency: payment.currency,
      paidAt,
      channel: payment.psp === 'PSP701' ? 'BRANCH' : 'MOBILE',
      resultUrl: cast.resultUrl(payment.psp),
    });
  }

  /** The answer got lost on the way: three times the same notification, one payment. */
  private async repeat(planned: PlannedBill, controlNumber: string): Promise<void> {
    const { books } = this.stage;
    const payment = {
      psp: planned.psp,
      transactionId: `${planned.bill.billId}-1`,
      controlNumber,
      amountMinor: planned.amountMinor,
      currency: planned.currency,
      billId: planned.bill.billId,
    };
    const paidAt = this.stage.wireNow();
    const answers = await Promise.all([1, 2, 3].map(() => this.post(payment, paidAt)));
    for (const answer of answers) books.expect(`payment ${payment.transactionId}`, answer, '7101');
    if (new Set(answers.map((answer) => answer.body.toString())).size !== 1)
      throw new DemoFault(`The answers to ${payment.transactionId} differ.`);
    books.taken.push({ ...payment, paidAt });
    books.repeats += 2;
  }

  /** Another amount under an id that is taken: refused, and the first payment stays as it is. */
  private async useIdAgain(planned: PlannedBill, controlNumber: string): Promise<void> {
    const { books } = this.stage;
    const transactionId = `${planned.bill.billId}-1`;
    const answer = await this.post(
      {
        psp: planned.psp,
        transactionId,
        controlNumber,
        amountMinor: planned.amountMinor + 100n,
        currency: planned.currency,
      },
      this.stage.wireNow(),
    );
    books.expect(`another payment ${transactionId}`, answer, '7207');
    books.repeats += 1;
  }

  private async cancel(planned: PlannedBill): Promise<void> {
    const { cast, gateway, books } = this.stage;
    const party = cast.institution(planned.institution);
    const answer = await cancelBills(party, gateway, planned.bill.systemId, [planned.bill.billId]);
    books.expect(`the cancellation of ${planned.bill.billId}`, answer, '7283');
  }
}
