/** Shapes: what is refused, what is flagged, and reading fields by name. */
import { Refusal } from '../kernel/refusal';
import { checkShape, Fields, protocolNames, type Shape } from './shape';
import { gepgBillSubReq, v4MessageNames, v4Shapes } from './v4/messages';
import { billSubReq, v5MessageNames, v5Shapes } from './v5/messages';
import { parseElement, type XmlElement } from './xml';

const parse = (text: string): XmlElement =>
  parseElement(Buffer.from(text), { maxElements: 1000, maxDepth: 16 });
const bill = (inner: string): string =>
  `<gepgBillSubReq><BillTrxInf>${inner}</BillTrxInf></gepgBillSubReq>`;
const check = (text: string, shape: Shape = gepgBillSubReq) =>
  checkShape(parse(text), shape).unknownElements;

describe('accepts and flags', () => {
  it.each<[string, string, string[]]>([
    ['nothing inside', '<gepgBillSubReq/>', []],
    ['an empty branch with a line break', bill('<BillItems>\n</BillItems>'), []],
    ['several bills', '<gepgBillSubReq><BillTrxInf/><BillTrxInf/></gepgBillSubReq>', []],
    [
      'several wrappers of items',
      bill('<BillItems><BillItem/></BillItems><BillItems><BillItem/><BillItem/></BillItems>'),
      [],
    ],
    ['the number before the items', bill('<PayCntrNum>1</PayCntrNum><BillItems/>'), []],
    ['the number after the items', bill('<BillItems/><PayCntrNum>1</PayCntrNum>'), []],
    ['an unknown element', bill('<Colour>red</Colour>'), ['BillTrxInf/Colour']],
    ['an unknown element, twice', bill('<Colour/><Colour/>'), ['BillTrxInf/Colour']],
    ['an unknown branch', bill('<Colour><Deep>1</Deep></Colour>'), ['BillTrxInf/Colour']],
    [
      'unknown elements in several places',
      '<gepgBillSubReq><X/><BillHdr><X/></BillHdr></gepgBillSubReq>',
      ['X', 'BillHdr/X'],
    ],
    [
      'names of prototypes',
      bill('<__proto__>1</__proto__><constructor/><toString/>'),
      ['BillTrxInf/__proto__', 'BillTrxInf/constructor', 'BillTrxInf/toString'],
    ],
    ['a known name in other case', bill('<billAmt>1</billAmt>'), ['BillTrxInf/billAmt']],
  ])('%s', (_case, text, unknown) => {
    expect(check(text)).toEqual(unknown);
  });
});

describe('refuses', () => {
  it.each([
    ['another message', '<gepgBillCanclReq/>'],
    ['a leaf twice', bill('<BillAmt>1</BillAmt><BillAmt>1</BillAmt>')],
    ['a branch twice', '<gepgBillSubReq><BillHdr/><BillHdr/></gepgBillSubReq>'],
    ['elements in a leaf', bill('<BillAmt><X/></BillAmt>')],
    ['text in a branch', '<gepgBillSubReq><BillHdr>SP1</BillHdr></gepgBillSubReq>'],
    ['text in a branch of items', bill('<BillItems>1</BillItems>')],
    ['a no-break space in a branch', bill('<BillItems>\u00a0</BillItems>')],
    ['text in the message', '<gepgBillSubReq>x</gepgBillSubReq>'],
    ['a leaf one level up', '<gepgBillSubReq><BillAmt>1</BillAmt></gepgBillSubReq>'],
    ['a leaf one level down', bill('<BillItems><BillAmt>1</BillAmt></BillItems>')],
    ['a leaf of the other generation', bill('<CustName>A</CustName>')],
    ['a message inside', bill('<gepgPmtPstReq/>')],
    ['a message we send inside', bill('<gepgPmtSpInfo/>')],
    ['a signature inside', bill('<gepgSignature>x</gepgSignature>')],
    ['an envelope inside', bill('<Gepg/>')],
    ['a leaf below an unknown element', bill('<Colour><Deep><BillAmt>1</BillAmt></Deep></Colour>')],
  ])('%s', (_case, text) => {
    expect(() => check(text)).toThrow(Refusal);
    expect(() => check(text)).toThrow('gepg.envelope-malformed');
  });
});

it('lets only bill numbers repeat in a cancellation', () => {
  const shape = v4Shapes.find(({ name }) => name === 'gepgBillCanclReq') as Shape;
  const body = (inner: string): string => `<gepgBillCanclReq>${inner}</gepgBillCanclReq>`;
  expect(check(body('<BillId>1</BillId><SpCode/><BillId>2</BillId>'), shape)).toEqual([]);
  expect(() => check(body('<SpCode/><SpCode/>'), shape)).toThrow('twice');
});

it('knows each message once and all names of both generations', () => {
  const names = [...v4MessageNames, ...v5MessageNames];
  expect(new Set(names).size).toBe(names.length);
  for (const name of [...names, 'Gepg', 'BillItem', 'spCode', 'CollPsp', 'Rsv3']) {
    expect([name, protocolNames.has(name)]).toEqual([name, true]);
  }
  expect(v4MessageNames.every((name) => name.startsWith('gepg'))).toBe(true);
  expect(v5MessageNames.some((name) => name.startsWith('gepg'))).toBe(false);
  expect([...v4Shapes, ...v5Shapes]).toContain(billSubReq);
});

it('reads fields by name, exactly as written', () => {
  const fields = new Fields(
    parse('<M><A> x </A><E></E><L>1</L><L>2</L><B><C>3</C></B><B/><__proto__>4</__proto__></M>'),
  );

  expect(fields.text('A')).toBe(' x ');
  expect(fields.text('E')).toBe('');
  expect(fields.optional('E')).toBe('');
  expect(fields.text('Missing')).toBe('');
  expect(fields.optional('Missing')).toBeUndefined();
  expect(fields.text('__proto__')).toBe('4');
  expect(fields.optional('constructor')).toBeUndefined();
  expect(fields.texts('L')).toEqual(['1', '2']);
  expect(fields.children('B').map((child) => child.text('C'))).toEqual(['3', '']);
  expect(fields.child('B').text('C')).toBe('3');
  expect(fields.child('Missing').child('Deeper').text('C')).toBe('');
  expect(fields.children('Missing')).toEqual([]);
});
