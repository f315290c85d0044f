/**
 * Holds a parsed message against its shape, and gives access to its fields. A field that is missing or unreadable is
 * not decided here: it has a status code of its own. Rules: security design §2.2, SIG-5, as ruled: clients in the
 * field add elements of their own, so unknown names are ignored and flagged; protocol names must stand in their place.
 */
import { v4MessageNames, v4Shapes } from './v4/messages';
import { v5MessageNames, v5Shapes } from './v5/messages';
import { envelopeMalformed, skipBlank, type XmlElement } from './xml';

export interface Shape {
  readonly name: string;
  readonly fields: ShapeFields;
}

/** 'leaves' and `many` may repeat; 'leaf' and a plain branch stand at most once. */
export type ShapeFields = Readonly<
  Record<string, 'leaf' | 'leaves' | { readonly many?: true; readonly fields: ShapeFields }>
>;

/** Paths below the message element, such as `BillTrxInf/Colour`, each once. */
export interface ShapeFlags {
  readonly unknownElements: readonly string[];
}

/** Every name with a meaning in either generation: messages, their elements, envelope. */
export const protocolNames: ReadonlySet<string> = new Set([
  'Gepg',
  ...v4MessageNames,
  ...v5MessageNames,
  ...[...v4Shapes, ...v5Shapes].flatMap((shape) => namesOf(shape.fields)),
]);

function namesOf(fields: ShapeFields): string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    typeof field === 'string' ? [name] : [name, ...namesOf(field.fields)],
  );
}

/**
 * Refuses gepg.envelope-malformed: another message; an element repeated that may not be; a branch where a text is
 * due, or the reverse; a protocol name where the shape has none, also below unknown elements.
 */
export function checkShape(root: XmlElement, shape: Shape): ShapeFlags {
  if (root.name !== shape.name) throw envelopeMalformed(`a message other than ${shape.name}`);
  const unknown = new Set<string>();
  checkBranch(root, shape.fields, '', unknown);
  return { unknownElements: [...unknown] };
}

function checkBranch(
  branch: XmlElement,
  fields: ShapeFields,
  path: string,
  unknown: Set<string>,
): void {
  // A branch may be empty, even with a line break inside; text in its place is a forgery or a mistake.
  if (!isBlank(branch.text))
    throw envelopeMalformed(`text in place of the parts of ${branch.name}`);
  const seen = new Set<string>();
  for (const child of branch.children) {
    const { name } = child;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      refuseProtocolNames(child);
      unknown.add(path + name);
      continue;
    }
    const mayRepeat = typeof field === 'string' ? field === 'leaves' : field.many === true;
    if (!mayRepeat && seen.has(name)) throw envelopeMalformed(`${path}${name} twice`);
    seen.add(name);
    if (typeof field !== 'string') checkBranch(child, field.fields, `${path}${name}/`, unknown);
    else if (child.children.length > 0) throw envelopeMalformed(`elements inside ${path}${name}`);
  }
}

/** The first test spares almost every branch the scan. */
function isBlank(text: string): boolean {
  return text === '' || skipBlank(text, 0) === text.length;
}

function refuseProtocolNames(element: XmlElement): void {
  if (protocolNames.has(element.name))
    throw envelopeMalformed(`${element.name} in the wrong place`);
  element.children.forEach(refuseProtocolNames);
}

const absent: XmlElement = { name: '', text: '', children: [] };

/** Read access by name to one element of a checked message. Texts are exact: not trimmed, not interpreted. */
export class Fields {
  constructor(private readonly element: XmlElement) {}

  /** '' when absent: an absent and an empty field have the same status code. */
  text(name: string): string {
    return this.optional(name) ?? '';
  }

  /** undefined when absent, for fields whose presence means something. */
  optional(name: string): string | undefined {
    return this.find(name)?.text;
  }

  /** Without fields of its own when absent. */
  child(name: string): Fields {
    return new Fields(this.find(name) ?? absent);
  }

  children(name: string): readonly Fields[] {
    return this.all(name).map((element) => new Fields(element));
  }

  texts(name: string): readonly string[] {
    return this.all(name).map((element) => element.text);
  }

  /** Those of `names` that have a text, by name. */
  present(names: readonly string[]): Readonly<Record<string, string>> {
    return Object.fromEntries(
      names.flatMap((name) => (this.text(name) === '' ? [] : [[name, this.text(name)]])),
    );
  }

  private find(name: string): XmlElement | undefined {
    return this.element.children.find((child) => child.name === name);
  }

  private all(name: string): readonly XmlElement[] {
    return this.element.children.filter((child) => child.name === name);
  }
}
