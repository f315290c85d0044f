/** One sample request: how it is made of a client's habits, a party's key and a text, and how it is written to a file. */
import { dammDigit } from '../../src/bills/control-number.rules';
import { envelopeOf, type FieldClient } from './field-clients';
import { sampleKeystore } from './sample-keys';

/** What the samples say: fixed for the files, and of the day in the demonstration. */
export interface SampleFacts {
  /** Begins every id. */
  readonly prefix: string;
  readonly generatedAt: string;
  readonly expiresAt: string;
  readonly laterExpiresAt: string;
  /** The day that the reconciliation requests ask for. */
  readonly day: string;
  /** Numbers of the bills of java-01, node-01 and php-01. */
  readonly javaNumber: string;
  readonly nodeNumber: string;
  readonly phpNumber: string;
  readonly bankResultUrl: string;
  readonly operatorResultUrl: string;
}

export interface SampleRequest {
  readonly name: string;
  readonly shows: string;
  /** Signs and sends; the code in the header is the group's for a combined bill. */
  readonly party: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

export const hospital = { code: 'SP70101', system: 'THOSP001' } as const;
export const water = { code: 'SP70202', system: 'TMAJI001' } as const;
/** The hospital and the water authority, for combined bills. */
export const group = 'SPG701';

function numberOf(stem: string): string {
  return `${stem}${dammDigit(stem)}`;
}

/** The facts of the files. The control numbers are well formed and of no bill. */
export const fileFacts: SampleFacts = {
  prefix: 'MFANO',
  generatedAt: '2026-11-24T09:15:00',
  expiresAt: '2027-11-24T23:59:59',
  laterExpiresAt: '2028-03-31T23:59:59',
  day: '2026-11-23',
  javaNumber: numberOf('99701260001'),
  nodeNumber: numberOf('99702226001'),
  phpNumber: numberOf('99701260002'),
  bankResultUrl: 'http://127.0.0.1:4711/result',
  operatorResultUrl: 'http://127.0.0.1:4713/result',
};

/** `signed` is given where a client signs another text than it sends. */
export function requestOf(
  name: string,
  client: FieldClient,
  party: string,
  path: string,
  shows: string,
  element: string,
  more: { signed?: string; headerCode?: string; channel?: string } = {},
): SampleRequest {
  const body = envelopeOf(client, sampleKeystore(party).privateKey, element, more.signed);
  const channel = more.channel ?? (party.startsWith('PSP') ? 'default.psp.in' : 'default.sp.in');
  const headers = client.headers(more.headerCode ?? party, channel, body.length);
  return { name, shows, party, path, headers, body };
}

/** Request line, headers, one empty line, then exactly the body. */
export function fileOf(request: SampleRequest): Buffer {
  const head = request.headers.map(([name, value]) => `${name}: ${value}`).join('\n');
  return Buffer.concat([Buffer.from(`POST ${request.path} HTTP/1.1\n${head}\n\n`), request.body]);
}
