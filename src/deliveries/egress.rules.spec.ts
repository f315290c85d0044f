/** Which addresses may be sent to outside the sandbox: every way of writing an inward one, and every special range. */
import { addressFault, isPublicAddress } from './egress.rules';

it.each([
  'https://malipo.hospitali.go.tz/api/payment',
  'https://malipo.hospitali.go.tz:8443/api',
  'https://xn--malp-0na.go.tz/',
  'https://a.co/',
])('sends to %s', (address) => {
  expect(addressFault(address)).toBeUndefined();
});

it.each([
  ['http://malipo.hospitali.go.tz/', 'not https'],
  ['ftp://malipo.hospitali.go.tz/', 'not https'],
  ['file:///etc/passwd', 'not https'],
  ['malipo', 'not an address'],
  ['https://user:pass@malipo.go.tz/', 'a user name in the address'],
  ['https://127.0.0.1/', 'a number in place of a name'],
  ['https://41.59.1.1/', 'a number in place of a name'],
  ['https://2130706433/', 'a number in place of a name'],
  ['https://0x7f000001/', 'a number in place of a name'],
  ['https://0x7f.1/', 'a number in place of a name'],
  ['https://0177.0.0.1/', 'a number in place of a name'],
  ['https://127.1/', 'a number in place of a name'],
  ['https://0/', 'a number in place of a name'],
  ['https://127.0.0.1./', 'a number in place of a name'],
  ['https://１２７.０.０.１/', 'a number in place of a name'],
  ['https://①②⑦.⓪.⓪.①/', 'a number in place of a name'],
  ['https://[::1]/', 'a number in place of a name'],
  ['https://[::ffff:7f00:1]/', 'a number in place of a name'],
  ['https://[fd00::1]/', 'a number in place of a name'],
  ['https://localhost/', 'not a public name'],
  ['https://localhost./', 'not a public name'],
  ['https://LOCALHOST/', 'not a public name'],
  ['https://a.localhost/', 'not a public name'],
  ['https://metadata.google.internal/', 'not a public name'],
  ['https://printer.local/', 'not a public name'],
  ['https://1.0.0.127.in-addr.arpa/', 'not a public name'],
  ['https://database/', 'not a public name'],
])('does not send to %s: %s', (address, fault) => {
  expect(addressFault(address)).toBe(fault);
});

it.each(['41.59.0.1', '8.8.8.8', '2001:4860:4860::8888', '2c0f:fb50::1'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

it.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.168.0.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'ff02::1',
  '::7f00:1',
  'fec0::1',
  'not an address',
  '',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});
