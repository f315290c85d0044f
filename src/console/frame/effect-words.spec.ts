/** Each effect is said in Kiswahili with all of its particulars, whatever these hold. */
import en from '../../platform/locale/en/effects.json';
import sw from '../../platform/locale/sw/effects.json';
import { type Effect, effectSentence } from '../../reconciliation/effect';
import { effectWords } from './effect-words';

const particulars = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]);

it('no particular is lost on the way to Kiswahili', () => {
  const codes = Object.keys(en) as Effect['code'][];
  expect(codes.filter((code) => sw[code] === en[code])).toEqual([]);
  for (const code of codes)
    expect([code, particulars(sw[code]).sort()]).toEqual([code, particulars(en[code]).sort()]);
});

it('English is what was written down; Kiswahili is made of the particulars', () => {
  const says: Effect = {
    code: 'settles',
    values: { amount: '30.00', currency: 'TZS', psp: 'PSP701', day: '2026-12-03' },
  };
  const effect = effectSentence(says);
  expect(effect).toBe("30.00 TZS of the bank's line settles PSP701 of 2026-12-03");
  expect(effectWords({ effect, says }, 'en')).toBe(effect);
  expect(effectWords({ effect, says }, 'sw')).toBe(
    'TZS 30.00 za mstari wa benki zinalipa deni la PSP701 la 2026-12-03',
  );
  expect(effectWords({ effect }, 'sw')).toBe(effect);
});

it('what is undone is named in words, and a name that looks like a text is only a name', () => {
  const undo: Effect = { code: 'undo', values: { resolution: 'link' } };
  expect(effectWords({ effect: '', says: undo }, 'sw')).not.toContain('link');
  const strange: Effect = {
    code: 'refund-returned',
    values: { amount: '1.00', currency: 'TZS', payee: '$t(frame.home) {{amount}}', refund: 'MLP1' },
  };
  expect(effectWords({ effect: '', says: strange }, 'sw')).toContain('$t(frame.home) {{amount}}');
});
