/**
 * Generation 5: answers and deliveries to bytes, those of institutions and our own of PSPs. Pure. An id of ours stands
 * before every text of others (SIG-16); our own messages carry the digest of what they answer (SIG-11).
 */
import type { PaymentOption } from '../../bills/bill.rules';
import type { CancellationAnswer } from '../../bills/cancel-bills';
import type { Enquiry } from '../../bills/find-payable-bill';
import type {
  BillsAnswered,
  PaymentConfirmed,
  PaymentResult,
} from '../../deliveries/delivery-message';
import { formatWireInstant } from '../../kernel/business-day';
import { instantFromIso } from '../../kernel/clock';
import { formatAmount } from '../../kernel/money';
import type { FoundPayment } from '../../payments/find-payment';
import type { AnswerFacts } from '../codec';
import type { InboundMessage } from '../operations';
import { optionNumbers, payRefOf } from '../options';
import {
  cancellationAnswers,
  changedCode,
  faultCodes,
  statusCodes,
  statusTextOf,
  successCode,
} from '../status-codes';
import { wireId } from '../wire-id';
import { writeElement } from '../xml';

/** Also the answer to what was not understood, in the root that the path's clients wait for. */
export function acknowledge({ ackRoot }: InboundMessage, facts: AnswerFacts): Buffer {
  const { code, requestId, requestDigest, answerId } = facts;
  const text = statusTextOf(code);
  switch (ackRoot) {
    case 'billPushToPayReqAck':
      return writeElement(ackRoot, {
        ReqId: requestId,
        AckId: answerId,
        StsCode: code,
        StsDesc: text,
      });
    case 'billQryRes':
      return encodeEnquiryHeader(facts, '', 0);
    case 'pmtReqAck':
      return encodePaymentAnswer(facts, '', '');
    case 'pmtStsRes':
      return encodePaymentStatus(facts, undefined);
    case 'pmtOlNtfReqAck':
      return writeElement(ackRoot, {
        AckId: answerId,
        ReqId: requestId,
        ReqDgst: requestDigest,
        AckStsCode: code,
        AckStsDesc: text,
      });
    default:
      return writeElement(ackRoot, {
        AckId: answerId,
        ReqId: requestId,
        AckStsCode: code,
        AckStsDesc: text,
      });
  }
}

/** A group is cancelled as a whole, so there is one answer. */
export function encodeCancellation(
  { requestId, answerId }: AnswerFacts,
  answers: readonly CancellationAnswer[],
): Buffer {
  const { billId, result } = answers[0] ?? { billId: '', result: 'bill.unknown' as const };
  const { sts, code } = cancellationAnswers[result];
  return writeElement('billCanclRes', {
    ResId: answerId,
    ReqId: requestId,
    GrpBillId: wireId(billId),
    CanclSts: sts,
    CanclStsCode: code,
    CanclStsDesc: statusTextOf(code),
  });
}

function enquiryHeader(facts: AnswerFacts, controlNumber: string, entryCount: number) {
  return {
    ResId: facts.answerId,
    ReqId: facts.requestId,
    ReqDgst: facts.requestDigest,
    CustCtrNum: wireId(controlNumber),
    PayTyp: '2',
    EntryCnt: String(entryCount),
    BillStsCode: facts.code,
    BillStsDesc: statusTextOf(facts.code),
  };
}

function encodeEnquiryHeader(
  facts: AnswerFacts,
  controlNumber: string,
  entryCount: number,
): Buffer {
  return writeElement('billQryRes', {
    BillHdr: enquiryHeader(facts, controlNumber, entryCount),
    BillDtls: {},
  });
}

export function encodeEnquiry(
  facts: AnswerFacts,
  controlNumber: string,
  enquiry: Enquiry,
  form: { readonly showsContact: boolean },
): Buffer {
  const { stored } = enquiry;
  const isPayable = enquiry.fault === undefined;
  const code = isPayable ? successCode : statusCodes[enquiry.fault];
  if (stored === undefined) return encodeEnquiryHeader({ ...facts, code }, controlNumber, 0);
  const isOne = stored.bills.length === 1;
  // The minimum is of the whole number; the parts of a combined bill are filled in their order.
  const minimum = isPayable && isOne ? formatAmount(enquiry.minimumMinor) : '';
  return writeElement('billQryRes', {
    BillHdr: enquiryHeader({ ...facts, code }, controlNumber, stored.bills.length),
    BillDtls: {
      BillDtl: stored.bills.map((bill) => ({
        SpCode: bill.spCode,
        SpName: bill.spName,
        PayRefId: payRefOf(stored),
        BillCtrNum: bill.controlNumber,
        PayOpt: optionNumbers[bill.option],
        BillAmt: isPayable ? formatAmount(bill.amountMinor - bill.paidMinor) : '',
        MinPayAmt: minimum,
        Ccy: bill.currency,
        BillExprDt: formatWireInstant(isPayable ? enquiry.expiresAt : bill.expiresAt),
        BillDesc: bill.description,
        CustName: bill.payerName,
        CustCellNum: form.showsContact ? bill.payerPhone : '',
        CustEmail: form.showsContact ? bill.payerEmail : '',
        PayPlan: '1',
      })),
    },
  });
}

