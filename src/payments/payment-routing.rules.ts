/**
 * Where a payment's money lands and where its final result goes. Pure: accounts and addresses are passed in.
 * Rules: rulings.md §1.5 (result address), §10 (account).
 */
interface Account {
  readonly account: string;
  readonly bank: string;
  readonly currency: string;
}

interface Receiver {
  readonly accounts: readonly Account[];
}

interface Payer {
  readonly accounts: readonly Account[];
  readonly bank: string | null;
}

/** A PSP's own account of the currency, for money whose institution is not known. */
export function defaultAccount(psp: Payer, currency: string): string {
  return psp.accounts.find((each) => each.currency === currency)?.account ?? 'unassigned';
}

/** The account the notification names, else the institution's at the PSP's bank, else its first of the currency. */
export function collectionAccountFor(
  sp: Receiver,
  psp: Payer,
  currency: string,
  named: string,
): string {
  const own = sp.accounts.filter((each) => each.currency === currency);
  const found =
    own.find((each) => each.account === named) ??
    own.find((each) => each.bank === psp.bank) ??
    own[0];
  return found?.account ?? defaultAccount(psp, currency);
}

/** Compared by parsed origin and path segments, never by the beginning of the text. */
export function isRegisteredUrl(
  psp: { readonly resultUrl: string | null; readonly resultUrlPrefix: string | null },
  text: string,
): boolean {
  // Nearly every notification gives the address on file; parsing two URLs twice a payment would cost 10 us.
  if (text === psp.resultUrl) return true;
  const registered = psp.resultUrlPrefix ?? psp.resultUrl;
  if (registered === null) return false;
  const given = placeOf(text);
  if (given === undefined || given.isWithLogin) return false;
  const wanted = registeredPlace(registered);
  return (
    wanted?.origin === given.origin &&
    wanted.segments.every((part, i) => given.segments[i] === part)
  );
}

interface Place {
  readonly origin: string;
  readonly segments: readonly string[];
  readonly isWithLogin: boolean;
}

function placeOf(text: string): Place | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, pathname, username, password } = new URL(text);
  return {
    origin,
    segments: pathname.split('/').filter((part) => part !== ''),
    isWithLogin: username !== '' || password !== '',
  };
}

/** One or two addresses a PSP are on file; what messages bring is not kept. */
const registeredPlaces = new Map<string, Place | undefined>();

function registeredPlace(registered: string): Place | undefined {
  if (!registeredPlaces.has(registered)) registeredPlaces.set(registered, placeOf(registered));
  return registeredPlaces.get(registered);
}
