/** Texts whose names are put together: every kind, state, rule and action has its own. */
import { checkNames } from '../closing/day-check.rules';
import { checkNames as goLiveNames } from './parties/go-live.rules';
import { controls } from '../assurance/controls';
import { actions, isApprovedAction } from '../officers/permission.rules';
import { hasText } from '../platform/locale/locale';
import { dayStates } from '../reconciliation/day-state.rules';
import { discrepancyKinds, discrepancyStates } from '../reconciliation/discrepancy.rules';
import { matchRules } from '../reconciliation/matching.rules';
import { viewActions } from './bills/trace';

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
