/** The sentences that an officer reads. */
import { explanations } from './explanation.rules';

const candidate = (...failed: string[]) => ({ transactionId: 'T', receiptNumber: 'R', failed });

it.each([
  [{}, []],
  [{ candidates: [] }, ['No payment has its transaction id, receipt or number.']],
  [{ candidates: [candidate('amount')] }, ['Payment T (R) is of another sum.']],
  [
    { candidates: [candidate('amount', 'day', 'matched-already')] },
    ['Payment T (R) is of another sum, is more than a day away and is matched already.'],
  ],
  [{ candidates: [candidate()] }, ['Payment T (R) agrees, and another line has it.']],
])('%j', (detail, expected) => {
  expect(explanations(detail)).toEqual(expected);
});
