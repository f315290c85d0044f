/** Samples of a bank and of a mobile operator. */
import { fieldClients } from './field-clients';
import { v4Enquiry, v4Payment } from './request-texts';
import { requestOf, type SampleFacts, type SampleRequest } from './sample-request';

const { psp } = fieldClients;
const enquire = '/api/bill/transfer-query';
const pay = '/api/payment/sigqrequest';

export function pspSampleRequests(facts: SampleFacts): readonly SampleRequest[] {
  const { generatedAt } = facts;
  const id = (name: string): string => `${facts.prefix}-${name}`;
  const payment = {
    pspCode: 'PSP701',
    resultUrl: facts.bankResultUrl,
    channel: 'BRANCH',
    paidAt: generatedAt,
  };
  return [
    requestOf(
      'bank-01',
      psp,
      'PSP701',
      enquire,
      'enquiry; blanks in end tags',
      spaced(v4Enquiry(id('Q-1'), facts.javaNumber)),
    ),
    requestOf(
      'bank-02',
      psp,
      'PSP701',
      pay,
      'payment; blanks in end tags, a time without zone',
      spaced(
        v4Payment({
          ...payment,
          transactionId: id('T-1'),
          controlNumber: facts.javaNumber,
          amount: '65000.00',
        }),
      ),
    ),
    requestOf(
      'bank-03',
      psp,
      'PSP701',
      pay,
      'payment; a time with a fraction',
      v4Payment({
        ...payment,
        transactionId: id('T-2'),
        controlNumber: facts.nodeNumber,
        amount: '48000',
        paidAt: `${generatedAt}:250`,
      }),
    ),
    requestOf(
      'operator-01',
      psp,
      'PSP703',
      pay,
      'payment; a time with a zone',
      v4Payment({
        ...payment,
        pspCode: 'PSP703',
        resultUrl: facts.operatorResultUrl,
        channel: 'MOBILE',
        transactionId: id('T-3'),
        controlNumber: facts.phpNumber,
        amount: '12000',
        paidAt: `${generatedAt}.000+03:00`,
      }),
    ),
  ];
}

/** Blanks in all end tags but the message's own, which the envelope wants exact. */
function spaced(element: string): string {
  const end = element.lastIndexOf('</');
  return element.slice(0, end).replace(/<\/(\w+)>/g, '</$1 >') + element.slice(end);
}
