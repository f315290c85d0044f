/** What an officer types, as the books write it: phones, names, amounts. */
import { refusalOf } from '../../../test/support/refusal';
import { beginningWith, phoneSpellings, searchedAmount } from './search.rules';

it('a phone is one in each of its spellings', () => {
  const wanted = ['0712345678', '255712345678', '+255712345678', '712345678'];
  for (const typed of ['0712345678', '+255712345678', '255712345678', '0712 345 678'])
    expect(phoneSpellings(typed)).toEqual(expect.arrayContaining(wanted));
  expect(phoneSpellings('+44 20 7946 0000')).toEqual(['+44 20 7946 0000', '442079460000']);
  expect(phoneSpellings('-')).toEqual(['-']);
});

it('an amount may be grouped as the pages group it, and in no other way', () => {
  expect(searchedAmount('50000')).toBe(5_000_000n);
  expect(searchedAmount('50,000')).toBe(5_000_000n);
  expect(searchedAmount('1,250,000.50')).toBe(125_000_050n);
  for (const typed of ['50,00', '5,0000', ',500', '50 000', '1,000,', '-5'])
    expect(refusalOf(() => searchedAmount(typed)).code).toBe('money.malformed');
});

it('the signs of a pattern stand for themselves', () => {
  expect(beginningWith('50%_\\')).toBe('50\\%\\_\\\\%');
});
