/** Whatever the console may refuse is said in Kiswahili too, and nothing is said that nobody refuses. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fieldSentences from '../../platform/locale/sw/field-faults.json';
import sentences from '../../platform/locale/sw/refusals.json';
import { fieldSentence, refusalSentence } from './refusal-sentences';

const source = join(__dirname, '../..');

/** Of other edges: messages of parties, the JSON API, commands on the server, and the files they read. */
const elsewhere =
  /^(?:api-key\.(?:guessed|invalid|missing|scope-missing)|backup|body|certify\.(?:case-unknown|reconciliation-missing)|enquiry|evidence\.(?:file-exists|key-missing|no-bundle|too-large)|feed|file\.unwritable|gepg|idempotency|import|json|keystore\.(?!password-wrong|unreadable)|signature|upload\.(?:busy|not-csv|refused|too-large|unknown))/;

function refused(): readonly string[] {
  const found = new Set<string>();
  for (const path of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path.endsWith('.spec.ts')) continue;
    const text = readFileSync(join(source, path), 'utf8');
    for (const [, code = ''] of text.matchAll(/new Refusal\(\s*['"`]([^'"`]+)['"`]/g))
      found.add(code);
  }
  return [...found].filter((code) => !elsewhere.test(code)).sort();
}

it('every refusal that the console can show has a sentence, and each sentence a refusal', () => {
  const codes = refused();
  expect(codes.length).toBeGreaterThan(100);
  expect(codes.filter((code) => !(code in sentences))).toEqual([]);
  expect(Object.keys(sentences).filter((code) => !codes.includes(code))).toEqual([]);
});

it('particulars stand behind the sentence as they were said, and English stays as it is', () => {
  const refusal = { code: 'sheet.malformed', detail: 'line 7: id the column is missing' };
  expect(refusalSentence(refusal, 'en')).toBe(refusal.detail);
  expect(refusalSentence(refusal, 'sw')).toBe(
    'Faili hili si lahajedwali la tofauti lililopakuliwa hapa. (line 7: id the column is missing)',
  );
  expect(refusalSentence({ code: 'upload.gone', detail: 'send it again' }, 'sw')).toBe(
    'Faili halijahifadhiwa tena; litume upya.',
  );
  expect(refusalSentence({ code: 'not.known', detail: 'as it is' }, 'sw')).toBe('as it is');
});

it('each fault of a party file has its sentence, with its particulars, and each sentence a fault', () => {
  const rules = ['object-reading.rules.ts', 'party-file.rules.ts']
    .map((name) => readFileSync(join(source, 'parties', name), 'utf8'))
    .join('');
  const codes = Object.keys(fieldSentences);
  const quoted = (code: string) => rules.includes(`'${code.replace('party-file.', '')}'`);
  expect(codes.filter((code) => !quoted(code))).toEqual([]);
  const found = [...rules.matchAll(/(?:\.fault\([^,]+,|\$\/,|\? )\s*'([a-z-]+)'(?:,| :)/g)];
  const named = found.map(([, code = '']) => `party-file.${code}`);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((code) => !codes.includes(code))).toEqual([]);
  const choice = {
    pointer: '/policy',
    code: 'party-file.choice',
    detail: 'one of a, b',
    values: { allowed: 'a, b' },
  };
  expect(fieldSentence(choice, 'sw')).toBe('/policy: mojawapo ya a, b');
  expect(fieldSentence(choice, 'en')).toBe('/policy: one of a, b');
  expect(fieldSentence({ pointer: '/x', code: 'other', detail: 'as it is' }, 'sw')).toBe(
    '/x: as it is',
  );
});
