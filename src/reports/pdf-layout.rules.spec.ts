/** Printed tables fit the paper, and what is not text keeps its width while texts have something to give. */
import fc from 'fast-check';
import { layOut, type Measured } from './pdf-layout.rules';

const text = (natural: number, narrowest = 40): Measured => ({ kind: 'text', natural, narrowest });
const money = (natural: number): Measured => ({ kind: 'money', natural, narrowest: natural });
const total = (widths: readonly number[]) => widths.reduce((all, each) => all + each, 0);

it('stands upright where it fits, and texts take what is left', () => {
  const { orientation, width, widths } = layOut([text(100), money(80)]);
  expect(orientation).toBe('portrait');
  expect(widths[1]).toBe(80);
  expect(total(widths)).toBeCloseTo(width);
});

it('lies where it does not fit, and texts give way before amounts do', () => {
  const { orientation, width, widths } = layOut([text(700), money(120), money(120)]);
  expect(orientation).toBe('landscape');
  expect(widths.slice(1)).toEqual([120, 120]);
  expect(total(widths)).toBeCloseTo(width);
});

it('always has the width of the paper', () => {
  const column = fc.oneof(
    fc
      .record({
        natural: fc.integer({ min: 10, max: 600 }),
        narrowest: fc.integer({ min: 5, max: 200 }),
      })
      .map((each): Measured => ({ kind: 'text', ...each })),
    fc.integer({ min: 10, max: 150 }).map(money),
  );
  fc.assert(
    fc.property(fc.array(column, { minLength: 1, maxLength: 14 }), (columns) => {
      const { width, widths } = layOut(columns);
      expect(total(widths)).toBeCloseTo(width, 5);
      expect(Math.min(...widths)).toBeGreaterThan(0);
    }),
  );
});
