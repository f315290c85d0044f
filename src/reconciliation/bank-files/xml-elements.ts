/**
 * Reads XML of any length as a stream and hands over the elements that somebody wants, each with what is inside, so that
 * memory holds one of them at a time. No DOCTYPE and so no entities but XML's own five (security-reliability F2); every
 * fault of form stops the reading with its line.
 */
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { UnreadableFile } from './fault-log';

export interface XmlElement {
  /** Local name; `{namespace}name` where it is of another namespace than the element that holds it. */
  readonly name: string;
  readonly line: number;
  readonly attributes: ReadonlyMap<string, string>;
  /** What stands directly inside, trimmed. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

export interface OpenElement {
  readonly name: string;
  readonly namespace: string;
  readonly line: number;
}

export interface XmlVisitor {
  /** Whether the element is wanted whole. Asked for every element that is not inside a wanted one. */
  wants(element: OpenElement, above: readonly OpenElement[]): boolean;
  /** A wanted element, and the names of those above it. */
  found(element: XmlElement, above: readonly OpenElement[]): void;
  /** An element ends that was not wanted whole. */
  closed(element: OpenElement): void;
}

/** camt nests fifteen deep at most; what is deeper wants to exhaust a stack. */
const deepest = 64;
const longestText = 100_000;

interface Growing {
  readonly name: string;
  readonly namespace: string;
  readonly line: number;
  readonly attributes: Map<string, string>;
  text: string;
  readonly children: XmlElement[];
}

export async function visitXml(texts: AsyncIterable<string>, visitor: XmlVisitor): Promise<void> {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const above: OpenElement[] = [];
  const growing: Growing[] = [];
  const stop = (reason: string): never => {
    throw new UnreadableFile(parser.line, above.at(-1)?.name ?? '', reason);
  };
  parser.on('error', (fault) =>
    stop(`not well-formed XML: ${fault.message.replace(/^\d+:\d+: /, '')}`),
  );
  parser.on('doctype', () => stop('a DOCTYPE, which no bank statement has'));
  parser.on('opentag', (tag: SaxesTagNS) => {
    if (above.length + growing.length >= deepest) stop('elements nested too deep');
    const element = { name: tag.local, namespace: tag.uri, line: parser.line };
    const holder = growing.at(-1);
    if (holder !== undefined || visitor.wants(element, above)) {
      const isForeign = holder !== undefined && holder.namespace !== tag.uri;
      growing.push({
        ...element,
        name: isForeign ? `{${tag.uri}}${tag.local}` : tag.local,
        attributes: new Map(
          Object.values(tag.attributes).map(({ local, value }) => [local, value]),
        ),
        text: '',
        children: [],
      });
    } else {
      above.push(element);
    }
  });
  const take = (text: string): void => {
    const holder = growing.at(-1);
    if (holder === undefined) return;
    if (holder.text.length + text.length > longestText)
      stop(`more than ${String(longestText)} characters in one element`);
    holder.text += text;
  };
  parser.on('text', take);
  parser.on('cdata', take);
  parser.on('closetag', () => {
    const done = growing.pop();
    if (done === undefined) {
      const element = above.pop();
      if (element !== undefined) visitor.closed(element);
      return;
    }
    const { name, line, attributes, children } = done;
    const element = { name, line, attributes, text: done.text.trim(), children };
    const holder = growing.at(-1);
    if (holder === undefined) visitor.found(element, above);
    else holder.children.push(element);
  });
  for await (const text of texts) parser.write(text);
  parser.close();
}
