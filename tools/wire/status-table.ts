/**
 * docs/status-codes.md out of the code: every refusal that can reach the wire, its status code and meaning, and the
 * messages it can appear in. The kinds of refusals are read from the type `WireRefusal` of src/gepg/status-codes.ts,
 * so that the page cannot lag behind; a kind that has no place below is a fault.
 */
import { join } from 'node:path';
import ts from 'typescript';
import {
  cancellationAnswers,
  changedCode,
  faultCodes,
  partyCodes,
  statusCodes,
  statusTextOf,
  successCode,
} from '../../src/gepg/status-codes';
import { projectRoot } from '../../src/installation';

/** Where refusals appear: a word for the table, and the messages that it stands for. */
const places = {
  any: 'the answer to any message',
  bills: '`gepgBillSubResp`, `billSubRes`',
  changes: 'the same, of a bill that is changed',
  cancellations: '`gepgBillCanclResp`, `billCanclRes`',
  days: '`gepgSpReconcReqAck`, `sucSpPmtReqAck`',
  push: '`billPushToPayReqAck`',
  enquiries: '`gepgBillQryResp`, `billQryRes`',
  payments: '`gepgPmtPstReqAck`, `pmtReqAck`; and `pmtStsRes`, which repeats them',
  status: '`pmtStsRes`',
  notices: '`pmtOlNtfReqAck`',
} as const;
type Place = keyof typeof places;

const placeOfType: Readonly<Record<string, Place>> = {
  EdgeRefusal: 'any',
  SubmissionFault: 'bills',
  ChangeFault: 'changes',
  CancellationResult: 'cancellations',
  DayBatchRefusal: 'days',
  EnquiryFault: 'enquiries',
  PaymentRefusal: 'payments',
  StatusRefusal: 'status',
  AnnouncementRefusal: 'notices',
};

/** Refusals of the edge that belong to one kind of message. */
const placeOfRefusal: Readonly<Record<string, Place>> = {
  'gepg.push-unavailable': 'push',
  'enquiry.asked-too-often': 'enquiries',
};

interface Row {
  readonly code: string;
  readonly refusal: string;
  readonly places: readonly Place[];
}

/** Refusal to the types that name it, in the order of the code. */
function typesOfRefusals(): ReadonlyMap<string, readonly string[]> {
  const path = join(projectRoot, 'src', 'gepg', 'status-codes.ts');
  const program = ts.createProgram([path], {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const alias = program
    .getSourceFile(path)
    ?.statements.filter(ts.isTypeAliasDeclaration)
    .find(({ name }) => name.text === 'WireRefusal');
  if (alias === undefined || !ts.isUnionTypeNode(alias.type))
    throw new Error('status-codes.ts has no union WireRefusal');
  const found = new Map<string, string[]>();
  for (const node of alias.type.types) {
    const name = nameOf(node);
    const type = checker.getTypeFromTypeNode(node);
    for (const member of type.isUnion() ? type.types : [type]) {
      if (!member.isStringLiteral()) throw new Error(`${name} is not made of texts`);
      found.set(member.value, [...(found.get(member.value) ?? []), name]);
    }
  }
  return found;
}

/** `A` and `Exclude<A, …>` are A. */
function nameOf(node: ts.TypeNode): string {
  const [inner] = ts.isTypeReferenceNode(node) ? (node.typeArguments ?? []) : [];
  return (inner ?? node).getText();
}

function placesOf(refusal: string, types: readonly string[]): readonly Place[] {
  return types.map((type) => {
    const place = placeOfRefusal[refusal] ?? placeOfType[type];
    if (place === undefined) throw new Error(`status-table.ts does not know where ${type} appears`);
    return place;
  });
}

function rows(): readonly Row[] {
  const types = typesOfRefusals();
  const codes = Object.entries(statusCodes);
  const refusals = codes.map(([refusal, code]) => {
    // A cancellation has codes of its own: what is gone already was cancelled with success.
    const own = (types.get(refusal) ?? []).filter((type) => type !== 'CancellationResult');
    return { code, refusal, places: placesOf(refusal, own) };
  });
  const cancellations = Object.entries(cancellationAnswers).map(([refusal, { sts, code }]) => ({
    code,
    refusal: `${refusal} (${sts})`,
    places: placesOf(refusal, ['CancellationResult']),
  }));
  const parties = Object.entries(partyCodes).flatMap(([kind, { unknown, suspended }]) => [
    {
      code: unknown,
      refusal: `gepg.party-unknown (${kind})`,
      places: placesOf('', ['EdgeRefusal']),
    },
    {
      code: suspended,
      refusal: `gepg.party-suspended (${kind})`,
      places: placesOf('', ['EdgeRefusal']),
    },
  ]);
  const others: readonly Row[] = [
    { code: successCode, refusal: 'none: taken', places: ['any'] },
    {
      code: faultCodes([]),
      refusal: 'none: the last of several codes',
      places: ['bills', 'changes'],
    },
    { code: changedCode, refusal: 'none: the bill is changed', places: ['changes'] },
  ];
  return [...others, ...parties, ...refusals, ...cancellations].filter(
    (row) => row.places.length > 0,
  );
}

export function statusTable(): string {
  const sorted = rows()
    .map((row, at) => ({ ...row, at }))
    .sort((a, b) => a.code.localeCompare(b.code) || a.at - b.at);
  const lines = sorted.map(
    ({ code, refusal, places: where }) =>
      `| ${code} | ${statusTextOf(code)} | ${refusal} | ${where.join(', ')} |`,
  );
  const legend = Object.entries(places).map(([word, messages]) => `| ${word} | ${messages} |`);
  return [head, '| where | messages |', '|---|---|', ...legend, '', columns, ...lines, ''].join(
    '\n',
  );
}

const head = `# Status codes

Every refusal that can reach the GePG wire, with its status code. Made from the code by
\`node dist/tools/write-status-table.js\`; a test compares, so do not edit it by hand.

- HTTP is 200 for every answer with a code. What never became a message is refused by HTTP alone: 408, 413, 429, 503.
- A message whose sender is not known, or whose signature does not hold, leaves a line in the security log and
  nothing else. Everything of a known sender is kept, whatever the answer.
- A bill has all its faults, in the order of its elements: \`7224;7258;7201\`. Payments, enquiries and requests have one.
- A payment that cannot be taken from a PSP whose policy is \`irrevocable\` is answered 7101: the money is in suspense.
- \`GS\` and \`GF\` are success and failure of a cancellation: a bill that is gone already is cancelled with success.
`;

const columns = `| code | meaning | refusal | where |
|---|---|---|---|`;
