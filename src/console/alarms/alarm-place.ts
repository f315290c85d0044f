/** Where an officer looks into what an alarm is about, by its kind and subject (the kinds: docs/operations.md). */
import type { Action } from '../../officers/permission.rules';

interface AlarmPlace {
  readonly href: `/console/${string}`;
  readonly action: Action;
}

type PlaceOf = (subject: string) => AlarmPlace | undefined;

/** A party's code stands first in a subject; our own certificates are `gateway`'s. */
const ofParty: PlaceOf = (subject) => {
  const [code = ''] = subject.split(/[ /]/);
  if (code === 'gateway') return undefined;
  return { href: `/console/parties/${encodeURIComponent(code)}`, action: 'parties.read' };
};

const ofTransaction: PlaceOf = (subject) => {
  const cut = subject.indexOf('/');
  const asked = new URLSearchParams({
    psp: subject.slice(0, cut),
    transaction: subject.slice(cut + 1),
  });
  return { href: `/console/payments?${asked.toString()}`, action: 'payments.read' };
};

const always =
  (href: AlarmPlace['href'], action: Action): PlaceOf =>
  () => ({ href, action });

const places: ReadonlyMap<string, PlaceOf> = new Map([
  ['bank-statement-gap', always('/console/settlement', 'settlement.read')],
  ['certificate-expiring', ofParty],
  [
    'control-failed',
    (subject) => ({
      href: subject === 'audit-chain' ? '/console/audit/chain' : '/console/audit/controls',
      action: 'audit.read',
    }),
  ],
  ['control-numbers-low', always('/console/administration', 'ranges.read')],
  [
    'delivery-parked',
    (subject) => ({
      href: `/console/deliveries/${encodeURIComponent(subject)}`,
      action: 'deliveries.read',
    }),
  ],
  ['feed-stalled', ofParty],
  ['recipient-down', ofParty],
  ['refund-returned', always('/console/settlement/refunds', 'refunds.read')],
  ['report-not-sent', always('/console/reports/schedules', 'reports.schedule')],
  ['reversal-requested', always('/console/settlement/reversals', 'reversals.read')],
  ['transaction-id-reused', ofTransaction],
  ['webhook-gone', ofParty],
]);

/** Undefined where no page tells more. */
export function placeOfAlarm(kind: string, subject: string): AlarmPlace | undefined {
  return places.get(kind)?.(subject);
}
