/** The filter form of a report, made from what its definition takes. */
import type { Language } from '../../platform/locale/locale';
import { currencies } from '../../kernel/money';
import type { Session } from '../../officers/sessions';
import { catalogue, type ReportName, reportNames } from '../../reports/report-catalogue';
import { dimensions, steps } from '../../reports/report-parameters.rules';
import { word } from '../../reports/report-words';
import type { ReportRequest } from '../../reports/run-report';

interface Filter {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly type?: 'date';
  readonly options?: readonly (readonly [string, string])[];
}

/** An institution's officer is offered what is about institutions. */
export function reportsFor({ partyId }: Session['officer']): readonly ReportName[] {
  return reportNames.filter(
    (name) => partyId === null || catalogue[name].audience === 'institutions',
  );
}

export function filtersOf(
  { name, parameters, scope }: ReportRequest,
  language: Language,
): readonly Filter[] {
  const { takes, isOfOneDay } = catalogue[name];
  const days = (isOfOneDay ? ['to'] : ['from', 'to']).map((each): Filter => ({
    name: each,
    label: word(language, isOfOneDay ? 'parameter.day' : `parameter.${each as 'from' | 'to'}`),
    value: parameters[each],
    type: 'date',
  }));
  const others = (['by', 'period', 'sp', 'psp', 'gfs', 'channel', 'currency'] as const)
    .filter((each) => takes.includes(each) && !(each === 'sp' && scope !== 'everybody'))
    .map((each): Filter => ({
      name: each,
      label: word(language, `parameter.${each}`),
      value: parameters[each],
      ...(each === 'by' ? { options: worded(dimensions, language) } : {}),
      ...(each === 'period' ? { options: worded(steps, language) } : {}),
      ...(each === 'currency' ? { options: currencies.map((code) => [code, code] as const) } : {}),
    }));
  return [...days, ...others];
}

function worded(
  words: readonly ((typeof dimensions)[number] | (typeof steps)[number])[],
  language: Language,
): readonly (readonly [string, string])[] {
  return words.map((each) => [each, word(language, `word.${each}`)] as const);
}
