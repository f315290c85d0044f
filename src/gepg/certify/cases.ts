/**
 * What a certification plays, as a table: the messages of each case, how they are sent, and what must come back. Every
 * case stands alone, so that one can be played by itself. Pure.
 */
import type { Party } from '../../parties/party-directory';
import type { PaymentOfDay } from '../../payments/payment-of-day';
import type { Manner } from './exchange';
import type { CertifyMessage, CertifyMessages } from './messages';

export interface Step {
  readonly message: CertifyMessage;
  /** Of a day batch. */
  readonly rows?: readonly PaymentOfDay[];
  /** `whole` when not said. */
  readonly manner?: Manner;
  readonly forgery?: 'byte-changed' | 'strangers-key';
}

export interface Case {
  readonly name: string;
  /** `answers-fit`: acknowledged, and every answer of the run in time, short enough and XML. */
  readonly expects: 'acknowledged' | 'not-acknowledged' | 'answers-fit';
  readonly needsReconciliation?: true;
  steps(messages: CertifyMessages): readonly Step[];
}

/** Numbered from 1 in this order; the numbers are what `--only` names and docs/certify.md lists. */
const serviceProviderCases: readonly Case[] = [
  {
    name: 'control number delivered',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.billsAnswered('1', []) }],
  },
  {
    name: 'bill refused (7226;7201)',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.billsAnswered('2', ['bill.id-duplicate']) }],
  },
  {
    name: 'payment confirmed',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.confirmation('3') }],
  },
  {
    // Signatures are deterministic (PKCS#1 v1.5): the same message has the same bytes.
    name: 'confirmation repeated, byte for byte',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.confirmation('4') }, { message: make.confirmation('4') }],
  },
  {
    name: 'second instalment before the first',
    expects: 'acknowledged',
    steps: (make) => [
      { message: make.confirmation('5-2', {}, '5') },
      { message: make.confirmation('5-1', {}, '5') },
    ],
  },
  {
    name: 'answer lost, sent again',
    expects: 'acknowledged',
    steps: (make) => [
      { message: make.confirmation('6'), manner: 'answer-lost' },
      { message: make.confirmation('6') },
    ],
  },
  {
    name: 'sent slowly, in pieces',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.confirmation('7'), manner: 'in-pieces' }],
  },
  {
    name: 'amount changed after signing',
    expects: 'not-acknowledged',
    steps: (make) => [{ message: make.confirmation('8'), forgery: 'byte-changed' }],
  },
  {
    name: "signed with a stranger's key",
    expects: 'not-acknowledged',
    steps: (make) => [{ message: make.confirmation('9'), forgery: 'strangers-key' }],
  },
  {
    name: 'odd letters, long texts, empty fields',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.oddConfirmation('10') }],
  },
  {
    name: 'day batches of 0 and 3 payments',
    expects: 'acknowledged',
    needsReconciliation: true,
    steps: (make) => [
      { message: make.dayBatch('11-0'), rows: [] },
      { message: make.dayBatch('11-3'), rows: make.paymentsOfDay('11-3', 3) },
    ],
  },
  {
    name: 'time, length and content of answers',
    expects: 'answers-fit',
    steps: (make) => [{ message: make.confirmation('12') }],
  },
];

const paymentServiceProviderCases: readonly Case[] = [
  {
    name: 'final result',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.result('1') }],
  },
  {
    name: 'final result repeated, byte for byte',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.result('2') }, { message: make.result('2') }],
  },
  {
    name: 'receipt number changed after signing',
    expects: 'not-acknowledged',
    steps: (make) => [{ message: make.result('3'), forgery: 'byte-changed' }],
  },
  {
    name: "signed with a stranger's key",
    expects: 'not-acknowledged',
    steps: (make) => [{ message: make.result('4'), forgery: 'strangers-key' }],
  },
  {
    name: 'time, length and content of answers',
    expects: 'answers-fit',
    steps: (make) => [{ message: make.result('5') }],
  },
];

export const casesOf: Readonly<Record<Party['kind'], readonly Case[]>> = {
  'service-provider': serviceProviderCases,
  'payment-service-provider': paymentServiceProviderCases,
};
