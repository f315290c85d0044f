/** The menu: pages in the order they stand, each shown to whom its action allows. A new page is a line here. */
import { type Action, mayDo, type Role } from '../officers/permission.rules';
import type { TextKey } from '../platform/locale/locale';

interface MenuEntry {
  readonly text: TextKey;
  readonly href: `/console${string}`;
  readonly action: Action;
}

const menu: readonly MenuEntry[] = [
  { text: 'frame.home', href: '/console', action: 'overview.read' },
  { text: 'bills.title', href: '/console/bills', action: 'bills.read' },
  { text: 'bills.payments', href: '/console/payments', action: 'payments.read' },
  {
    text: 'reconciliation.title',
    href: '/console/reconciliation',
    action: 'reconciliation.read',
  },
  { text: 'discrepancies.title', href: '/console/discrepancies', action: 'discrepancies.read' },
  { text: 'approvals.title', href: '/console/approvals', action: 'approvals.read' },
  { text: 'closing.close', href: '/console/closing', action: 'day.read' },
  { text: 'settlement.title', href: '/console/settlement', action: 'settlement.read' },
  { text: 'reports.title', href: '/console/reports', action: 'reports.read' },
  { text: 'deliveries.title', href: '/console/deliveries', action: 'deliveries.read' },
  { text: 'parties.title', href: '/console/parties', action: 'parties.read' },
  { text: 'administration.title', href: '/console/administration', action: 'ranges.read' },
  { text: 'officers.title', href: '/console/officers', action: 'officers.read' },
  { text: 'audit.room', href: '/console/audit', action: 'audit.read' },
];

/** The longest address that the page is below is the one where it belongs. */
export function menuFor(role: Role, path: string): readonly (MenuEntry & { isCurrent: boolean })[] {
  const shown = menu.filter(({ action }) => mayDo(role, action));
  const isAbove = ({ href }: MenuEntry): boolean =>
    path === href || (href !== '/console' && path.startsWith(`${href}/`));
  const current = shown
    .filter(isAbove)
    .reduce<MenuEntry | undefined>(
      (best, each) => (best === undefined || each.href.length > best.href.length ? each : best),
      undefined,
    );
  return shown.map((each) => ({ ...each, isCurrent: each === current }));
}
