/**
 * Valid messages of every kind, each with who signed it and where it goes: what the mutations start from. The parties
 * are those of certs-sample, their directory is a table, and the code under test is the gateway's own.
 */
import { AuthenticateMessage } from '../../../src/gepg/authenticate-message';
import type { Command } from '../../../src/gepg/commands';
import { wrapSigned } from '../../../src/gepg/envelope';
import { IdentifySender } from '../../../src/gepg/identify-sender';
import { type Operation, operations } from '../../../src/gepg/operations';
import { codecs } from '../../../src/gepg/protocol';
import { parseElement } from '../../../src/gepg/xml';
import type { Party, PartyDirectory } from '../../../src/parties/party-directory';
import { readPartyFile } from '../../../src/parties/party-file.rules';
import { instantFromIso } from '../../../src/kernel/clock';
import { type Digest, signBytes } from '../../../src/platform/crypto/signature';
import {
  v4Cancellation,
  v4Change,
  v4Enquiry,
  v4Payment,
  v4Reconciliation,
  v4Submission,
  v5Cancellation,
  v5Reconciliation,
  v5Submission,
} from '../../../tools/sandbox/request-texts';
import { sampleKeystore } from '../../../tools/sandbox/sample-keys';

export interface Original {
  readonly operation: Operation;
  readonly signer: string;
  readonly header: string;
  readonly word: string;
  readonly element: Buffer;
  readonly body: Buffer;
}

const codes = ['SP70101', 'SP70202', 'PSP701', 'PSP702'] as const;
/** Who tries, with an enrolled key, to be somebody else: one of each kind. */
export const attackers = ['SP70202', 'PSP702'] as const;

const group = 'SPG701';
const day = '2026-11-24';
const [generatedAt, expiresAt] = [`${day}T10:00:00`, '2027-12-31T23:59:59'];

function keyOf(code: string) {
  return sampleKeystore(code).privateKey;
}

export function signAs(element: Buffer, code: string, digest?: Digest): Buffer {
  const generation = element.toString('latin1', 0, 5) === '<gepg' ? 'v4' : 'v5';
  const own = generation === 'v4' ? 'sha1' : 'sha256';
  return wrapSigned(element, signBytes(element, keyOf(code), digest ?? own), generation);
}

function partyOf(code: string, id: number): Party {
  const { profile } = readPartyFile({
    kind: code.startsWith('PSP') ? 'payment-service-provider' : 'service-provider',
    code,
    name: code,
    certificates: ['given'],
  });
  const { certificate } = sampleKeystore(code);
  const facts = {
    id,
    code,
    name: code,
    isActive: true,
    profile,
    accounts: [],
    keys: [
      {
        fingerprint: certificate.fingerprint,
        publicKey: certificate.publicKey,
        notBefore: instantFromIso('2020-01-01T00:00:00Z'),
        notAfter: instantFromIso('2099-01-01T00:00:00Z'),
      },
    ],
    lookedUp: { at: instantFromIso(`${day}T08:00:00Z`), stopwatchMs: performance.now() },
  };
  // The facts of either kind beside these are of no use before the operation runs.
  return {
    ...facts,
    kind: code.startsWith('PSP') ? 'payment-service-provider' : 'service-provider',
  } as unknown as Party;
}

const parties = new Map(codes.map((code, i) => [code as string, partyOf(code, i + 1)]));
const directory = {
  find: (code: string) => Promise.resolve(parties.get(code)),
  membersOf: (code: string) => Promise.resolve(code === group ? ['SP70101'] : []),
} as unknown as PartyDirectory;

export const identify = new IdentifySender(directory);
export const authenticate = new AuthenticateMessage(directory, identify);

function v4Texts(spCode: string): readonly (readonly [string, string, string])[] {
  const bill = (billId: string, amount: string) => ({
    billId,
    systemId: 'THOSP001',
    amount,
    payer: 'Asha &amp; Wana &lt;Kikundi&gt;',
    description: 'Huduma &#214;',
    option: '3',
    generatedAt,
    expiresAt,
    wrappers: [[['142202', amount]], [['142203', '0']]] as const,
  });
  return [
    [
      '/api/bill/sigqrequest',
      v4Submission(spCode, [bill('B1', '1500.00'), bill('B2', '1.25E7')]),
      '',
    ],
    [
      '/api/bill/sigqrequest_reuse',
      v4Submission(spCode, [{ ...bill('B3', '7'), afterItems: { PayCntrNum: '997010000001' } }]),
      '',
    ],
    ['/api/bill/sigqrequest_change', v4Change(spCode, 'THOSP001', 'B1', expiresAt), ''],
    ['/api/bill/sigcancel_request', v4Cancellation(spCode, 'THOSP001', 'Ombi', ['B1', 'B2']), ''],
    ['/api/reconciliations/sig_sp_qrequest', v4Reconciliation('D-1', spCode, 'THOSP001', day), ''],
  ];
}

