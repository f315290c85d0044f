/** What the gateway writes into data and faults of files, as a reader of Kiswahili sees it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sentences from '../../platform/locale/sw/said-in-data.json';
import { dataWords } from './data-words';

const root = join(__dirname, '../../..');

it('each sentence is one that the gateway says, and keeps its particulars', () => {
  const sources = ['src', 'migrations'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
      .map((path) => readFileSync(join(root, folder, path), 'utf8')),
  );
  const isSaid = (part: string) =>
    sources.some((source) => source.includes(part.replace(/^, /, '')));
  const parts = (said: string) => said.split('{}').filter((each) => /[a-z]{3}/i.test(each));
  const unsaid = Object.keys(sentences).filter((said) => !parts(said).every(isSaid));
  expect(unsaid).toEqual([]);
  const places = (text: string) => text.split('{}').length;
  const lost = Object.entries(sentences).filter(([said, other]) => places(said) !== places(other));
  expect(lost).toEqual([]);
});

it('says it with its particulars, whatever they are; what it does not know stays', () => {
  expect(dataWords('wanted digits', 'en')).toBe('wanted digits');
  expect(dataWords('wanted digits', 'sw')).toBe('tarakimu zinatakiwa');
  expect(dataWords('a line of PSP702, in a statement of PSP701', 'sw')).toBe(
    'mstari wa PSP702, katika taarifa ya PSP701',
  );
  expect(dataWords('Eid al-Fitr, second day', 'sw')).toBe('Idi el-Fitri, siku ya pili');
  expect(dataWords('Siku ya mfano', 'sw')).toBe('Siku ya mfano');
});
