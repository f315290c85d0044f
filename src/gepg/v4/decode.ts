/**
 * Generation 4: messages to commands. Element names and their order are those of gepg-protocol.md §3; what a field may
 * hold is decided by the use cases, so that every fault gets the status code of its own.
 */
import type { BillChange } from '../../bills/bill-submission';
import type { BillDraft } from '../../bills/bill-content.rules';
import type { Claims } from '../codec';
import type { Command } from '../commands';
import type { OperationName } from '../operations';
import { Fields } from '../shape';
import type { XmlElement } from '../xml';

/** A reuse without a number asks for one that is not well-formed (7333), never for a new one. */
export const missingNumber = '0';

export function decode(operation: OperationName, root: XmlElement): Command {
  switch (operation) {
    case 'submit-bills':
    case 'submit-bills-synchronously':
    case 'reuse-numbers':
      return decodeSubmission(root, operation === 'reuse-numbers');
    case 'change-bills':
      return decodeChange(root);
    case 'cancel-bills':
      return decodeCancellation(root);
    case 'request-day':
      return decodeDayRequest(root);
    case 'enquire':
      return decodeEnquiry(root);
    case 'receive-payment':
      return decodePayment(root);
    case 'push-to-pay':
    case 'find-payment':
    case 'announce-payment':
      throw new Error(`generation 4 has no message for ${operation}`);
  }
}

/** The code of the party in the body, wherever its message holds it; an enquiry has none. */
export function claims(root: XmlElement): Claims {
  const fields = new Fields(root);
  const code =
    root.name === 'gepgBillSubReq'
      ? fields.child('BillHdr').text('SpCode')
      : root.name === 'gepgPmtPstReq'
        ? fields.child('PspDtl').text('PspCode')
        : fields.text('SpCode');
  return { codes: code === '' ? [] : [code], groupCode: '' };
}

function draftOf(bill: Fields): BillDraft {
  return {
    billId: bill.text('BillId'),
    spCode: '',
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
    minimumAmount: '',
    limitAmount: '',
    reusedNumber: bill.text('PayCntrNum'),
    extras: bill.present(['BillRsv1', 'BillRsv2', 'BillRsv3']),
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
  };
}

function decodeSubmission(root: XmlElement, isReuse: boolean): Command {
  const drafts = new Fields(root).children('BillTrxInf').map((bill) => {
    const draft = draftOf(bill);
    return isReuse && draft.reusedNumber === '' ? { ...draft, reusedNumber: missingNumber } : draft;
  });
  return {
    kind: 'submit-bills',
    requestId: '',
    group: undefined,
    submission: { form: 'gepg-v4', drafts },
  };
}

/** Some clients send three fields, others the whole bill again (gepg-protocol.md §1.7). */
function decodeChange(root: XmlElement): Command {
  const changes = new Fields(root).children('BillTrxInf').map((bill): BillChange => {
    const draft = draftOf(bill);
    const isWhole = bill.optional('BillAmt') !== undefined;
    const { billId, systemId, expiresAt } = draft;
    return { billId, systemId, expiresAt, ...(isWhole ? { draft } : {}) };
  });
  return { kind: 'change-bills', requestId: '', form: 'gepg-v4', group: undefined, changes };
}

function decodeCancellation(root: XmlElement): Command {
  const fields = new Fields(root);
  return {
    kind: 'cancel-bills',
    requestId: '',
    form: 'gepg-v4',
    billIds: fields.texts('BillId'),
    reason: fields.text('CanclReasn'),
  };
}

function decodeDayRequest(root: XmlElement): Command {
  const fields = new Fields(root);
  return {
    kind: 'request-day',
    requestId: fields.text('SpReconcReqId'),
    form: 'gepg-v4',
    groupCode: '',
    systemId: fields.text('SpSysId'),
    day: fields.text('TnxDt'),
    option: fields.text('ReconcOpt'),
  };
}

function decodeEnquiry(root: XmlElement): Command {
  const fields = new Fields(root);
  return {
    kind: 'enquire',
    requestId: fields.text('BillReqId'),
    controlNumber: fields.text('BillCtrNum'),
  };
}

function decodePayment(root: XmlElement): Command {
  const fields = new Fields(root);
  const payment = fields.child('PymtTrxInf');
  return {
    kind: 'receive-payment',
    requestId: '',
    notification: {
      form: 'gepg-v4',
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
      thirdPartyId: '',
      resultUrl: fields.child('PspDtl').text('ResultUrl'),
    },
  };
}
