/** Bars in proportion, whatever the amounts, and texts that stay texts. */
import { barChart } from './chart';

const heights = (svg: string) =>
  [...svg.matchAll(/<rect [^>]*height="([\d.]+)" fill="#[^"]+" stroke="#0b4f3c"\/>/g)].map(
    (found) => found[1],
  );

it('draws the largest to the top, and the others in proportion', () => {
  const { svg } = barChart({
    title: 'Collections',
    summary: 'a & b',
    labels: ['<08>', '09', '10'],
    series: [{ name: 'today', values: [99_999_999_999_999_999n, 49_999_999_999_999_999n, 0n] }],
  });
  expect(heights(svg).slice(0, 3)).toEqual(['168.0', '83.9', '0.0']);
  expect(svg).toContain('&#60;08&#62;');
  expect(svg).toContain('a &#38; b');
});

it('of nothing is an empty frame', () => {
  const { svg } = barChart({ title: '', summary: '', labels: [], series: [] });
  expect(heights(svg)).toEqual([]);
});
