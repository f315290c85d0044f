/**
 * Currencies of ISO 4217 and how many decimals each has. Bank statements come in any of them, so this is wider than
 * `kernel/money`, which knows the two that the gateway collects. Exact or refused: never rounded.
 */

/** Currencies without two decimals. Funds codes and metals have no minor unit and are no money of an account. */
const digits: Readonly<Record<number, string>> = {
  0: 'BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

/** With those that were withdrawn in this century: old files are read too. */
const twoDecimals =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF ' +
  'CHW CNY COP COU CRC CUC CUP CVE CYP CZK DKK DOP DZD EEK EGP ERN ETB EUR FJD FKP GBP GEL GHC GHS GIP GMD GTQ GYD ' +
  'HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL LTL LVL MAD MDL MGA MKD MMK ' +
  'MNT MOP MRO MRU MTL MUR MVR MWK MXN MXV MYR MZM MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR ROL RON ' +
  'RSD RUB SAR SBD SCR SDD SDG SEK SGD SHP SIT SKK SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB TJS TMM TMT TOP TRL ' +
  'TRY TTD TWD TZS UAH USD USN UYU UZS VED VEF VES WST XCD XCG YER ZAR ZMK ZMW ZWD ZWG ZWL';

const exponents: ReadonlyMap<string, number> = new Map([
  ...twoDecimals.split(' ').map((code) => [code, 2] as const),
  ...Object.entries(digits).flatMap(([count, codes]) =>
    codes.split(' ').map((code) => [code, Number(count)] as const),
  ),
]);

/** Undefined for what is no currency of ISO 4217. */
export function exponentOf(currency: string): number | undefined {
  return exponents.get(currency);
}

/** Eighteen digits, as ISO 20022 has it; a `bigint` column holds that many minor units. */
const decimal = /^\+?(\d{1,18})?(?:[.](\d{0,17}))?$/;
const largest = 10n ** 18n;

export type ReadAmount =
  | { readonly kind: 'exact'; readonly minor: bigint }
  | { readonly kind: 'refused'; readonly reason: string };

/** A decimal with a point and no sign. Decimals beyond the currency's own are taken where they are zeros. */
export function readMinor(text: string, currency: string): ReadAmount {
  const exponent = exponentOf(currency);
  if (exponent === undefined) {
    return refused(
      currency === '' ? 'no currency' : `"${shown(currency)}" is no currency of ISO 4217`,
    );
  }
  const found = decimal.exec(text);
  const [whole = '', fraction = ''] = found?.slice(1) ?? [];
  if (found === null || whole + fraction === '') {
    return refused(`"${shown(text)}" is no amount; wanted one like 1500.50`);
  }
  const beyond = fraction.slice(exponent);
  if (/[1-9]/.test(beyond)) {
    const has = exponent === 0 ? 'no decimals' : `${String(exponent)} decimals`;
    return refused(`${shown(text)} ${currency} cannot be kept exactly: ${currency} has ${has}`);
  }
  const minor = BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, '0') || '0');
  return minor < largest
    ? { kind: 'exact', minor }
    : refused('the amount is larger than 18 digits');
}

/** With the currency's own decimals, and a sign below zero; two decimals for a currency that nobody knows. */
export function formatMinor(minor: bigint, currency: string): string {
  const exponent = exponentOf(currency) ?? 2;
  const sign = minor < 0n ? '-' : '';
  const text = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  if (exponent === 0) return sign + text;
  return `${sign}${text.slice(0, -exponent)}.${text.slice(-exponent)}`;
}

function refused(reason: string): ReadAmount {
  return { kind: 'refused', reason };
}

/** What others wrote, short enough for a report. */
function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}
