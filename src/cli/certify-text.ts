/** What `certify` prints: a table of verdicts, and the bytes of every exchange as text that a terminal can take. */
import type { Certification } from '../gepg/certify/certify-party';
import type { Exchange } from '../gepg/certify/exchange';
import { table } from './text-table';

/** A message of one payment is 1 to 2 kB; more of a day batch tells nothing. */
const shownBytes = 4_096;

export function describeCertification(
  code: string,
  { generation, cases }: Certification,
  showsBytes: boolean,
): string {
  const count = (verdict: string): string =>
    String(cases.filter((each) => each.verdict === verdict).length);
  return [
    `${code}, generation ${generation}`,
    '',
    table(
      ['', 'case', 'verdict', ''],
      cases.map((each) => [String(each.number), each.name, each.verdict, each.sentence]),
      [0],
    ),
    '',
    `${count('pass')} passed, ${count('warning')} with a warning, ${count('fail')} failed`,
    ...(showsBytes
      ? cases.flatMap((each) => [
          `\n${String(each.number)}  ${each.name}`,
          ...each.exchanges.map(describeExchange),
        ])
      : []),
  ].join('\n');
}

export function certificationAsData(code: string, { generation, cases }: Certification): object {
  return {
    party: code,
    generation,
    cases: cases.map(({ number, name, verdict, sentence, exchanges }) => ({
      number,
      name,
      verdict,
      sentence,
      exchanges: exchanges.map((each) => ({
        url: each.url,
        manner: each.manner,
        request: shown(each.request),
        httpStatus: each.httpStatus,
        contentType: each.contentType,
        answer: shown(each.answer),
        failure: each.failure,
        ms: each.ms,
      })),
    })),
  };
}

function describeExchange(each: Exchange): string {
  const ending =
    each.failure ??
    (each.httpStatus === null ? 'answer not read' : `HTTP ${String(each.httpStatus)}`);
  return [
    `-> ${each.url} (${each.manner})`,
    shown(each.request),
    `<- ${ending}, ${String(each.ms)} ms`,
    ...(each.answer.length === 0 ? [] : [shown(each.answer)]),
  ].join('\n');
}

/** Control characters of others may not reach a terminal. */
function shown(bytes: Buffer): string {
  const text = bytes.toString('utf8', 0, shownBytes).replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '·');
  return bytes.length > shownBytes ? `${text} … (${String(bytes.length)} bytes)` : text;
}
