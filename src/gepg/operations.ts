/**
 * The table of what the gateway does on the GePG wire: by path, who may ask, which message it takes, and the root of
 * its acknowledgement. The path decides the operation; the root element decides the generation.
 */
import type { Generation } from './envelope';
import type { Shape } from './shape';
import {
  gepgBillCanclReq,
  gepgBillQryReq,
  gepgBillSubReq,
  gepgPmtPstReq,
  gepgSpReconcReq,
} from './v4/messages';
import { billCanclReq, billSubReq, sucSpPmtReq } from './v5/messages';
import type { Party } from '../parties/party-directory';

export interface Operation {
  readonly name: 'submit-bills' | 'cancel-bills' | 'enquire' | 'receive-payment' | 'unavailable';
  readonly path: string;
  readonly partyKind: Party['kind'];
  readonly shape: Shape;
  readonly generation: Generation;
  readonly ackRoot: string;
  readonly ackElement: string;
  /** Bytes of the longest body taken; a bulk submission holds many bills. */
  readonly bodyLimit: number;
  readonly maxElements: number;
}

const small = { bodyLimit: 65_536, maxElements: 2_000 };
const bulk = { bodyLimit: 4_194_304, maxElements: 30_000 };
const sp = { partyKind: 'service-provider', generation: 'v4' } as const;
const psp = { partyKind: 'payment-service-provider', generation: 'v4', ...small } as const;
const later = { ...sp, ...bulk, name: 'unavailable' } as const;
const spV5 = { ...later, generation: 'v5', ackElement: 'AckStsCode' } as const;

export const operations: readonly Operation[] = [
  {
    ...sp,
    ...bulk,
    name: 'submit-bills',
    path: '/api/bill/sigqrequest',
    shape: gepgBillSubReq,
    ackRoot: 'gepgBillSubReqAck',
    ackElement: 'TrxStsCode',
  },
  {
    ...sp,
    ...small,
    name: 'cancel-bills',
    path: '/api/bill/sigcancel_request',
    shape: gepgBillCanclReq,
    ackRoot: 'gepgBillCanclReqAck',
    ackElement: 'TrxStsCode',
  },
  {
    ...psp,
    name: 'enquire',
    path: '/api/bill/transfer-query',
    shape: gepgBillQryReq,
    ackRoot: 'gepgBillQryReqAck',
    ackElement: 'TrxStsCode',
  },
  {
    ...psp,
    name: 'receive-payment',
    path: '/api/payment/sigqrequest',
    shape: gepgPmtPstReq,
    ackRoot: 'gepgPmtPstReqAck',
    ackElement: 'TrxStsCode',
  },
  ...['sigsrequest', 'sigqrequest_reuse', 'sigqrequest_change'].map((path) => ({
    ...later,
    path: `/api/bill/${path}`,
    shape: gepgBillSubReq,
    ackRoot: 'gepgBillSubReqAck',
    ackElement: 'TrxStsCode',
  })),
  {
    ...later,
    path: '/api/reconciliations/sig_sp_qrequest',
    shape: gepgSpReconcReq,
    ackRoot: 'gepgSpReconcReqAck',
    ackElement: 'ReconcStsCode',
  },
  { ...spV5, path: '/api/bill/20/submission', shape: billSubReq, ackRoot: 'billSubReqAck' },
  { ...spV5, path: '/api/bill/20/cancellation', shape: billCanclReq, ackRoot: 'billCanclReqAck' },
  {
    ...spV5,
    path: '/api/reconciliation/20/request',
    shape: sucSpPmtReq,
    ackRoot: 'sucSpPmtReqAck',
  },
];
