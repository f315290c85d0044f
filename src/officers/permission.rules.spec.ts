/** The table of roles and actions: what must hold of it, whatever is added. */
import {
  actions,
  isApprovedAction,
  isBoundToParty,
  mayDo,
  needsCode,
  roles,
  secondActionFor,
} from './permission.rules';

const isReading = (action: string) => /\.(read|verify|export|reveal)$/.test(action);

it('an auditor reads everything and changes nothing', () => {
  const allowed = actions.filter((action) => mayDo('auditor', action));
  expect(allowed.filter((action) => !isReading(action))).toEqual([]);
  const unread = actions.filter((action) => action.endsWith('.read') && !allowed.includes(action));
  expect(unread).toEqual([]);
});

it('every action is somebody’s', () => {
  expect(actions.filter((action) => !roles.some((role) => mayDo(role, action)))).toEqual([]);
});

it('what takes two officers names an action of the second, who confirms with a code', () => {
  const seconds = actions.filter(isApprovedAction).map((action) => secondActionFor(action));
  expect(seconds.length).toBeGreaterThan(4);
  for (const second of seconds) {
    if (second === undefined) throw new Error('no second action');
    expect(actions).toContain(second);
    expect(roles.filter((role) => mayDo(role, second) && !needsCode(role))).toEqual([]);
  }
});

it.each([
  ['treasury-officer', 'approvals.decide', false],
  ['treasury-officer', 'discrepancies.resolve', true],
  ['treasury-approver', 'approvals.decide', true],
  ['treasury-approver', 'officers.manage', false],
  ['institution-officer', 'bills.read', true],
  ['institution-officer', 'parties.read', false],
  ['institution-officer', 'audit.read', false],
  ['auditor', 'evidence.export', true],
  ['auditor', 'approvals.decide', false],
  ['administrator', 'officers.manage', true],
  ['administrator', 'discrepancies.resolve', false],
  ['administrator', 'payer.reveal', false],
  ['support', 'deliveries.manage', true],
  ['support', 'payer.reveal', false],
] as const)('%s may %s: %s', (role, action, isAllowed) => {
  expect(mayDo(role, action)).toBe(isAllowed);
});

it('only an institution’s officer is bound to one party', () => {
  expect(roles.filter(isBoundToParty)).toEqual(['institution-officer']);
});

it('approvers and administrators need a code', () => {
  expect(roles.filter(needsCode)).toEqual(['treasury-approver', 'administrator']);
});

it('knows which texts name an action of two officers', () => {
  expect(isApprovedAction('discrepancies.resolve')).toBe(true);
  expect(isApprovedAction('bills.read')).toBe(false);
  expect(isApprovedAction('nothing')).toBe(false);
});
