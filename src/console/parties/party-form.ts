/** A party's settings as a form: lists with a line for each entry, and what the file would say (party-file.rules.ts). */
import type { PartyFile } from '../../parties/party-file.rules';
import type { ShownFault } from '../page';

type Fields = Readonly<Record<string, string>>;

const lines = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(/\r?\n/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

const words = (text: string | undefined): readonly string[] =>
  (text ?? '').split(/[\s,;]+/).filter((each) => each !== '');

const endpoints = ['controlNumber', 'payment', 'reconciliation', 'cancellation'] as const;

/** What cannot be read stays a text, so that the check of the file names the place. */
function profileOf(text: string | undefined): unknown {
  if (text === undefined || text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** `certificates` are names that the check counts; the form brings or keeps the certificates themselves. */
export function partyFileOf(
  fields: Fields,
  certificates: readonly string[],
  statementMapping: object | null,
): unknown {
  const { kind } = fields;
  const base = {
    kind,
    code: fields['code'],
    name: fields['name'],
    certificates,
    collectionAccounts: lines(fields['collectionAccounts']).map((line) => {
      const [account = '', bank = '', currency = '', ...rest] = line.split(/[\s,;]+/);
      return { account, bank, currency: [currency, ...rest].join(' ') };
    }),
    profile: profileOf(fields['profile']),
  };
  const orNull = (name: string) => fields[name] ?? null;
  if (kind === 'payment-service-provider') {
    return {
      ...base,
      channels: lines(fields['channels']),
      policy: fields['policy'],
      resultUrl: orNull('resultUrl'),
      resultUrlPrefix: orNull('resultUrlPrefix'),
      queryLayout: fields['queryLayout'],
      bank: orNull('bank'),
      statementMapping,
    };
  }
  return {
    ...base,
    controlNumberPrefixes: words(fields['controlNumberPrefixes']),
    systemIds: words(fields['systemIds']),
    subSpCodes: words(fields['subSpCodes']),
    gfsCodes: words(fields['gfsCodes']),
    endpoints: Object.fromEntries(endpoints.map((name) => [name, orNull(`endpoints-${name}`)])),
    delivery: fields['delivery'],
  };
}

/** The form of a party that is enrolled. */
export function formOf(file: PartyFile): Fields {
  const common = {
    kind: file.kind,
    code: file.code,
    name: file.name,
    collectionAccounts: file.collectionAccounts
      .map(({ account, bank, currency }) => `${account} ${bank} ${currency}`)
      .join('\n'),
    profile: JSON.stringify(file.profile, null, 2),
  };
  if (file.kind === 'payment-service-provider') {
    return {
      ...common,
      channels: file.channels.join('\n'),
      policy: file.policy,
      resultUrl: file.resultUrl ?? '',
      resultUrlPrefix: file.resultUrlPrefix ?? '',
      queryLayout: file.queryLayout,
      bank: file.bank ?? '',
    };
  }
  return {
    ...common,
    controlNumberPrefixes: file.controlNumberPrefixes.join('\n'),
    systemIds: file.systemIds.join('\n'),
    subSpCodes: file.subSpCodes.join('\n'),
    gfsCodes: file.gfsCodes.join('\n'),
    ...Object.fromEntries(
      endpoints.map((name) => [`endpoints-${name}`, file.endpoints[name] ?? '']),
    ),
    delivery: file.delivery,
  };
}

/** The faults of a file one by one, or the one that there is; each with the field of the form where it stands. */
export function faultsOf(fault: ShownFault): readonly (object & { field: string | undefined })[] {
  if (fault.fields.length === 0) return [{ ...fault, field: undefined }];
  return fault.fields.map((each) => {
    const [, first, second] = /^\/(\w+)(?:\/([A-Za-z]\w*))?/.exec(each.pointer) ?? [];
    const isEndpoint = first === 'endpoints' && second !== undefined;
    return { ...each, field: isEndpoint ? `endpoints-${second}` : first };
  });
}
