/** Charts are well-formed pictures of their numbers, with a title and a description, and bring neither script nor style. */
import { SaxesParser } from 'saxes';
import { type ChartInput, drawChart } from './chart';

const input: ChartInput = {
  kind: 'bar',
  id: 'collected',
  title: 'Collections <today> & yesterday',
  description: 'By hour',
  categories: ['08', '09', '10'],
  series: [
    { name: 'PSP701', values: [100n, 200n, 0n] },
    { name: '"PSP702"', values: [50n, 0n, -50n] },
  ],
  written: (value) => value.toString(),
};

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

function elementsOf(svg: string): readonly Element[] {
  const found: Element[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => found.push({ name, attributes }));
  parser.on('error', (fault) => {
    throw fault;
  });
  parser.write(svg).close();
  return found;
}

it.each(['bar', 'stacked-bar', 'line'] as const)(
  '%s is well-formed and says what it is',
  (kind) => {
    const svg = drawChart({ ...input, kind });
    const elements = elementsOf(svg);
    expect(elements[0]).toMatchObject({
      name: 'svg',
      attributes: { role: 'img', 'aria-labelledby': 'collected-title collected-description' },
    });
    expect(svg).toContain('Collections &lt;today&gt; &amp; yesterday</title>');
    expect(svg).toContain('<desc id="collected-description">By hour</desc>');
    for (const { name, attributes } of elements) {
      expect(['script', 'style', 'foreignObject']).not.toContain(name);
      for (const attribute of Object.keys(attributes)) expect(attribute).not.toMatch(/^on|^style$/);
    }
    expect(svg).toContain('09, PSP701: 200');
  },
);

it('draws each bar as high as its number, from the line of zero', () => {
  const bars = elementsOf(drawChart(input)).filter(
    ({ name, attributes }) => name === 'rect' && 'class' in attributes,
  );
  const heights = bars.map(({ attributes }) => Number(attributes['height']));
  const [one = 0, half = 0, two = 0] = heights;
  expect(heights).toHaveLength(6);
  expect(two / one).toBeCloseTo(2, 1);
  expect(half / one).toBeCloseTo(0.5, 1);
  expect(heights[5]).toBeCloseTo(half, 1);
  expect(heights[3]).toBe(0);
});

it('stacks bars without a gap', () => {
  const svg = drawChart({ ...input, kind: 'stacked-bar' });
  const [first, second] = elementsOf(svg).filter(
    ({ name, attributes }) => name === 'rect' && 'class' in attributes,
  );
  const top = (each: Element | undefined) => Number(each?.attributes['y']);
  const height = (each: Element | undefined) => Number(each?.attributes['height']);
  expect(top(second) + height(second)).toBeCloseTo(top(first), 1);
});

it('draws nothing of no numbers, and still its axes', () => {
  const svg = drawChart({ ...input, categories: [], series: [] });
  expect(elementsOf(svg).some(({ name }) => name === 'line')).toBe(true);
});