/** The answer to a payment notification holds its receipt, which generation 4 sends in the final result only. */
export function encodePaymentAnswer(
  facts: AnswerFacts,
  transactionId: string,
  receiptNumber: string,
): Buffer {
  return writeElement('pmtReqAck', {
    AckId: facts.answerId,
    ReqId: facts.requestId,
    ReqDgst: facts.requestDigest,
    TrxId: wireId(transactionId),
    RcptNum: receiptNumber,
    AckStsCode: facts.code,
    AckStsDesc: statusTextOf(facts.code),
  });
}

export function encodePaymentStatus(facts: AnswerFacts, payment: FoundPayment | undefined): Buffer {
  return writeElement('pmtStsRes', {
    ResId: facts.answerId,
    ReqId: facts.requestId,
    ReqDgst: facts.requestDigest,
    TrxId: payment?.transactionId ?? '',
    CustCtrNum: payment?.controlNumber ?? '',
    PaidAmt: payment === undefined ? '' : formatAmount(payment.amountMinor),
    Ccy: payment?.currency ?? '',
    RcptNum: payment?.receiptNumber ?? '',
    PayStsCode: facts.code,
    PayStsDesc: statusTextOf(facts.code),
  });
}

/** Every bill with its own status; the header's is that of the whole, or of its only bill. */
export function encodeBillsAnswered(message: BillsAnswered): Buffer {
  const { group, bills } = message;
  const takenCode = message.isChange ? changedCode : successCode;
  const first = bills[0];
  const groupFaults = group?.faults.length ? group.faults : (first?.faults ?? []);
  const isTaken = bills.every(({ faults }) => faults.length === 0) && groupFaults.length === 0;
  const code = isTaken ? takenCode : faultCodes(groupFaults);
  return writeElement('billSubRes', {
    BillHdr: {
      ResId: message.answerId,
      ReqId: message.requestId,
      GrpBillId: wireId(group?.billId ?? first?.billId ?? ''),
      CustCntrNum: group?.controlNumber ?? first?.controlNumber ?? '0',
      ResSts: isTaken ? 'GS' : 'GF',
      ResStsCode: code,
      ResStsDesc: statusTextOf(code),
    },
    BillDtls: {
      BillDtl: bills.map(({ billId, controlNumber, faults }) => {
        const own = faults.length === 0 ? (isTaken ? takenCode : code) : faultCodes(faults);
        return {
          BillId: wireId(billId),
          BillCntrNum: controlNumber ?? '0',
          BillStsCode: own,
          BillStsDesc: statusTextOf(own),
        };
      }),
    },
  });
}

export function encodePaymentConfirmed(message: PaymentConfirmed): Buffer {
  const [first] = message.parts;
  return writeElement('pmtSpNtfReq', {
    PmtHdr: {
      ReqId: message.paymentId,
      GrpBillId: message.group?.billId ?? first?.billId ?? '',
      SpGrpCode: message.group?.code ?? first?.spCode ?? '',
      CustCntrNum: message.controlNumber,
      EntryCnt: String(message.parts.length),
    },
    PmtDtls: {
      PmtTrxDtl: message.parts.map((part) => ({
        SpCode: part.spCode,
        BillId: part.billId,
        BillCtrNum: part.controlNumber,
        PspCode: message.pspCode,
        PspName: message.pspName,
        TrxId: message.paymentId,
        PayRefId: message.receiptNumber,
        BillAmt: part.billAmount,
        PaidAmt: part.paidAmount,
        BillPayOpt: optionNumbers[part.paymentOption as PaymentOption],
        Ccy: message.currency,
        CollAccNum: part.collectionAccount,
        TrxDtTm: formatWireInstant(instantFromIso(message.paidAt)),
        UsdPayChnl: message.channel,
        TrdPtyTrxId: message.thirdPartyId,
        QtRefId: '',
        PyrCellNum: message.payerPhone,
        PyrEmail: message.payerEmail,
        PyrName: message.payerName,
        Rsv1: '',
        Rsv2: '',
        Rsv3: '',
      })),
    },
  });
}

export function encodePaymentResult(message: PaymentResult): Buffer {
  return writeElement('pmtFinRes', {
    ResId: message.resultId,
    TrxId: message.pspTransactionId,
    CustCtrNum: message.controlNumber,
    RcptNum: message.receiptNumber,
    PayStsCode: successCode,
    PayStsDesc: statusTextOf(successCode),
  });
}
