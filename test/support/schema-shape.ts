/**
 * Reads a published schema back as data: which messages it describes, who sends them, and for each its shape in the
 * words of src/gepg/shape.ts, so that a test can hold the two against each other. Knows the few constructs we use.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { schemaFolder } from './schema-validator';

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
}

type ShapeTree = Record<string, 'leaf' | 'leaves' | { many?: true; fields: ShapeTree }>;

export interface SchemaContent {
  readonly received: readonly string[];
  readonly sent: readonly string[];
  readonly exchanged: readonly string[];
  readonly shapes: Readonly<Record<string, ShapeTree>>;
  /** All text of the annotations. */
  readonly documentation: string;
}

export function readSchema(file: string): SchemaContent {
  const parser = new SaxesParser();
  const open: Node[] = [{ name: '', attributes: {}, children: [] }];
  let documentation = '';
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name, attributes, children: [] };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => open.pop());
  parser.on('text', (text) => {
    documentation += text;
  });
  parser.on('error', (fault) => {
    throw fault;
  });
  parser.write(readFileSync(join(schemaFolder, file), 'utf8')).close();

  const globals = open[0]?.children[0]?.children ?? [];
  const group = (name: string): string[] =>
    globals
      .filter((node) => node.name === 'xs:group' && node.attributes['name'] === name)
      .flatMap((node) => elementsOf(node).map(([element]) => element.attributes['ref'] ?? ''));
  return {
    received: group('received'),
    sent: group('sent'),
    exchanged: group('exchanged'),
    shapes: Object.fromEntries(
      globals
        .filter(({ name, attributes }) => name === 'xs:element' && attributes['type'] === undefined)
        .filter(({ attributes }) => attributes['name'] !== 'Gepg')
        .map((node) => [node.attributes['name'], shapeOf(node)]),
    ),
    documentation,
  };
}

/** The elements of one content model, in order, each with whether the model lets it repeat. */
function elementsOf(node: Node, repeats = false): [Node, boolean][] {
  return node.children.flatMap((child): [Node, boolean][] => {
    const mayRepeat = repeats || child.attributes['maxOccurs'] === 'unbounded';
    if (child.name === 'xs:element') return [[child, mayRepeat]];
    return /^xs:(complexType|all|sequence|choice)$/.test(child.name)
      ? elementsOf(child, mayRepeat)
      : [];
  });
}

/** A name listed in a key or a uniqueness constraint of its parent stands at most once. */
function shapeOf(node: Node): ShapeTree {
  const once = node.children
    .filter(({ name }) => name === 'xs:key' || name === 'xs:unique')
    .flatMap(({ children }) => children.map(({ attributes }) => attributes['xpath']));
  return Object.fromEntries(
    elementsOf(node).map(([element, repeats]): [string, ShapeTree[string]] => {
      const { name = '', type } = element.attributes;
      const mayRepeat = repeats && !once.includes(name);
      if (type !== undefined) return [name, mayRepeat ? 'leaves' : 'leaf'];
      return [name, { ...(mayRepeat && { many: true }), fields: shapeOf(element) }];
    }),
  );
}
