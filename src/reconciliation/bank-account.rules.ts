/** Whether an account as a bank writes it is the one that we know: banks put their code before it and spaces inside. */
export function isAccount(written: string, known: string): boolean {
  const plain = (text: string): string => text.replace(/[\s.-]/g, '').toUpperCase();
  const [one, other] = [plain(written), plain(known)];
  if (one === other) return true;
  return one.split('/').some((part) => part !== '' && part === other);
}
