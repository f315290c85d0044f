/**
 * Nunjucks over `src/console` and the components of govuk-frontend, one environment for each language: `t` and the
 * formats of a template speak the language of who reads. Everything shown is escaped.
 */
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Environment, FileSystemLoader } from 'nunjucks';
import type { BusinessDay } from '../../kernel/business-day';
import type { FieldFault } from '../../kernel/refusal';
import {
  formatCount,
  formatDay,
  formatInstant,
  formatMoney,
  formatShortDay,
  formatShortInstant,
  formatWeekday,
  type Language,
  languages,
  translator,
} from '../../platform/locale/locale';
import { missSentence } from '../../settlement/miss-words';
import type { MissedCandidate } from '../../settlement/settlement-status.rules';
import { type ContentLine, nameWords, valueWords } from '../approvals/content-words';
import { assetBase, govukFolder } from '../assets/assets';
import { dataWords } from './data-words';
import { effectWords } from './effect-words';
import { fieldSentence, refusalSentence } from './refusal-sentences';

interface MissedRow {
  readonly missReason: string;
  readonly missCandidates: readonly MissedCandidate[] | null;
}

const consoleFolder = join(__dirname, '..');

function environmentFor(language: Language): Environment {
  const environment = new Environment(new FileSystemLoader([consoleFolder, govukFolder]), {
    autoescape: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  environment
    .addGlobal('t', translator(language))
    .addGlobal('language', language)
    .addGlobal('effect', (told: Parameters<typeof effectWords>[0]) => effectWords(told, language))
    .addGlobal('contentName', (line: ContentLine) => nameWords(line, language))
    .addGlobal('contentValue', (line: ContentLine) => valueWords(line, language))
    .addGlobal('fieldFault', (fault: FieldFault) => fieldSentence(fault, language))
    .addGlobal('missed', (row: MissedRow) =>
      missSentence(row.missReason, row.missCandidates ?? [], language),
    )
    .addFilter('data', (text: string) => dataWords(text, language))
    .addGlobal('refused', (fault: { code: string; detail: string }) =>
      refusalSentence(fault, language),
    )
    .addGlobal('assetBase', assetBase)
    .addFilter('money', (minor: bigint, currency?: string) => formatMoney(minor, currency))
    .addFilter('count', (count: number | bigint) => formatCount(count))
    .addFilter('day', (day: BusinessDay) => formatDay(day, language))
    .addFilter('shortDay', (day: BusinessDay) => formatShortDay(day))
    .addFilter('weekday', (day: BusinessDay) => formatWeekday(day, language))
    .addFilter('instant', (at: Date) => formatInstant(at, language))
    .addFilter('shortInstant', (at: Date) => formatShortInstant(at))
    .addFilter('iso', (at: Date) => at.toISOString());
  return environment;
}

@Injectable()
export class Renderer {
  private readonly environments = new Map(
    languages.map((language) => [language, environmentFor(language)]),
  );

  render(template: string, language: Language, data: object): string {
    const environment = this.environments.get(language);
    if (environment === undefined) throw new Error(`no texts in ${language}`);
    return environment.render(template, data);
  }
}
