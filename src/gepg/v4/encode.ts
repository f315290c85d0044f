/**
 * Generation 4: answers and deliveries to bytes. Pure. Order is the majority's (gepg-decisions A10); the `java-double`
 * form is for the one client that prints our message again before it verifies it (gepg-protocol.md §2.5).
 */
import type { PaymentOption } from '../../bills/bill.rules';
import type { CancellationAnswer } from '../../bills/cancel-bills';
import type { Enquiry } from '../../bills/find-payable-bill';
import type {
  BillsAnswered,
  PaymentAnnounced,
  PaymentConfirmed,
  PaymentResult,
} from '../../deliveries/delivery-message';
import { formatWireInstant } from '../../kernel/business-day';
import { instantFromIso } from '../../kernel/clock';
import { formatAmount } from '../../kernel/money';
import type { Profile } from '../../parties/profile.rules';
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
import { writeElement } from '../xml';
import { wireId } from '../wire-id';
import { javaDouble } from './java-double';

/** As many as there are names and codes, and room for combinations of codes; more are built each time. */
const keptAcknowledgements = 256;
const acknowledgements = new Map<string, Buffer>();

/**
 * The code alone, under the element that clients look for; an enquiry's answer names it otherwise. The same few are given
 * out for every message, and building one anew took a twentieth of what the server does for a payment.
 */
export function acknowledge({ ackRoot }: InboundMessage, facts: AnswerFacts): Buffer {
  const { code } = facts;
  if (ackRoot === 'gepgBillQryResp') return encodeEnquiryRefusal(facts);
  const key = `${ackRoot} ${code}`;
  const kept = acknowledgements.get(key);
  if (kept !== undefined) return kept;
  const element = ackRoot === 'gepgSpReconcReqAck' ? 'ReconcStsCode' : 'TrxStsCode';
  const built = writeElement(ackRoot, { [element]: code });
  if (acknowledgements.size < keptAcknowledgements) acknowledgements.set(key, built);
  return built;
}

export function encodeCancellation(answers: readonly CancellationAnswer[]): Buffer {
  return writeElement('gepgBillCanclResp', {
    BillCanclTrxDt: answers.map(({ billId, result }) => ({
      BillId: wireId(billId),
      TrxSts: cancellationAnswers[result].sts,
      TrxStsCode: cancellationAnswers[result].code,
    })),
  });
}

function encodeEnquiryRefusal({ code, requestId }: AnswerFacts): Buffer {
  return writeElement('gepgBillQryResp', {
    BillHdr: {
      BillReqId: requestId,
      SpCode: '',
      SpName: '',
      PayRefId: '',
      BillStsCode: code,
      BillStsDesc: statusTextOf(code),
    },
  });
}

/** Payer contact stays empty unless the PSP's profile shows it (rulings.md §3). */
export function encodeEnquiry(
  requestId: string,
  controlNumber: string,
  enquiry: Enquiry,
  form: { readonly showsContact: boolean; readonly layout: 'A' | 'B' },
  answerId: string,
): Buffer {
  const { stored } = enquiry;
  const bill = stored?.bills[0];
  const isPayable = enquiry.fault === undefined;
  const code = isPayable ? successCode : statusCodes[enquiry.fault];
  const payer = {
    PyrName: bill?.payerName ?? '',
    PyrCellNum: form.showsContact ? (bill?.payerPhone ?? '') : '',
    PyrEmailAddr: form.showsContact ? (bill?.payerEmail ?? '') : '',
  };
  const description = bill?.description ?? '';
  const expiresAt = isPayable ? enquiry.expiresAt : bill?.expiresAt;
  const expiry = expiresAt === undefined ? '' : formatWireInstant(expiresAt);
  const due = isPayable ? formatAmount(enquiry.dueMinor) : '';
  const option = bill === undefined ? '' : optionNumbers[bill.option];
  const sp = { SpCode: bill?.spCode ?? '', SpName: bill?.spName ?? '' };
  if (form.layout === 'B') {
    return writeElement('gepgBillQryResp', {
      BillGrpHdr: {
        pspBillReqId: requestId,
        gepgBillReqId: answerId,
        ...sp,
        BillStsCode: code,
      },
      BillTrxDtl: {
        BillCtrNum: wireId(controlNumber),
        BillPayOpt: option,
        BillDesc: description,
        BillExprDt: expiry,
        CCy: bill?.currency ?? '',
        ...payer,
        BillAmt: due,
        BillItems: {
          BillItem: (stored?.bills ?? [])
            .flatMap((each) => each.items)
            .map((item) => ({
              GfsCode: item.gfsCode,
              BillItemAmt: formatAmount(item.amountMinor - item.paidMinor),
            })),
        },
      },
    });
  }
  return writeElement('gepgBillQryResp', {
    BillHdr: {
      BillReqId: requestId,
      ...sp,
      PayRefId: payRefOf(stored),
      BillStsCode: code,
      BillStsDesc: statusTextOf(code),
    },
    BillDtl: {
      BillCtrNum: wireId(controlNumber),
      PayOpt: option,
      PayPlan: bill === undefined ? '' : '1',
      BillAmt: due,
      MinPayAmt: isPayable ? formatAmount(enquiry.minimumMinor) : '',
      Ccy: bill?.currency ?? '',
      BillExprDt: expiry,
      BillDesc: description,
      ...payer,
      BillRsv1: '',
      BillRsv2: '',
      BillRsv3: '',
    },
  });
}

