/** Pages of a list by the id of their last row, in an address that keeps the filter. */
export function nextHref(
  path: string,
  filter: Readonly<Record<string, string>>,
  found: readonly { readonly id: string | bigint }[],
  length: number,
): { readonly first: string | undefined; readonly next: string | undefined } {
  const { before, ...rest } = filter;
  const last = found.length > length ? found[length - 1] : undefined;
  const address = (more: Readonly<Record<string, string>>): string => {
    const query = new URLSearchParams({ ...rest, ...more }).toString();
    return query === '' ? path : `${path}?${query}`;
  };
  return {
    first: before === undefined ? undefined : address({}),
    next: last === undefined ? undefined : address({ before: String(last.id) }),
  };
}
