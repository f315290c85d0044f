/** Samples of institutions in generation 4: four clients, with the quirks that each is known for. */
import { fieldClients } from './field-clients';
import { leaves, v4Cancellation, v4Change, v4Reconciliation, v4Submission } from './request-texts';
import { hospital, requestOf, type SampleFacts, type SampleRequest, water } from './sample-request';

const { java, node, dotnet, php } = fieldClients;
const paths = {
  submit: '/api/bill/sigqrequest',
  cancel: '/api/bill/sigcancel_request',
  change: '/api/bill/sigqrequest_change',
  reuse: '/api/bill/sigqrequest_reuse',
  reconcile: '/api/reconciliations/sig_sp_qrequest',
} as const;

export function v4SampleRequests(facts: SampleFacts): readonly SampleRequest[] {
  const { generatedAt, expiresAt } = facts;
  const id = (name: string): string => `${facts.prefix}-${name}`;
  const fee = { generatedAt, expiresAt, systemId: hospital.system, option: '3' };
  const supply = { generatedAt, expiresAt, systemId: water.system, option: '2' };
  const fees: readonly (readonly [string, string])[] = [
    ['142202', '40000.00'],
    ['142203', '25000.00'],
  ];
  const rawText = (spell: (text: string) => string): string =>
    v4Submission(hospital.code, [
      {
        ...fee,
        billId: id('J-3'),
        amount: '9500.0',
        payer: spell('Baraka & Wana'),
        description: spell('Vipimo vya damu < dakika 30 & ushauri'),
        wrappers: [[['142202', '9500.0']]],
      },
    ]);

  return [
    requestOf(
      'java-01',
      java,
      hospital.code,
      paths.submit,
      'submit; XML declaration with `standalone`, double-escaped text (`&amp;amp;`)',
      v4Submission(hospital.code, [
        {
          ...fee,
          billId: id('J-1'),
          amount: '65000.00',
          payer: 'Juma &amp;amp; Wanawe',
          description: 'Upasuaji mdogo',
          wrappers: [fees],
        },
      ]),
    ),
    requestOf(
      'java-02',
      java,
      hospital.code,
      paths.submit,
      'submit; amounts in scientific form (`1.25E7`)',
      v4Submission(hospital.code, [
        {
          ...fee,
          billId: id('J-2'),
          amount: '1.25E7',
          payer: 'Bima ya Mfano',
          description: 'Madai ya mwezi',
          wrappers: [
            [
              ['142202', '1.0E7'],
              ['142203', '2500000.0'],
            ],
          ],
        },
      ]),
    ),
    requestOf(
      'java-03',
      java,
      hospital.code,
      paths.submit,
      'submit; raw `&` and `<` in texts, ill-formed, signed over the escaped text',
      rawText((text) => text),
      { signed: rawText((text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')) },
    ),
    requestOf(
      'java-04',
      java,
      hospital.code,
      paths.cancel,
      'cancel; no reason, and a header channel that is none',
      v4Cancellation(hospital.code, hospital.system, undefined, [id('J-2')]),
      { channel: 'Application/xml' },
    ),
    requestOf(
      'java-05',
      java,
      hospital.code,
      paths.reconcile,
      'reconciliation request',
      v4Reconciliation('7011', hospital.code, hospital.system, facts.day),
    ),
    requestOf(
      'node-01',
      node,
      water.code,
      paths.submit,
      'submit; a `BillItems` wrapper for each item, line breaks around the signed element',
      v4Submission(water.code, [
        {
          ...supply,
          billId: id('N-1'),
          amount: '48000',
          payer: 'Ukumbi &amp; Bustani',
          description: 'Maji &lt;kaya&gt;',
          wrappers: [[['140101', '30000']], [['140283', '18000']]],
        },
      ]),
    ),
    requestOf(
      'node-02',
      node,
      water.code,
      paths.cancel,
      'cancel of two bills, one of them unknown',
      v4Cancellation(water.code, water.system, 'Ombi la mteja', [id('N-1'), id('N-9')]),
    ),
    requestOf(
      'node-03',
      node,
      water.code,
      paths.change,
      'change; three fields only',
      v4Change(water.code, water.system, id('N-1'), facts.laterExpiresAt),
      { channel: 'changebill.sp.in' },
    ),
    requestOf(
      'node-04',
      node,
      water.code,
      paths.reuse,
      'reuse; `PayCntrNum` behind the items',
      v4Submission(water.code, [
        {
          ...supply,
          billId: id('N-2'),
          amount: '21500',
          payer: 'Ukumbi &amp; Bustani',
          description: 'Maji, mwezi wa pili',
          wrappers: [[['140101', '21500']]],
          afterItems: { PayCntrNum: facts.nodeNumber },
        },
      ]),
      { channel: 'reusebill.sp.in' },
    ),
    requestOf(
      'node-05',
      node,
      water.code,
      paths.reconcile,
      'reconciliation request',
      v4Reconciliation('7022', water.code, water.system, facts.day),
    ),
    requestOf(
      'dotnet-01',
      dotnet,
      water.code,
      paths.submit,
      'submit of three bills; a declaration that says utf-16 above UTF-8, content type with charset',
      v4Submission(
        water.code,
        ['1', '2', '3'].map((each) => ({
          ...supply,
          billId: id(`4100${each}`),
          amount: '7885.5',
          payer: 'Zawadi Kimaro',
          description: `Dira ${each}`,
          wrappers: [[['140101', '7885.5']]],
        })),
      ),
    ),
    requestOf(
      'php-01',
      php,
      hospital.code,
      paths.submit,
      'submit; empty elements in three spellings, the line breaks around the element signed with it',
      v4Submission(hospital.code, [
        {
          ...fee,
          billId: id('P-1'),
          amount: '12000.00',
          payer: 'Neema Swai',
          description: 'Kliniki ya watoto',
          wrappers: [[['142202', '12000.00']]],
        },
      ]).replace(
        leaves({ PyrEmail: 'mlipaji@example.com' }),
        '<PyrEmail></PyrEmail><BillRsv1/><BillRsv2 />',
      ),
    ),
    requestOf(
      'php-02',
      php,
      hospital.code,
      paths.submit,
      'submit; indentation inside the element, the line breaks around it signed with it',
      v4Submission(hospital.code, [
        {
          ...fee,
          billId: id('P-2'),
          amount: '30500.00',
          payer: 'Rehema Massawe',
          description: 'Dawa',
          wrappers: [[['142203', '30500.00']]],
        },
      ]).replaceAll('><', '>\n  <'),
    ),
  ];
}
