/**
 * Generation 5: messages to commands, the institutions' and our own of PSPs. Names and their order are those of
 * gepg-protocol.md §3.8 to §3.14; what a field may hold is decided by the use cases.
 */
import type { BillDraft } from '../../bills/bill-content.rules';
import type { Claims } from '../codec';
import type { AnsweredGroup, Command } from '../commands';
import type { OperationName } from '../operations';
import { Fields } from '../shape';
import { missingNumber } from '../v4/decode';
import type { XmlElement } from '../xml';

/** Stored as received, without a rule of their own. */
const billExtras = [
  'CollCentCode',
  'CustTin',
  'CustIdTyp',
  'CustAccnt',
  'ExchRate',
  'RemFlag',
  'PayPlan',
  'BillPayPlan',
  'PayLimTyp',
  'BillPayLimTyp',
  'CollPsp',
  'ReuseReasn',
  'UpdateReasn',
];
const combined = '2';
const changeWord = 'changebill.sp.in';

export function decode(operation: OperationName, root: XmlElement, comHeader: string): Command {
  const fields = new Fields(root);
  switch (operation) {
    case 'submit-bills':
    case 'submit-bills-synchronously':
    case 'reuse-numbers':
    case 'change-bills':
      return decodeBills(fields, operation, comHeader);
    case 'cancel-bills':
      return {
        kind: 'cancel-bills',
        requestId: fields.text('ReqId'),
        form: 'gepg-v5',
        billIds: [fields.text('GrpBillId')],
        reason: fields.text('CanclReasn'),
      };
    case 'request-day':
      return {
        kind: 'request-day',
        requestId: fields.text('ReqId'),
        form: 'gepg-v5',
        groupCode: fields.text('SpGrpCode'),
        systemId: fields.text('SysCode'),
        day: fields.text('TrxDt'),
        option: '1',
      };
    case 'push-to-pay':
      return { kind: 'push-to-pay', requestId: fields.text('ReqId') };
    case 'enquire':
      return {
        kind: 'enquire',
        requestId: fields.text('ReqId'),
        controlNumber: fields.text('CustCtrNum'),
      };
    case 'receive-payment':
      return decodePayment(fields);
    case 'find-payment':
      return {
        kind: 'find-payment',
        requestId: fields.text('ReqId'),
        transactionId: fields.text('TrxId'),
      };
    case 'announce-payment':
      return decodeAnnouncement(fields);
  }
}

export function claims(root: XmlElement): Claims {
  const fields = new Fields(root);
  switch (root.name) {
    case 'billSubReq':
      return {
        codes: fields
          .child('BillDtls')
          .children('BillDtl')
          .map((bill) => bill.text('SpCode'))
          .filter((code) => code !== ''),
        groupCode: fields.child('BillHdr').text('SpGrpCode'),
      };
    case 'pmtReq':
      return { codes: [fields.child('PmtHdr').text('PspCode')], groupCode: '' };
    default: {
      const psp = fields.text('PspCode');
      return { codes: psp === '' ? [] : [psp], groupCode: fields.text('SpGrpCode') };
    }
  }
}

/** By content: a reason to update or the word in Gepg-Com is a change, a number is a reuse (gepg-decisions A14). */
function decodeBills(fields: Fields, operation: OperationName, comHeader: string): Command {
  const header = fields.child('BillHdr');
  const requestId = header.text('ReqId');
  const bills = fields.child('BillDtls').children('BillDtl');
  const groupNumber = header.text('CustCntrNum');
  const isGroup = header.text('BillTyp') === combined;
  const isReuse = operation === 'reuse-numbers';
  const isChange =
    operation === 'change-bills' ||
    comHeader.toLowerCase() === changeWord ||
    bills.some((bill) => bill.text('UpdateReasn') !== '');
  const numberOf = (bill: Fields): string =>
    bill.text('BillCntrNum') || groupNumber || (isReuse ? missingNumber : '');
  const group: AnsweredGroup = {
    code: header.text('SpGrpCode'),
    billId: header.text('GrpBillId'),
  };
  if (isChange) {
    return {
      kind: 'change-bills',
      requestId,
      form: 'gepg-v5',
      group,
      changes: bills.map((bill) => {
        const draft = draftOf(header, bill, '');
        const isWhole = bill.optional('BillAmt') !== undefined;
        const { billId, systemId, expiresAt } = draft;
        return { billId, systemId, expiresAt, ...(isWhole ? { draft } : {}) };
      }),
    };
  }
  if (isGroup) {
    return {
      kind: 'submit-group',
      requestId,
      submission: {
        form: 'gepg-v5',
        groupCode: group.code,
        groupBillId: group.billId,
        systemId: header.text('SysCode'),
        reusedNumber: groupNumber || (isReuse ? missingNumber : ''),
        parts: bills.map((bill) => draftOf(header, bill, '')),
      },
    };
  }
  return {
    kind: 'submit-bills',
    requestId,
    group,
    submission: {
      form: 'gepg-v5',
      drafts: bills.map((bill) => draftOf(header, bill, numberOf(bill))),
    },
  };
}

