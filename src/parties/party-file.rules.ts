/**
 * The enrolment file of a party, in the two forms of product.md §10 (with the additions of rulings.md §10), checked
 * as a whole: every fault is listed with its place in the file, and nothing is enrolled while one is left.
 */
import { type FieldFault, Refusal } from '../kernel/refusal';
import { type Currency, isCurrency } from '../kernel/money';
import { isObject, Reading } from './object-reading.rules';
import { readStatementMapping } from './statement-mapping.rules';
import {
  defaultDigests,
  defaultRequestsPerSecond,
  type Digest,
  gatewaySignatures,
  type Profile,
  weaknesses,
} from './profile.rules';

export type DeliveryForm = 'gepg-v4' | 'gepg-v5' | 'webhook';

export interface Account {
  readonly account: string;
  readonly bank: string;
  readonly currency: Currency;
}

interface PartyFileBase {
  readonly code: string;
  readonly name: string;
  readonly certificates: readonly string[];
  readonly collectionAccounts: readonly Account[];
  readonly profile: Profile;
}

export interface ServiceProviderFile extends PartyFileBase {
  readonly kind: 'service-provider';
  readonly controlNumberPrefixes: readonly string[];
  readonly systemIds: readonly string[];
  readonly subSpCodes: readonly string[];
  readonly gfsCodes: readonly string[];
  readonly endpoints: Readonly<
    Record<'controlNumber' | 'payment' | 'reconciliation' | 'cancellation', string | null>
  >;
  readonly delivery: DeliveryForm;
  readonly groups: readonly { readonly code: string; readonly members: readonly string[] }[];
}

export interface PaymentServiceProviderFile extends PartyFileBase {
  readonly kind: 'payment-service-provider';
  readonly channels: readonly string[];
  readonly policy: 'refuse' | 'irrevocable';
  readonly resultUrl: string | null;
  readonly resultUrlPrefix: string | null;
  readonly queryLayout: 'A' | 'B';
  readonly bank: string | null;
  readonly statementMapping: object | null;
}

export type PartyFile = ServiceProviderFile | PaymentServiceProviderFile;

function readDigests(reading: Reading, name: string): readonly Digest[] | undefined {
  const digests = reading.texts(name, /^sha(1|256)$/, 'digest', 'sha1 or sha256');
  return digests.length === 0 ? undefined : (digests as Digest[]);
}

/** Either one list for both generations, or `{"v4": […], "v5": […]}`. */
function readAllDigests(reading: Reading): Profile['digests'] {
  if (Array.isArray(reading.peek('digests'))) {
    const both = readDigests(reading, 'digests');
    return both === undefined ? defaultDigests : { v4: both, v5: both };
  }
  const inner = reading.object_('digests');
  const digests = {
    v4: readDigests(inner, 'v4') ?? defaultDigests.v4,
    v5: readDigests(inner, 'v5') ?? defaultDigests.v5,
  };
  inner.end();
  return digests;
}

function readWeakUntil(reading: Reading): Profile['weakUntil'] {
  const inner = reading.object_('weakUntil');
  const days = Object.fromEntries(weaknesses.map((name) => [name, inner.day(name)]));
  inner.end();
  return days as Profile['weakUntil'];
}

/** Institutions verify with what they have; a PSP may agree on the other key. */
function readProfile(reading: Reading, kind: PartyFile['kind']): Profile {
  const profile: Profile = {
    digests: readAllDigests(reading),
    isBulk: reading.flag('isBulk', false),
    allowsLimited: reading.flag('allowsLimited', false),
    showsPayerContact: reading.flag('showsPayerContact', false),
    repairXml: reading.flag('repairXml', true),
    ackSignature: reading.choice('ackSignature', ['optional', 'required'], 'optional'),
    outputForm: reading.choice('outputForm', ['plain', 'java-double'], 'plain'),
    strictHeaders: reading.flag('strictHeaders', false),
    cancellationCallback: reading.flag('cancellationCallback', false),
    emptyDayCode: reading.choice('emptyDayCode', ['7101', '7324'], '7101'),
    gatewaySignature: reading.choice('gatewaySignature', gatewaySignatures, 'rsa'),
    requestsPerSecond: reading.count('requestsPerSecond', 100_000, defaultRequestsPerSecond),
    weakUntil: readWeakUntil(reading),
  };
  if (kind === 'service-provider' && profile.gatewaySignature === 'ecdsa') {
    reading.fault('gatewaySignature', 'rsa', 'rsa, since ecdsa is agreed on with PSPs only');
  }
  reading.end();
  return profile;
}

