/** One transaction per payment through repositories, as tutorials show it (anchor N). */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  AuditEvent,
  Bill,
  BillItem,
  Delivery,
  InboundMessage,
  LedgerEntry,
  Payment,
  Posting,
} from './entities';

export interface PlainNotification {
  readonly pspCode: string;
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: string;
  readonly payerName: string;
  readonly body: Buffer;
}

@Injectable()
export class TakePayment {
  constructor(private readonly source: DataSource) {}

  async execute(notification: PlainNotification): Promise<boolean> {
    const { pspCode, transactionId, controlNumber, amountMinor, payerName, body } = notification;
    return this.source.transaction(async (manager) => {
      const known = await manager.getRepository(Payment).findOneBy({ pspCode, transactionId });
      if (known !== null) return true;
      const bill = await manager
        .getRepository(Bill)
        .findOne({ where: { controlNumber }, lock: { mode: 'pessimistic_write' } });
      if (bill?.state !== 'open' || bill.amountMinor !== amountMinor) return false;
      const items = await manager.getRepository(BillItem).findBy({ bill: { id: bill.id } });
      const payment = await manager.getRepository(Payment).save({
        pspCode,
        transactionId,
        receiptNumber: `R${transactionId}`,
        amountMinor,
        payerName,
        bill,
      });
      const posting = (account: string, debitMinor: string, creditMinor: string): Posting =>
        Object.assign(new Posting(), { account, debitMinor, creditMinor });
      await manager.getRepository(LedgerEntry).save({
        paymentId: payment.id,
        postings: [
          posting(`psp-receivable:${pspCode}`, amountMinor, '0'),
          ...items.map((item) => posting(`sp-payable:${item.gfsCode}`, '0', item.amountMinor)),
        ],
      });
      bill.state = 'paid';
      bill.paidMinor = amountMinor;
      await manager.getRepository(Bill).save(bill);
      for (const item of items) {
        item.paidMinor = item.amountMinor;
        await manager.getRepository(BillItem).save(item);
      }
      const owe = (kind: string) =>
        manager.getRepository(Delivery).save({
          kind,
          state: 'ready',
          message: { paymentId: payment.id, controlNumber, transactionId, amountMinor, payerName },
        });
      await owe('payment-confirmed');
      await owe('payment-result');
      await manager
        .getRepository(AuditEvent)
        .save({ action: 'payment.received', subject: payment.id });
      await manager.getRepository(InboundMessage).save({ body });
      return true;
    });
  }
}