function draftOf(header: Fields, bill: Fields, reusedNumber: string): BillDraft {
  const items = bill.children('BillItems').flatMap((wrapper) => wrapper.children('BillItem'));
  return {
    billId: bill.text('BillId'),
    spCode: bill.text('SpCode'),
    subSpCode: items[0]?.text('SubSpCode') ?? '',
    systemId: header.text('SysCode'),
    amount: bill.text('BillAmt'),
    miscAmount: '',
    expiresAt: bill.text('BillExprDt'),
    payerId: bill.text('CustId'),
    payerName: bill.text('CustName'),
    description: bill.text('BillDesc'),
    generatedAt: bill.text('BillGenDt'),
    generatedBy: bill.text('BillGenBy'),
    approvedBy: bill.text('BillApprBy'),
    payerPhone: bill.text('CustCellNum'),
    payerEmail: bill.text('CustEmail'),
    currency: bill.text('Ccy'),
    equivalentAmount: bill.text('BillEqvAmt'),
    remind: bill.text('RemFlag'),
    paymentOption: bill.text('BillPayOpt'),
    minimumAmount: bill.text('MinPayAmt'),
    limitAmount: bill.text('PayLimAmt') || bill.text('BillPayLimAmt'),
    reusedNumber,
    extras: {
      ...bill.present(billExtras),
      ...header.present(['SpGrpCode', 'GrpBillId', 'PayTyp']),
    },
    items: items.map((item) => ({
      reference: item.text('BillItemRef'),
      payByReference: item.text('UseItemRefOnPay'),
      amount: item.text('BillItemAmt'),
      equivalentAmount: item.text('BillItemEqvAmt'),
      // Sent by one client only, and in no sum of this generation's bill.
      miscAmount: '',
      gfsCode: item.text('GfsCode'),
      subSpCode: item.text('SubSpCode'),
    })),
  };
}

function decodePayment(fields: Fields): Command {
  const header = fields.child('PmtHdr');
  const payment = fields.child('PmtDtl');
  return {
    kind: 'receive-payment',
    requestId: header.text('ReqId'),
    notification: {
      form: 'gepg-v5',
      transactionId: payment.text('TrxId'),
      controlNumber: header.text('CustCtrNum'),
      amount: payment.text('PaidAmt'),
      currency: payment.text('Ccy'),
      paidAt: payment.text('TrxDtTm'),
      pspReference: payment.text('PayRefId'),
      collectionAccount: payment.text('CollAccNum'),
      channel: payment.text('UsdPayChnl'),
      payerName: payment.text('PyrName'),
      payerPhone: payment.text('PyrCellNum'),
      payerEmail: payment.text('PyrEmail'),
      thirdPartyId: payment.text('TrdPtyTrxId'),
      resultUrl: header.text('ResultUrl'),
    },
  };
}

function decodeAnnouncement(fields: Fields): Command {
  return {
    kind: 'announce-payment',
    requestId: fields.text('ReqId'),
    announcement: {
      transactionId: fields.text('TrxId'),
      controlNumber: fields.text('CustCtrNum'),
      authorization: fields.text('Auth'),
      amount: fields.text('PaidAmt'),
      currency: fields.text('Ccy'),
      paidAt: fields.text('TrxDtTm'),
      channel: fields.text('UsdPayChnl'),
      payerName: fields.text('PyrName'),
      payerPhone: fields.text('PyrCellNum'),
      payerEmail: fields.text('PyrEmail'),
    },
  };
}
