/**
 * Version 4: decodes messages to commands, encodes answers and deliveries. Pure. Element names and their order are
 * those of gepg-protocol.md §3; the order of the last three of a bill answer is the majority's (gepg-decisions A10).
 */
import type { BillDraft } from '../../bills/bill-content.rules';
import type { CancellationAnswer } from '../../bills/cancel-bills';
import type { Enquiry } from '../../bills/find-payable-bill';
import type { PaymentOption } from '../../bills/bill.rules';
import type {
  BillsAnswered,
  PaymentConfirmed,
  PaymentResult,
} from '../../deliveries/delivery-message';
import { formatWireInstant } from '../../kernel/business-day';
import { instantFromIso } from '../../kernel/clock';
import { formatAmount } from '../../kernel/money';
import type { PaymentNotification } from '../../payments/payment-notification';
import { Fields } from '../shape';
import { cancellationAnswers, failureCode, statusCodes, successCode } from '../status-codes';
import { type XmlElement, writeElement } from '../xml';

const optionNumbers: Readonly<Record<PaymentOption, string>> = {
  full: '1',
  partial: '2',
  exact: '3',
  limited: '4',
};

export function decodeBillSubmission(root: XmlElement): readonly BillDraft[] {
  return new Fields(root).children('BillTrxInf').map((bill) => ({
    billId: bill.text('BillId'),
    subSpCode: bill.text('SubSpCode'),
    systemId: bill.text('SpSysId'),
    amount: bill.text('BillAmt'),
    miscAmount: bill.text('MiscAmt'),
    expiresAt: bill.text('BillExprDt'),
    payerId: bill.text('PyrId'),
    payerName: bill.text('PyrName'),
    description: bill.text('BillDesc'),
    generatedAt: bill.text('BillGenDt'),
    generatedBy: bill.text('BillGenBy'),
    approvedBy: bill.text('BillApprBy'),
    payerPhone: bill.text('PyrCellNum'),
    payerEmail: bill.text('PyrEmail'),
    currency: bill.text('Ccy'),
    equivalentAmount: bill.text('BillEqvAmt'),
    remind: bill.text('RemFlag'),
    paymentOption: bill.text('BillPayOpt'),
    spCode: '',
    minimumAmount: '',
    limitAmount: '',
    reusedNumber: bill.text('PayCntrNum'),
    extras: {},
    items: bill
      .children('BillItems')
      .flatMap((wrapper) => wrapper.children('BillItem'))
      .map((item) => ({
        reference: item.text('BillItemRef'),
        payByReference: item.text('UseItemRefOnPay'),
        amount: item.text('BillItemAmt'),
        equivalentAmount: item.text('BillItemEqvAmt'),
        miscAmount: item.text('BillItemMiscAmt'),
        gfsCode: item.text('GfsCode'),
        subSpCode: '',
      })),
  }));
}

export function decodeCancellation(root: XmlElement): {
  billIds: readonly string[];
  reason: string;
} {
  const fields = new Fields(root);
  return { billIds: fields.texts('BillId'), reason: fields.text('CanclReasn') };
}

export function decodeEnquiry(root: XmlElement): { requestId: string; controlNumber: string } {
  const fields = new Fields(root);
  return { requestId: fields.text('BillReqId'), controlNumber: fields.text('BillCtrNum') };
}

export function decodePayment(root: XmlElement): Omit<PaymentNotification, 'messageId'> {
  const fields = new Fields(root);
  const payment = fields.child('PymtTrxInf');
  return {
    transactionId: payment.text('TrxId'),
    controlNumber: payment.text('BillCtrNum'),
    amount: payment.text('PaidAmt'),
    currency: payment.text('CCy'),
    paidAt: payment.text('TrxDtTm'),
    pspReference: payment.text('PayRefId'),
    collectionAccount: payment.text('CtrAccNum'),
    channel: payment.text('UsdPayChnl'),
    payerName: payment.text('DptName'),
    payerPhone: payment.text('DptCellNum'),
    payerEmail: payment.text('DptNameEmailAddr') || payment.text('DptEmailAddr'),
    form: 'gepg-v4',
    thirdPartyId: '',
    resultUrl: fields.child('PspDtl').text('ResultUrl'),
  };
}

/** The party's code in the body, wherever its message holds it. */
export function partyCodeOf(root: XmlElement): string {
  const fields = new Fields(root);
  switch (root.name) {
    case 'gepgBillSubReq':
      return fields.child('BillHdr').text('SpCode');
    case 'gepgPmtPstReq':
      return fields.child('PspDtl').text('PspCode');
    default:
      return fields.text('SpCode');
  }
}

