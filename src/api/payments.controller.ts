/** Payments on the institution's bills, and their receipts: read and search. */
import { Get, Param, Query } from '@nestjs/common';
import type { ServiceProvider } from '../parties/party-directory';
import { ReadPayments } from '../payments/read-payments';
import { Operation, Resource } from './operation';
import { pageFrom, pageOf } from './paging';
import {
  PaymentBody,
  PaymentListBody,
  PaymentPath,
  PaymentSearch,
  ReceiptPath,
  showPayment,
} from './payment.schema';
import { Institution } from './request-context';

@Resource('payments', 'Payments')
export class PaymentsController {
  constructor(private readonly payments: ReadPayments) {}

  @Get()
  @Operation({
    id: 'searchPayments',
    scope: 'payments:read',
    summary: 'Search payments, newest first',
    answer: { status: 200, description: 'A page of payments.', type: PaymentListBody },
    refusals: { 400: ['page.cursor-unknown'] },
  })
  async search(
    @Institution() sp: ServiceProvider,
    @Query() query: PaymentSearch,
  ): Promise<PaymentListBody> {
    const page = pageOf(query, 'uuid');
    const found = await this.payments.search(sp.id, query, page);
    return pageFrom(found, page, ({ id }) => id, showPayment);
  }

  @Get(':paymentId')
  @Operation({
    id: 'getPayment',
    scope: 'payments:read',
    summary: 'Read a payment',
    answer: { status: 200, description: 'The payment.', type: PaymentBody },
    refusals: { 404: ['payment.unknown'] },
  })
  async read(
    @Institution() sp: ServiceProvider,
    @Param() { paymentId }: PaymentPath,
  ): Promise<PaymentBody> {
    return showPayment(await this.payments.one(sp.id, { id: paymentId }));
  }
}

@Resource('receipts', 'Payments')
export class ReceiptsController {
  constructor(private readonly payments: ReadPayments) {}

  @Get(':receiptNumber')
  @Operation({
    id: 'getReceipt',
    scope: 'payments:read',
    summary: 'Read the payment of a receipt',
    answer: { status: 200, description: 'The payment that the receipt is for.', type: PaymentBody },
    refusals: { 404: ['payment.unknown'] },
  })
  async read(
    @Institution() sp: ServiceProvider,
    @Param() { receiptNumber }: ReceiptPath,
  ): Promise<PaymentBody> {
    return showPayment(await this.payments.one(sp.id, { receiptNumber }));
  }
}