/** On failure the number is 0, or the number that exists for a duplicate; codes end with the general 7201. */
export function encodeBillsAnswered(message: BillsAnswered, profile: Profile): Buffer {
  const isJava = profile.outputForm === 'java-double';
  return writeElement('gepgBillSubResp', {
    BillTrxInf: message.bills.map(({ billId, controlNumber, faults }) => {
      const isTaken = faults.length === 0;
      const number = { PayCntrNum: controlNumber ?? '0' };
      const status = { TrxSts: isTaken ? 'GS' : 'GF' };
      return {
        BillId: wireId(billId),
        ...(isJava ? { ...status, ...number } : { ...number, ...status }),
        TrxStsCode: isTaken ? (message.isChange ? changedCode : successCode) : faultCodes(faults),
      };
    }),
  });
}

/** Version 4 knows one bill per payment: a combined bill is submitted, and so confirmed, in version 5. */
export function encodePaymentConfirmed(message: PaymentConfirmed, profile: Profile): Buffer {
  const isJava = profile.outputForm === 'java-double';
  const amount = (text: string): string => (isJava ? javaDouble(text) : text);
  const name = { PyrName: message.payerName };
  const email = { PyrEmail: message.payerEmail };
  return writeElement('gepgPmtSpInfo', {
    PymtTrxInf: message.parts.map((part) => ({
      TrxId: message.paymentId,
      SpCode: part.spCode,
      PayRefId: message.receiptNumber,
      BillId: part.billId,
      PayCtrNum: part.controlNumber,
      BillAmt: amount(part.billAmount),
      PaidAmt: amount(part.paidAmount),
      BillPayOpt: optionNumbers[part.paymentOption as PaymentOption],
      CCy: message.currency,
      TrxDtTm: formatWireInstant(instantFromIso(message.paidAt)),
      UsdPayChnl: message.channel,
      PyrCellNum: message.payerPhone,
      ...(isJava ? { ...name, ...email } : { ...email, ...name }),
      PspReceiptNumber: message.pspTransactionId,
      PspName: message.pspName,
      CtrAccNum: part.collectionAccount,
    })),
  });
}

/** Generation 5 has no such message: there it is merged into the confirmation. */
export function encodePaymentAnnounced(message: PaymentAnnounced): Buffer {
  return writeElement('gepgOlPmtNtfSpInfo', {
    OlPymtTrxInf: {
      TrxId: message.announcementId,
      Auth: message.authorization,
      SpCode: message.spCode,
      PayRefId: `${message.controlNumber}-${String(message.billVersion)}`,
      BillId: message.billId,
      PayCtrNum: message.controlNumber,
      PaidAmt: message.paidAmount,
      CCy: message.currency,
      TrxDtTm: formatWireInstant(instantFromIso(message.paidAt)),
      UsdPayChnl: message.channel,
      PyrCellNum: message.payerPhone,
      PyrName: message.payerName,
      PyrEmail: message.payerEmail,
    },
  });
}

export function encodePaymentResult(message: PaymentResult): Buffer {
  return writeElement('gepgPmtFinResp', {
    PymtTrxInf: {
      PayFinRespId: message.resultId,
      TrxId: message.pspTransactionId,
      RcptNum: message.receiptNumber,
      PayStsCode: successCode,
      PayStsDesc: statusTextOf(successCode),
    },
  });
}
