/** References as banks write them: with other signs, in the middle of a text, or cut off at its end. Pure. */

/** Shorter ones are found in texts of every kind. */
export const leastReference = 8;

/** Capitals and digits only: banks drop and add the rest. */
export function plainText(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

/** How much of a reference a text ends with; 0 below eight characters, and where all of it is there. */
export function cutLength(field: string, reference: string): number {
  if (field.includes(reference)) return 0;
  for (let length = Math.min(field.length, reference.length); length >= leastReference; length--)
    if (field.endsWith(reference.slice(0, length))) return length;
  return 0;
}
