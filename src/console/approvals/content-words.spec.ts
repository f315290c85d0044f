/** A request to a second officer in words, in both languages, with all that is in it. */
import { linesOf, nameWords, valueWords } from './content-words';

const told = (content: Parameters<typeof linesOf>[0], language: 'en' | 'sw') =>
  linesOf(content).map((line) => `${nameWords(line, language)}: ${valueWords(line, language)}`);

it('names, sums, sources and effects have words; what has none stands as it is', () => {
  const refund = { amountMinor: '123456', source: 'surplus', unheard: { of: ['a', 'b'] } };
  expect(told({ refund }, 'en')).toEqual([
    'Refund › Amount: 1,234.56',
    'Refund › From: Surplus of a bill',
    'Refund › unheard › of › 1: a',
    'Refund › unheard › of › 2: b',
  ]);
  const resolved = {
    resolution: 'wait',
    effect: 'looks for the payment in the statements of the days after',
    says: { code: 'wait', values: {} },
  };
  expect(told(resolved, 'sw')).toEqual([
    'Utatuzi: Subiri taarifa zijazo',
    'Kitakachofanyika: malipo yatatafutwa katika taarifa za siku zinazofuata',
  ]);
  expect(told({ isSettled: false, note: 'true' }, 'sw')).toEqual([
    'Atakayedaiwa na mlipaji: Mtoa huduma: bado hajaziwasilisha benki',
    'Sababu: true',
  ]);
});

it('an effect without particulars, and a name that is no source, stay what they are', () => {
  expect(told({ effect: 'as it was', source: 'other' }, 'sw')).toEqual([
    'Kitakachofanyika: as it was',
    'Kutoka: other',
  ]);
});
