/**
 * Whether an account as a bank writes it is the one that we know: banks put their code before it, spaces, points and
 * hyphens inside, and leave out the zeros that it begins with.
 */
export function isAccount(written: string, known: string): boolean {
  const plain = (text: string): string =>
    text
      .replace(/[\s.-]/g, '')
      .replace(/^0+/, '')
      .toUpperCase();
  const wanted = plain(known);
  if (plain(written) === wanted) return true;
  return written.split('/').some((part) => plain(part) !== '' && plain(part) === wanted);
}
