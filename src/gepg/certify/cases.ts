/**
 * What a certification plays, as a table: the messages of each case, how they are sent, and what must come back. Every
 * case stands alone, so that one can be played by itself. Pure.
 */
import type { Texts } from '../../platform/locale/locale';
import type { Party } from '../../parties/party-directory';
import type { PaymentOfDay } from '../../payments/payment-of-day';
import type { Manner } from './exchange';
import type { CertifyMessage, CertifyMessages } from './messages';

type CaseKey =
  Extract<keyof Texts['self-test'], `case-${string}`> extends `case-${infer Key}` ? Key : never;

export interface Step {
  readonly message: CertifyMessage;
  /** Of a day batch. */
  readonly rows?: readonly PaymentOfDay[];
  /** `whole` when not said. */
  readonly manner?: Manner;
  readonly forgery?: 'byte-changed' | 'strangers-key';
}

export interface Case {
  /** Of its name, which stands among the texts. */
  readonly key: CaseKey;
  /** `answers-fit`: acknowledged, and every answer of the run in time, short enough and XML. */
  readonly expects: 'acknowledged' | 'not-acknowledged' | 'answers-fit';
  readonly needsReconciliation?: true;
  steps(messages: CertifyMessages): readonly Step[];
}

/** Numbered from 1 in this order; the numbers are what `--only` names and docs/certify.md lists. */
const serviceProviderCases: readonly Case[] = [
  {
    key: 'number-delivered',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.billsAnswered('1', []) }],
  },
  {
    key: 'bill-refused',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.billsAnswered('2', ['bill.id-duplicate']) }],
  },
  {
    key: 'payment-confirmed',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.confirmation('3') }],
  },
  {
    // Signatures are deterministic (PKCS#1 v1.5): the same message has the same bytes.
    key: 'confirmation-repeated',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.confirmation('4') }, { message: make.confirmation('4') }],
  },
  {
    key: 'instalment-order',
    expects: 'acknowledged',
    steps: (make) => [
      { message: make.confirmation('5-2', {}, '5') },
      { message: make.confirmation('5-1', {}, '5') },
    ],
  },
  {
    key: 'answer-lost',
    expects: 'acknowledged',
    steps: (make) => [
      { message: make.confirmation('6'), manner: 'answer-lost' },
      { message: make.confirmation('6') },
    ],
  },
  {
    key: 'in-pieces',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.confirmation('7'), manner: 'in-pieces' }],
  },
  {
    key: 'amount-changed',
    expects: 'not-acknowledged',
    steps: (make) => [{ message: make.confirmation('8'), forgery: 'byte-changed' }],
  },
  {
    key: 'strangers-key',
    expects: 'not-acknowledged',
    steps: (make) => [{ message: make.confirmation('9'), forgery: 'strangers-key' }],
  },
  {
    key: 'odd-texts',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.oddConfirmation('10') }],
  },
  {
    key: 'day-batches',
    expects: 'acknowledged',
    needsReconciliation: true,
    steps: (make) => [
      { message: make.dayBatch('11-0'), rows: [] },
      { message: make.dayBatch('11-3'), rows: make.paymentsOfDay('11-3', 3) },
    ],
  },
  {
    key: 'answers',
    expects: 'answers-fit',
    steps: (make) => [{ message: make.confirmation('12') }],
  },
];

const paymentServiceProviderCases: readonly Case[] = [
  {
    key: 'result',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.result('1') }],
  },
  {
    key: 'result-repeated',
    expects: 'acknowledged',
    steps: (make) => [{ message: make.result('2') }, { message: make.result('2') }],
  },
  {
    key: 'receipt-changed',
    expects: 'not-acknowledged',
    steps: (make) => [{ message: make.result('3'), forgery: 'byte-changed' }],
  },
  {
    key: 'strangers-key',
    expects: 'not-acknowledged',
    steps: (make) => [{ message: make.result('4'), forgery: 'strangers-key' }],
  },
  {
    key: 'answers',
    expects: 'answers-fit',
    steps: (make) => [{ message: make.result('5') }],
  },
];

export const casesOf: Readonly<Record<Party['kind'], readonly Case[]>> = {
  'service-provider': serviceProviderCases,
  'payment-service-provider': paymentServiceProviderCases,
};
