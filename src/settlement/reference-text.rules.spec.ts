/** References are found however a bank writes them, and one that is cut off is told from one that is whole. */
import { cutLength, leastReference, plainText } from './reference-text.rules';

it.each([
  ['psp1-2026/11/27', 'PSP120261127'],
  ['  Malipo: Şule 7 ', 'MALIPOULE7'],
  ['—', ''],
])('%s is %s', (text, plain) => {
  expect(plainText(text)).toBe(plain);
});

it.each([
  ['all of it is there', 'CLRPSP120261127X', 0],
  ['cut off at the end', 'CLRPSP12026112', 11],
  ['cut off to the least', 'PSP12026', leastReference],
  ['cut off to less', 'CLRPSP1202', 0],
  ['cut off in the middle of a text', 'PSP12026112AND', 0],
  ['nothing of it', 'CLEARING', 0],
])('%s', (_case, text, length) => {
  expect(cutLength(text, 'PSP120261127')).toBe(length);
});
