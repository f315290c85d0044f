/** Texts whose names are put together: every kind, state, rule and action has its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNames } from '../closing/day-check.rules';
import { checkNames as goLiveNames } from './parties/go-live.rules';
import { controls } from '../assurance/controls';
import { actions, isApprovedAction } from '../officers/permission.rules';
import { hasText } from '../platform/locale/locale';
import { dayStates } from '../reconciliation/day-state.rules';
import { discrepancyKinds, discrepancyStates } from '../reconciliation/discrepancy.rules';
import { matchRules } from '../reconciliation/matching.rules';
import { viewActions } from './bills/trace';

/** All that `pattern` captures in the files of a folder of the source. */
function named(folder: string, pattern: RegExp): readonly string[] {
  const root = join(__dirname, '..', folder);
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const sources = paths.filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'));
  const found = sources.flatMap((path) => [
    ...readFileSync(join(root, path), 'utf8').matchAll(pattern),
  ]);
  return [...new Set(found.map(([, name = '']) => name))];
}

it('every alarm, every kind of delivery and every match of a line of the bank has a name', () => {
  const alarms = named('', /raiseAlarm\w*\(tx, \{\s*kind: '([a-z-]+)'/g);
  const messages = readFileSync(join(__dirname, '../deliveries/delivery-message.ts'), 'utf8');
  const kinds = [...messages.matchAll(/readonly kind:([^;]+);/g)].flatMap(([, text = '']) =>
    [...text.matchAll(/'([a-z-]+)'/g)].map(([, kind = '']) => kind),
  );
  // The unions of rules, and of what a match does.
  const rules = named('settlement', /(?:\brule: |^ {2}\| )'([a-z-]+)'/gm);
  expect([alarms.length > 8, kinds.length > 9, rules.length > 5]).toEqual([true, true, true]);
  const keys = [
    ...alarms.map((each) => `overview.alarm-${each}`),
    ...kinds.map((each) => `deliveries.kind-${each}`),
    ...rules.map((each) => {
      const rule = `settlement.rule-${each}`;
      return hasText('en', rule) ? rule : `settlement.match-${each}`;
    }),
  ];
  expect(keys.filter((key) => !hasText('en', key) || !hasText('sw', key))).toEqual([]);
});

it('every name that a template puts together is there', () => {
  const keys = [
    ...dayStates.map((each) => `reconciliation.state-${each}`),
    ...matchRules.map((each) => `reconciliation.rule-${each}`),
    ...discrepancyKinds.flatMap((each) => [
      `discrepancies.kind-${each}`,
      `discrepancies.why-${each}`,
    ]),
    ...viewActions.map((each) => `bills.view-${each.replace('.', '-')}`),
    ...controls.map((each) => `audit.control-${each}`),
    ...checkNames.map((each) => `closing.check-${each}`),
    ...goLiveNames.flatMap((each) => [`administration.check-${each}`, `administration.do-${each}`]),
    ...discrepancyStates.map((each) => `discrepancies.state-${each}`),
    ...actions
      .filter(isApprovedAction)
      .map((each) => `approvals.action-${each.replaceAll('.', '-')}`),
  ];
  expect(keys.filter((key) => !hasText('en', key) || !hasText('sw', key))).toEqual([]);
});
