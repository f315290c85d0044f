/**
 * Takes the early notice that a payer paid online and the bank has still to confirm: no money is taken and nothing is
 * posted. The institution of a generation 4 bill is told; generation 5 has no such message (gepg-protocol.md §1.5).
 */
import { Injectable } from '@nestjs/common';
import type { Enquiry, EnquiryFault } from '../bills/find-payable-bill';
import { submitterOf } from '../bills/stored-bill';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { newId } from '../kernel/ids';
import { formatAmount } from '../kernel/money';
import { type PaymentServiceProvider, PartyDirectory } from '../parties/party-directory';
import type { Tx } from '../platform/database/database';
import { type PaymentFieldFault, type RawPayment, readPayment } from './payment.rules';
import { PaymentStore } from './payment.store';

export interface Announcement extends RawPayment {
  readonly authorization: string;
  readonly channel: string;
  readonly payerName: string;
  readonly payerPhone: string;
  readonly payerEmail: string;
}

export type AnnouncementRefusal = PaymentFieldFault | EnquiryFault | 'bill.currency-different';

@Injectable()
export class AnnouncePayment {
  constructor(
    private readonly store: PaymentStore,
    private readonly directory: PartyDirectory,
    private readonly deliveries: EnqueueDelivery,
  ) {}

  /** `enquiry` is of the announced number, asked before. A repeated notice is told once; undefined: taken. */
  async execute(
    tx: Tx,
    psp: PaymentServiceProvider,
    announcement: Announcement,
    enquiry: Enquiry,
  ): Promise<AnnouncementRefusal | undefined> {
    const { now } = await this.store.beginBatch(tx, 0);
    const read = readPayment(announcement, now);
    if (!read.ok) return read.fault;
    if (enquiry.fault !== undefined) return enquiry.fault;
    const [bill] = enquiry.stored.bills;
    if (read.currency !== bill.currency) return 'bill.currency-different';
    const id = newId();
    const isNew = await this.store.announce(tx, {
      id,
      pspId: psp.id,
      transactionId: announcement.transactionId,
      controlNumber: announcement.controlNumber,
      amountMinor: read.amountMinor,
      currency: read.currency,
      paidAt: read.paidAt,
    });
    if (!isNew || bill.form !== 'gepg-v4') return undefined;
    const sp = await this.directory.find(submitterOf(enquiry.stored), tx);
    if (sp?.kind !== 'service-provider') throw new Error('a bill belongs to an institution');
    await this.deliveries.execute(tx, [
      {
        recipientId: sp.id,
        subject: announcement.controlNumber,
        url: sp.endpoints.payment,
        message: {
          kind: 'payment-announced',
          form: 'gepg-v4',
          announcementId: id,
          authorization: announcement.authorization,
          spCode: sp.code,
          billId: bill.spBillId,
          billVersion: bill.version,
          controlNumber: announcement.controlNumber,
          paidAmount: formatAmount(read.amountMinor),
          currency: read.currency,
          paidAt: read.paidAt.toISOString(),
          channel: announcement.channel,
          payerName: announcement.payerName || bill.payerName,
          payerPhone: announcement.payerPhone || bill.payerPhone,
          payerEmail: announcement.payerEmail || bill.payerEmail,
        },
      },
    ]);
    return undefined;
  }
}
