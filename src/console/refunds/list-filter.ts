/** What the lists of refunds and of requests for reversals have in common. */
export const pageLength = 50;

/** In days. */
export const ages = [1, 3, 7, 30] as const;

export function ageOf(text: string | undefined): { readonly olderThanDays?: number } {
  const olderThanDays = ages.find((each) => String(each) === text);
  return olderThanDays === undefined ? {} : { olderThanDays };
}
