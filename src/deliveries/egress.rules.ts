/**
 * Where we may send outside the sandbox: https, to a name of the public internet. An address written as a number in any
 * spelling is refused (the URL parser folds decimal, octal, hexadecimal and full-width forms into one), and of what a
 * name resolves to every address must be public (security-reliability O1, O2). The ranges are those of `ipaddr.js`.
 */
import { IPv6, isValid, parse, parseCIDR } from 'ipaddr.js';

/** Names that no public resolver may answer for, and those that mean this machine or network. */
const inwardNames =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home|corp|private|test|invalid|onion|arpa)$/;

/** Why an address may not be sent to; undefined when its name may be resolved. */
export function addressFault(address: string): string | undefined {
  if (!URL.canParse(address)) return 'not an address';
  const url = new URL(address);
  if (url.protocol !== 'https:') return 'not https';
  if (url.username !== '' || url.password !== '') return 'a user name in the address';
  const host = url.hostname.replace(/\.+$/, '').toLowerCase();
  if (host.startsWith('[') || isValid(host) || /^[\d.]*$/.test(host))
    return 'a number in place of a name';
  if (!host.includes('.') || inwardNames.test(host)) return 'not a public name';
  return undefined;
}

/** Where public IPv6 addresses are given out; the rest is reserved, or an IPv4 address in old clothes. */
const globalUnicast = parseCIDR('2000::/3') as [IPv6, number];

/** Public unicast only: whatever has a range of its own in the registries (private, mapped, tunnels …) is not. */
export function isPublicAddress(address: string): boolean {
  if (!isValid(address)) return false;
  const parsed = parse(address);
  if (parsed.range() !== 'unicast') return false;
  return !(parsed instanceof IPv6) || parsed.match(globalUnicast);
}
