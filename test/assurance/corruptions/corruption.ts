/** A corruption of the small books, made as superuser past every guard; and the rows that several of them are done to. */
export type Corruption = readonly [
  /** The invariant that is meant. */
  id: string,
  deed: string,
  statements: readonly string[],
  /** All invariants that must report it. */
  expected: readonly string[],
];

export const paid = `(select id from payment where psp_transaction_id = 'A-1')`;
export const otherSp = `(select id from party where code = 'SP70202')`;