function readAccounts(reading: Reading): readonly Account[] {
  return reading.objects('collectionAccounts').map((each) => {
    const currency = each.text('currency', /^(TZS|USD)$/, 'currency', 'TZS or USD');
    const account = {
      account: each.text('account', /^[A-Za-z0-9-]{1,50}$/, 'account', 'an account number'),
      bank: each.text('bank', /^[A-Z0-9]{4,11}$/, 'bank', 'a bank code such as NMIBTZTZ'),
      currency: isCurrency(currency) ? currency : ('TZS' as const),
    };
    each.end();
    return account;
  });
}

function readServiceProvider(
  reading: Reading,
): Omit<ServiceProviderFile, keyof PartyFileBase | 'kind'> {
  const endpoints = reading.object_('endpoints');
  const facts = {
    controlNumberPrefixes: reading.texts(
      'controlNumberPrefixes',
      /^\d{1,4}$/,
      'prefix',
      'one to four digits',
    ),
    systemIds: reading.texts(
      'systemIds',
      /^[A-Za-z0-9]{1,20}$/,
      'system-id',
      'a system id such as TABCD001',
    ),
    subSpCodes: reading.texts('subSpCodes', /^\d{1,8}$/, 'digits', 'digits'),
    gfsCodes: reading.texts('gfsCodes', /^(\d{6}|\d{12})$/, 'gfs', 'six or twelve digits'),
    endpoints: {
      controlNumber: endpoints.url('controlNumber'),
      payment: endpoints.url('payment'),
      reconciliation: endpoints.url('reconciliation'),
      cancellation: endpoints.url('cancellation'),
    },
    delivery: reading.choice('delivery', ['gepg-v4', 'gepg-v5', 'webhook'], 'gepg-v4'),
    groups: reading.objects('groups').map((group) => ({
      code: group.text('code', /^SPG\d{1,8}$/, 'group', 'a group code such as SPG1'),
      members: group.texts('members', /^SP\w{1,8}$/, 'sp', 'an SP code'),
    })),
  };
  endpoints.end();
  reading.raw('timeZone');
  return facts;
}

/** Kept as it was written; a mapping that would be refused at the first statement is refused here. */
function readMappingOf(reading: Reading): object | null {
  const mapping = reading.raw('statementMapping') ?? null;
  if (mapping === null) return null;
  if (!isObject(mapping)) {
    reading.fault('statementMapping', 'object', 'an object or null');
    return null;
  }
  try {
    readStatementMapping(mapping);
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    const [at = '', ...rest] = fault.detail.split(': ');
    reading.fault(at, 'mapping', rest.join(': '));
  }
  return mapping;
}

function readPaymentServiceProvider(
  reading: Reading,
): Omit<PaymentServiceProviderFile, keyof PartyFileBase | 'kind'> {
  return {
    channels: reading.texts('channels', /^[A-Za-z0-9 _-]{1,50}$/, 'channel', 'a channel word'),
    policy: reading.choice('policy', ['refuse', 'irrevocable'], 'refuse'),
    resultUrl: reading.url('resultUrl'),
    resultUrlPrefix: reading.url('resultUrlPrefix'),
    queryLayout: reading.choice('queryLayout', ['A', 'B'], 'A'),
    bank: reading.optionalText('bank'),
    statementMapping: readMappingOf(reading),
  };
}

/** Refuses: party.file-malformed, with every fault in its sentence. */
export function readPartyFile(value: unknown): PartyFile {
  const faults: FieldFault[] = [];
  const reading = new Reading(isObject(value) ? value : {}, '', faults);
  if (!isObject(value)) reading.fault('', 'object', 'an object');
  const kind = reading.choice('kind', ['service-provider', 'payment-service-provider']);
  const base = {
    code: reading.text(
      'code',
      kind === 'service-provider' ? /^SP[A-Z0-9]{1,8}$/ : /^PSP[A-Z0-9]{1,7}$/,
      kind === 'service-provider' ? 'code-sp' : 'code-psp',
      kind === 'service-provider' ? 'SP and up to eight digits' : 'PSP and up to seven digits',
    ),
    name: reading.text('name', /^.{1,200}$/, 'name', 'a name of at most 200 characters'),
    certificates: reading.texts('certificates', /./, 'certificate', 'the path of a certificate'),
    collectionAccounts: readAccounts(reading),
    profile: readProfile(reading.object_('profile'), kind),
  };
  const file: PartyFile =
    kind === 'service-provider'
      ? { kind, ...base, ...readServiceProvider(reading) }
      : { kind, ...base, ...readPaymentServiceProvider(reading) };
  reading.end();
  if (file.certificates.length === 0)
    reading.fault('certificates', 'certificate-missing', 'at least one certificate');
  if (faults.length > 0) {
    const all = faults.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
    const sentence = `the party file has faults: ${all}`;
    throw new Refusal('party.file-malformed', sentence, 'malformed', { fields: faults });
  }
  return file;
}
