/**
 * Why a line is nobody's payment, as sentences: which payments came near, and on what each failed. The words of a
 * failure are those that sql/explain-lines.sql writes down.
 */
const words: Readonly<Record<string, string>> = {
  amount: 'is of another sum',
  currency: 'is in another currency',
  'transaction-id': 'has another transaction id',
  'control-number': 'is on another control number',
  day: 'is more than a day away',
  'matched-already': 'is matched already',
};

interface Candidate {
  readonly transactionId: string;
  readonly receiptNumber: string;
  readonly failed: readonly string[];
}

/** Empty where nothing was looked for, as for a payment that no line is about. */
export function explanations(detail: Readonly<Record<string, unknown>>): readonly string[] {
  const candidates = detail['candidates'] as readonly Candidate[] | undefined;
  if (candidates === undefined) return [];
  if (candidates.length === 0) return ['No payment has its transaction id, receipt or number.'];
  return candidates.map(({ transactionId, receiptNumber, failed }) => {
    const reasons = failed.map((each) => words[each] ?? each);
    const last = reasons.length > 1 ? ` and ${reasons.pop() ?? ''}` : '';
    const said =
      reasons.length === 0 ? 'agrees, and another line has it' : reasons.join(', ') + last;
    return `Payment ${transactionId} (${receiptNumber}) ${said}.`;
  });
}