function v5Texts(spCode: string): readonly (readonly [string, string, string])[] {
  const part = (billId: string, amount: string) => ({
    billId,
    spCode,
    gfsCode: '142202',
    amount,
    payer: 'Neema Mollel',
    description: 'Leseni',
    generatedAt,
    expiresAt,
  });
  const header = { requestId: 'R-1', systemId: 'THOSP001', groupBillId: 'G-1' };
  const isMember = spCode === 'SP70101';
  return [
    [
      '/api/bill/20/submission',
      v5Submission({ ...header, groupCode: spCode }, [part('B1', '1500.00')]),
      '',
    ],
    [
      '/api/bill/20/submission',
      v5Submission({ ...header, groupCode: isMember ? group : spCode }, [
        part('B1', '1.00'),
        part('B2', '2.00'),
      ]),
      isMember ? group : '',
    ],
    ['/api/bill/20/cancellation', v5Cancellation('C-1', spCode, 'THOSP001', 'G-1', 'Ombi'), ''],
    ['/api/reconciliation/20/request', v5Reconciliation('D-1', spCode, 'THOSP001', day), ''],
  ];
}

function pspTexts(pspCode: string): readonly (readonly [string, string, string])[] {
  const payment = (amount: string) =>
    v4Payment({
      pspCode,
      resultUrl: 'http://127.0.0.1:1/result',
      transactionId: `T-${amount}`,
      controlNumber: '997010000001',
      amount,
      paidAt: generatedAt,
      channel: 'MOBILE',
    });
  const pmtReq = (amount: string) =>
    `<pmtReq><PmtHdr><ReqId>R-1</ReqId><PspCode>${pspCode}</PspCode><CustCtrNum>997010000001</CustCtrNum></PmtHdr>` +
    `<PmtDtl><TrxId>T-${amount}</TrxId><PaidAmt>${amount}</PaidAmt><Ccy>TZS</Ccy><TrxDtTm>${generatedAt}</TrxDtTm></PmtDtl></pmtReq>`;
  return [
    ['/api/payment/sigqrequest', payment('100.00'), ''],
    ['/api/payment/sigqrequest', payment('999999.00'), ''],
    ['/api/bill/transfer-query', v4Enquiry('Q-1', '997010000001'), ''],
    ['/api/payment/20/posting', pmtReq('100.00'), ''],
    ['/api/payment/20/posting', pmtReq('77.50'), ''],
    [
      '/api/bill/20/query',
      `<billQryReq><ReqId>Q-1</ReqId><PspCode>${pspCode}</PspCode><CustCtrNum>997010000001</CustCtrNum></billQryReq>`,
      '',
    ],
    [
      '/api/payment/20/status',
      `<pmtStsReq><ReqId>S-1</ReqId><PspCode>${pspCode}</PspCode><TrxId>T-1</TrxId></pmtStsReq>`,
      '',
    ],
  ];
}

function originalOf(
  signer: string,
  [path, text, header]: readonly [string, string, string],
): Original {
  const operation = operations.find((each) => each.path === path);
  if (operation === undefined) throw new Error(`no operation at ${path}`);
  const element = Buffer.from(text);
  return {
    operation,
    signer,
    header: header === '' ? signer : header,
    word: signer.startsWith('PSP') ? 'default.psp.in' : 'default.sp.in',
    element,
    body: signAs(element, signer),
  };
}

export const originals: readonly Original[] = codes.flatMap((code) =>
  (code.startsWith('PSP') ? pspTexts(code) : [...v4Texts(code), ...v5Texts(code)]).map((text) =>
    originalOf(code, text),
  ),
);

/** What the signer of an original meant, at whatever path the message is sent to. */
function commandOf(operation: Operation, element: Buffer, word: string): string | undefined {
  const limits = { maxElements: 30_000, maxDepth: 16 };
  const root = parseElement(element, limits);
  const kind = operation.messages.find(({ shape }) => shape.name === root.name);
  return kind && textOfCommand(codecs[kind.generation].decode(operation.name, root, word));
}

export function textOfCommand(command: Command): string {
  return JSON.stringify(command);
}

const meant = new Map<string, ReadonlySet<string>>();

/** Every command that a party has ever signed, as an operation reads it. */
export function commandsOf(
  signer: string,
  operation: Operation,
  word: string,
): ReadonlySet<string> {
  const key = `${signer} ${operation.path} ${word}`;
  let commands = meant.get(key);
  if (commands === undefined) {
    const own = originals.filter((each) => each.signer === signer);
    commands = new Set(own.flatMap(({ element }) => commandOf(operation, element, word) ?? []));
    meant.set(key, commands);
  }
  return commands;
}