export function encodeAck(root: string, element: string, code: string): Buffer {
  return writeElement(root, { [element]: code });
}

export function encodeCancellation(answers: readonly CancellationAnswer[]): Buffer {
  return writeElement('gepgBillCanclResp', {
    BillCanclTrxDt: answers.map(({ billId, result }) => ({
      BillId: billId,
      TrxSts: cancellationAnswers[result].sts,
      TrxStsCode: cancellationAnswers[result].code,
    })),
  });
}

/** Layout A. Payer contact stays empty unless the PSP's profile shows it (rulings.md §3). */
export function encodeEnquiry(
  requestId: string,
  controlNumber: string,
  enquiry: Enquiry,
  showsContact: boolean,
): Buffer {
  const bill = enquiry.stored?.bills[0];
  const isPayable = enquiry.fault === undefined;
  return writeElement('gepgBillQryResp', {
    BillHdr: {
      BillReqId: requestId,
      SpCode: bill?.spCode ?? '',
      SpName: bill?.spName ?? '',
      PayRefId: bill === undefined ? '' : `${bill.controlNumber}-${String(bill.version)}`,
      BillStsCode: isPayable ? successCode : statusCodes[enquiry.fault],
      BillStsDesc: isPayable ? 'Successful' : 'Not payable',
    },
    BillDtl: {
      BillCtrNum: controlNumber,
      PayOpt: bill === undefined ? '' : optionNumbers[bill.option],
      PayPlan: bill === undefined ? '' : '1',
      BillAmt: isPayable ? formatAmount(enquiry.dueMinor) : '',
      MinPayAmt: isPayable ? formatAmount(enquiry.minimumMinor) : '',
      Ccy: bill?.currency ?? '',
      BillExprDt: bill === undefined ? '' : formatWireInstant(bill.expiresAt),
      BillDesc: bill?.description ?? '',
      PyrName: bill?.payerName ?? '',
      PyrCellNum: showsContact ? (bill?.payerPhone ?? '') : '',
      PyrEmailAddr: showsContact ? (bill?.payerEmail ?? '') : '',
      BillRsv1: '',
      BillRsv2: '',
      BillRsv3: '',
    },
  });
}

/** On failure the number is 0, or the number that exists for a duplicate; codes end with the general 7201. */
export function encodeBillsAnswered(message: BillsAnswered): Buffer {
  return writeElement('gepgBillSubResp', {
    BillTrxInf: message.bills.map(({ billId, controlNumber, faults }) => ({
      BillId: billId,
      PayCntrNum: controlNumber ?? '0',
      TrxSts: faults.length === 0 ? 'GS' : 'GF',
      TrxStsCode: faults.length === 0 ? successCode : faultCodes(faults),
    })),
  });
}

function faultCodes(faults: readonly string[]): string {
  const codes = faults.map(
    (fault) => (statusCodes as Readonly<Record<string, string>>)[fault] ?? failureCode,
  );
  return [...new Set([...codes, failureCode])].join(';');
}

/** Version 4 knows one bill per payment: a combined bill is confirmed in version 5 only, so there is one part. */
export function encodePaymentConfirmed(message: PaymentConfirmed): Buffer {
  return writeElement('gepgPmtSpInfo', {
    PymtTrxInf: message.parts.map((part) => ({
      TrxId: message.paymentId,
      SpCode: part.spCode,
      PayRefId: message.receiptNumber,
      BillId: part.billId,
      PayCtrNum: part.controlNumber,
      BillAmt: part.billAmount,
      PaidAmt: part.paidAmount,
      BillPayOpt: optionNumbers[part.paymentOption as PaymentOption],
      CCy: message.currency,
      TrxDtTm: formatWireInstant(instantFromIso(message.paidAt)),
      UsdPayChnl: message.channel,
      PyrCellNum: message.payerPhone,
      PyrEmail: message.payerEmail,
      PyrName: message.payerName,
      PspReceiptNumber: message.pspTransactionId,
      PspName: message.pspName,
      CtrAccNum: part.collectionAccount,
    })),
  });
}

export function encodePaymentResult(message: PaymentResult): Buffer {
  return writeElement('gepgPmtFinResp', {
    PymtTrxInf: {
      PayFinRespId: message.resultId,
      TrxId: message.pspTransactionId,
      RcptNum: message.receiptNumber,
      PayStsCode: successCode,
      PayStsDesc: 'Successful',
    },
  });
}
