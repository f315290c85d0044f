/**
 * What stands in data or in the faults of a file as the gateway wrote it, in English: holidays, and what is wrong with a
 * line. In Kiswahili there is a sentence for each, in which `{}` are its particulars; what has none stays as it is.
 */
import type { Language } from '../../platform/locale/locale';
import sentences from '../../platform/locale/sw/said-in-data.json';

const kiswahili = Object.entries(sentences).map(([said, inSwahili]) => ({
  pattern: new RegExp(`^${said.split('{}').map(escaped).join('(.+)')}$`, 's'),
  inSwahili,
}));

export function dataWords(text: string, language: Language): string {
  if (language === 'en') return text;
  for (const { pattern, inSwahili } of kiswahili) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const [, ...particulars] = found;
    return inSwahili.replace(/\{\}/g, () => particulars.shift() ?? '');
  }
  return text;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
