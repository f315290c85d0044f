/**
 * Who may do what: the one table that guards, menus and tests read (security-reliability CON6). An action with
 * `secondBy` is only asked for by who may do it; another officer, who may do what `secondBy` names, carries it out.
 */
export const roles = [
  'treasury-officer',
  'treasury-approver',
  'institution-officer',
  'auditor',
  'administrator',
  'support',
] as const;
export type Role = (typeof roles)[number];

interface Rule {
  readonly roles: readonly Role[];
  readonly secondBy?: string;
}

const treasury = ['treasury-officer', 'treasury-approver'] as const;
/** Who sees the books of all institutions. */
const readers = [...treasury, 'auditor', 'administrator', 'support'] as const;
/** And who sees those of his own. */
const everybody = [...readers, 'institution-officer'] as const;

const table = {
  'overview.read': { roles: everybody },
  'bills.read': { roles: everybody },
  'payments.read': { roles: everybody },
  /** Shows a payer's name, phone and address in full; each time is recorded. */
  'payer.reveal': { roles: [...treasury, 'institution-officer', 'auditor'] },
  'payments.reverse': { roles: treasury, secondBy: 'approvals.decide' },

  'reconciliation.read': { roles: [...treasury, 'auditor', 'support'] },
  'statements.import': { roles: treasury },
  'reconcile.run': { roles: treasury },
  'discrepancies.read': { roles: [...treasury, 'auditor', 'support'] },
  'discrepancies.work': { roles: treasury },
  'discrepancies.resolve': { roles: treasury, secondBy: 'approvals.decide' },
  'approvals.read': { roles: [...treasury, 'auditor', 'administrator'] },
  'approvals.decide': { roles: ['treasury-approver'] },
  'day.read': { roles: [...treasury, 'auditor', 'administrator', 'support'] },
  'day.close.propose': { roles: treasury, secondBy: 'day.close.approve' },
  'day.close.approve': { roles: ['treasury-approver'] },

  'settlement.read': { roles: [...treasury, 'institution-officer', 'auditor', 'support'] },
  'settlement.work': { roles: treasury },
  'settlement.post': { roles: treasury, secondBy: 'approvals.decide' },
  'reversals.read': { roles: [...treasury, 'auditor', 'support'] },
  'refunds.read': { roles: [...treasury, 'auditor', 'support'] },
  /** Shows to whom a refund goes in full; each time is recorded. */
  'refunds.reveal': { roles: [...treasury, 'auditor'] },
  'refunds.request': { roles: treasury, secondBy: 'refunds.decide' },
  'refunds.decide': { roles: ['treasury-approver'] },

  'reports.read': { roles: [...treasury, 'institution-officer', 'auditor', 'administrator'] },
  'reports.schedule': { roles: [...treasury, 'institution-officer'] },

  'deliveries.read': { roles: everybody },
  'deliveries.manage': { roles: ['administrator', 'support'] },

  'parties.read': { roles: readers },
  'parties.manage': { roles: ['administrator'] },
  'certificates.manage': { roles: ['administrator'], secondBy: 'certificates.manage' },
  'ranges.read': { roles: readers },
  'ranges.manage': { roles: ['administrator'] },
  'api-keys.manage': { roles: ['administrator'] },
  'webhooks.manage': { roles: ['administrator'] },
  'calendars.manage': { roles: ['administrator'] },
  'fees.manage': { roles: ['administrator'] },
  'mappings.manage': { roles: ['administrator'] },

  'officers.read': { roles: ['administrator', 'auditor'] },
  'officers.manage': { roles: ['administrator'] },
  'officers.change-role': { roles: ['administrator'], secondBy: 'officers.manage' },
  'alarms.read': { roles: [...treasury, 'auditor', 'administrator', 'support'] },
  'alarms.acknowledge': { roles: ['administrator', 'support'] },
  'audit.read': { roles: ['auditor', 'administrator'] },
  'audit.verify': { roles: ['auditor', 'administrator'] },
  'evidence.export': { roles: [...treasury, 'auditor'] },
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof table;
export const actions = Object.keys(table) as readonly Action[];

/** Actions that one officer asks for and another carries out. */
export type ApprovedAction = {
  [A in Action]: (typeof table)[A] extends { secondBy: string } ? A : never;
}[Action];

const rules: Readonly<Record<Action, Rule>> = table;

export function mayDo(role: Role, action: Action): boolean {
  return rules[action].roles.includes(role);
}

/** What the second officer must be allowed to do; undefined where one officer is enough. */
export function secondActionFor(action: Action): Action | undefined {
  return rules[action].secondBy as Action | undefined;
}

export function isApprovedAction(text: string): text is ApprovedAction {
  return actions.some((action) => action === text && secondActionFor(action) !== undefined);
}

/** An institution's officer sees nothing of other institutions; everybody else sees all. */
export function isBoundToParty(role: Role): boolean {
  return role === 'institution-officer';
}

/** Who decides over money, or over who may: a password alone does not sign them in. */
export function needsCode(role: Role): boolean {
  return role === 'treasury-approver' || role === 'administrator';
}
