/**
 * The table of what the gateway does on the GePG wire: by path, who may ask, which messages it takes, and the form of
 * its acknowledgement. The path decides the operation, the root element the generation (gepg-protocol.md §2.1), so a
 * message of either generation may come to a path of the other.
 */
import type { RequestClass } from '../platform/http/admission';
import type { Party } from '../parties/party-directory';
import type { Generation } from '../parties/profile.rules';
import type { Shape } from './shape';
import * as v4 from './v4/messages';
import * as v5 from './v5/messages';

export type OperationName =
  | 'submit-bills'
  | 'submit-bills-synchronously'
  | 'reuse-numbers'
  | 'change-bills'
  | 'cancel-bills'
  | 'request-day'
  | 'push-to-pay'
  | 'enquire'
  | 'receive-payment'
  | 'find-payment'
  | 'announce-payment';

export interface InboundMessage {
  readonly generation: Generation;
  readonly shape: Shape;
  /** Root of the acknowledgement, and of the answer to what is refused before it is understood. */
  readonly ackRoot: string;
}

export interface Operation {
  readonly name: OperationName;
  readonly path: string;
  readonly partyKind: Party['kind'];
  /** The first is the one of the path's own generation: it gives the answer its form when nothing was understood. */
  readonly messages: readonly [InboundMessage, ...InboundMessage[]];
  /** Bytes of the longest body taken; a bulk submission holds many bills. */
  readonly bodyLimit: number;
  /** What is turned away first when more comes than can be done. */
  readonly requestClass: RequestClass;
  readonly maxElements: number;
}

const message = (generation: Generation, shape: Shape, ackRoot: string): InboundMessage => ({
  generation,
  shape,
  ackRoot,
});
const bill4 = message('v4', v4.gepgBillSubReq, 'gepgBillSubReqAck');
const bill5 = message('v5', v5.billSubReq, 'billSubReqAck');
const cancel4 = message('v4', v4.gepgBillCanclReq, 'gepgBillCanclReqAck');
const cancel5 = message('v5', v5.billCanclReq, 'billCanclReqAck');
const day4 = message('v4', v4.gepgSpReconcReq, 'gepgSpReconcReqAck');
const day5 = message('v5', v5.sucSpPmtReq, 'sucSpPmtReqAck');
const push5 = message('v5', v5.billPushToPayReq, 'billPushToPayReqAck');
const query4 = message('v4', v4.gepgBillQryReq, 'gepgBillQryResp');
const query5 = message('v5', v5.billQryReq, 'billQryRes');
const payment4 = message('v4', v4.gepgPmtPstReq, 'gepgPmtPstReqAck');
const payment5 = message('v5', v5.pmtReq, 'pmtReqAck');
const status5 = message('v5', v5.pmtStsReq, 'pmtStsRes');
const online5 = message('v5', v5.pmtOlNtfReq, 'pmtOlNtfReqAck');

type Row = readonly [OperationName, string, Operation['messages']];

const spRows: readonly Row[] = [
  ['submit-bills', '/api/bill/sigqrequest', [bill4, bill5]],
  ['submit-bills-synchronously', '/api/bill/sigsrequest', [bill4, bill5]],
  ['reuse-numbers', '/api/bill/sigqrequest_reuse', [bill4, bill5]],
  ['change-bills', '/api/bill/sigqrequest_change', [bill4, bill5]],
  ['cancel-bills', '/api/bill/sigcancel_request', [cancel4, cancel5]],
  ['request-day', '/api/reconciliations/sig_sp_qrequest', [day4, day5]],
  ['submit-bills', '/api/bill/20/submission', [bill5, bill4]],
  ['reuse-numbers', '/api/bill/20/reuse', [bill5, bill4]],
  ['change-bills', '/api/bill/20/change', [bill5, bill4]],
  ['cancel-bills', '/api/bill/20/cancellation', [cancel5, cancel4]],
  ['request-day', '/api/reconciliation/20/request', [day5, day4]],
  ['push-to-pay', '/api/bill/20/push', [push5]],
];

const pspRows: readonly Row[] = [
  ['enquire', '/api/bill/transfer-query', [query4, query5]],
  ['receive-payment', '/api/payment/sigqrequest', [payment4, payment5]],
  ['enquire', '/api/bill/20/query', [query5, query4]],
  ['receive-payment', '/api/payment/20/posting', [payment5, payment4]],
  ['find-payment', '/api/payment/20/status', [status5]],
  ['announce-payment', '/api/payment/20/online', [online5]],
];

const operationOf = (
  [name, path, messages]: Row,
  rest: Pick<Operation, 'partyKind' | 'bodyLimit' | 'maxElements'>,
): Operation => ({
  name,
  path,
  messages,
  requestClass:
    rest.partyKind === 'service-provider' ? 'bill' : name === 'enquire' ? 'enquiry' : 'payment',
  ...rest,
});

/** A whole bulk submission against a single message (security-reliability §2.9, rulings.md §3). */
const sp = { partyKind: 'service-provider', bodyLimit: 4_194_304, maxElements: 30_000 } as const;
const psp = {
  partyKind: 'payment-service-provider',
  bodyLimit: 65_536,
  maxElements: 2_000,
} as const;

export const operations: readonly Operation[] = [
  ...spRows.map((row) => operationOf(row, sp)),
  ...pspRows.map((row) => operationOf(row, psp)),
];
