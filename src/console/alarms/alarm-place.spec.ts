/** Where each alarm leads: a page of the console, with the subject in the address as an address takes it. */
import { placeOfAlarm } from './alarm-place';

it.each([
  ['delivery-parked', '812', '/console/deliveries/812'],
  ['recipient-down', 'SP70202', '/console/parties/SP70202'],
  ['feed-stalled', 'SP70202/5', '/console/parties/SP70202'],
  ['certificate-expiring', 'PSP701 ab12 30', '/console/parties/PSP701'],
  ['certificate-expiring', 'gateway ab12 30', undefined],
  ['transaction-id-reused', 'PSP701/T 1/&2', '/console/payments?psp=PSP701&transaction=T+1%2F%262'],
  ['control-failed', 'audit-chain', '/console/audit/chain'],
  ['control-failed', '2026-11-24/cut-off', '/console/audit/controls'],
  ['inbox-failed', 'PSP701/day.csv', undefined],
  ['of-another-version', 'x', undefined],
])('%s about %s leads to %s', (kind, subject, href) => {
  expect(placeOfAlarm(kind, subject)?.href).toBe(href);
});
