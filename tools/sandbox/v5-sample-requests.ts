/** Samples of institutions in generation 5, as printed from a tree by Python. */
import { fieldClients } from './field-clients';
import { v5Cancellation, v5Reconciliation, v5Submission } from './request-texts';
import {
  group,
  hospital,
  requestOf,
  type SampleFacts,
  type SampleRequest,
  water,
} from './sample-request';

const { python } = fieldClients;
const submit = '/api/bill/20/submission';
const cancel = '/api/bill/20/cancellation';
const reconcile = '/api/reconciliation/20/request';

export function v5SampleRequests(facts: SampleFacts): readonly SampleRequest[] {
  const id = (name: string): string => `${facts.prefix}-${name}`;
  const dates = { generatedAt: facts.generatedAt, expiresAt: facts.expiresAt };
  return [
    requestOf(
      'python-01',
      python,
      hospital.code,
      submit,
      'generation 5 submit; SHA-256, `<CollPsp />`, non-ASCII text',
      v5Submission(
        {
          requestId: id('REQ-1'),
          groupCode: hospital.code,
          systemId: hospital.system,
          groupBillId: id('Y-1'),
        },
        [
          {
            ...dates,
            billId: id('Y-1'),
            spCode: hospital.code,
            gfsCode: '142202',
            amount: '18000.00',
            payer: 'Zoë Lémery – Müller',
            description: 'Kipimo &lt;X-ray&gt; &amp; ushauri',
          },
        ],
      ),
    ),
    requestOf(
      'python-02',
      python,
      hospital.code,
      cancel,
      'generation 5 cancel',
      v5Cancellation(id('REQ-2'), hospital.code, hospital.system, id('Y-1'), 'Kosa &amp; batili'),
    ),
    requestOf(
      'python-03',
      python,
      hospital.code,
      reconcile,
      'generation 5 reconciliation request',
      v5Reconciliation(id('REQ-3'), hospital.code, hospital.system, facts.day),
    ),
    requestOf(
      'python-04',
      python,
      hospital.code,
      submit,
      'generation 5 combined bill: two institutions, the group in the header',
      v5Submission(
        {
          requestId: id('REQ-4'),
          groupCode: group,
          systemId: hospital.system,
          groupBillId: id('YG-1'),
        },
        [
          {
            ...dates,
            billId: id('Y-2'),
            spCode: hospital.code,
            gfsCode: '142202',
            amount: '45000.00',
            payer: 'Shule ya Mfano',
            description: 'Uchunguzi wa afya',
          },
          {
            ...dates,
            billId: id('Y-3'),
            spCode: water.code,
            gfsCode: '140101',
            amount: '5000.00',
            payer: 'Shule ya Mfano',
            description: 'Maji ya kliniki',
          },
        ],
      ),
      { headerCode: group },
    ),
  ];
}
