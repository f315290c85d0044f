/** The envelope and the shape of messages, in both generations: security design §2.2, SIG-2, SIG-3 and SIG-5. */
import {
  type Attack,
  attack,
  bill4,
  bill5,
  cancellation4,
  cancellation5,
  enquiry4,
  enquiry5,
  payment4,
  payment5,
  signatureTag,
  signed,
  stranger,
} from './attack';

const malformed = stranger('7242');

interface Family {
  readonly to: 'pay4' | 'pay5';
  readonly name: string;
  readonly tag: string;
  readonly otherTag: string;
  readonly payment: (amount?: string, more?: string) => string;
}

const families: readonly Family[] = [
  {
    to: 'pay4',
    name: 'gepgPmtPstReq',
    tag: 'gepgSignature',
    otherTag: 'signature',
    payment: (amount = '100.00', more = '') => payment4({ PaidAmt: amount }, 'PSP701', more),
  },
  {
    to: 'pay5',
    name: 'pmtReq',
    tag: 'signature',
    otherTag: 'gepgSignature',
    payment: (amount = '100.00', more = '') => payment5({ PaidAmt: amount }, 'PSP701', more),
  },
];

/** A genuine element with its signature, beside a forged one. */
function wrapping({ to, name, tag, otherTag, payment }: Family): readonly Attack[] {
  const one = (
    title: string,
    put: (genuine: string, signature: string, forged: string) => string,
  ): Attack =>
    attack(
      `${to}: ${title}`,
      to,
      () => {
        const genuine = payment();
        return put(genuine, signatureTag(genuine), payment('999999.00'));
      },
      malformed,
    );
  return [
    one('a forged element before the genuine', (g, s, f) => `<Gepg>${f}${g}${s}</Gepg>`),
    one('a forged element after the genuine', (g, s, f) => `<Gepg>${g}${f}${s}</Gepg>`),
    one('a forged element after the signature', (g, s, f) => `<Gepg>${g}${s}${f}</Gepg>`),
    one(
      'a forged envelope after the genuine',
      (g, s, f) => `<Gepg>${g}${s}</Gepg><Gepg>${f}</Gepg>`,
    ),
    one('the genuine envelope twice', (g, s) => `<Gepg>${g}${s}</Gepg><Gepg>${g}${s}</Gepg>`),
    one(
      'the genuine inside the forged',
      (g, s, f) => `<Gepg>${f.replace(`</${name}>`, `<x>${g}</x></${name}>`)}${s}</Gepg>`,
    ),
    one('an envelope in the envelope', (g, s) => `<Gepg><Gepg>${g}${s}</Gepg></Gepg>`),
    one('an element around the genuine', (g, s) => `<Gepg><x>${g}</x>${s}</Gepg>`),
    one('the signature before the element', (g, s) => `<Gepg>${s}${g}</Gepg>`),
    one(
      'the signature inside the element',
      (g, s) => `<Gepg>${g.replace(`</${name}>`, `${s}</${name}>`)}</Gepg>`,
    ),
    one('the signature after the envelope', (g, s) => `<Gepg>${g}</Gepg>${s}`),
    one('the signature twice', (g, s) => `<Gepg>${g}${s}${s}</Gepg>`),
    one(
      'the signature under both tags',
      (g, s) => `<Gepg>${g}${s}${s.replaceAll(tag, otherTag)}</Gepg>`,
    ),
    one(
      'a signature that opens as one generation and ends as the other',
      (g, s) => `<Gepg>${g}${s.replace(`</${tag}>`, `</${otherTag}>`)}</Gepg>`,
    ),
    one(
      'a signature with an attribute',
      (g, s) => `<Gepg>${g}${s.replace(`<${tag}>`, `<${tag} alg="none">`)}</Gepg>`,
    ),
    one('text before the signature', (g, s) => `<Gepg>${g}x${s}</Gepg>`),
    one('no end of the envelope', (g, s) => `<Gepg>${g}${s}`),
    one('an envelope in lower case', (g, s) => `<gepg>${g}${s}</gepg>`),
    one('an envelope with a namespace', (g, s) => `<Gepg xmlns="urn:x">${g}${s}</Gepg>`),
    one(
      'an attribute on the message',
      (g, s) => `<Gepg>${g.replace(`<${name}>`, `<${name} id="1">`)}${s}</Gepg>`,
    ),
    one('a comment before the signature', (g, s, f) => `<Gepg>${g}<!--${f}-->${s}</Gepg>`),
    one('an instruction in the envelope', (g, s) => `<Gepg><?x y?>${g}${s}</Gepg>`),
    one('the message as CDATA', (g, s) => `<Gepg><![CDATA[${g}]]>${s}</Gepg>`),
    one('a document type', (g, s) => `<!DOCTYPE Gepg>\n<Gepg>${g}${s}</Gepg>`),
    one('a style sheet', (g, s) => `<?xml-stylesheet href="x"?><Gepg>${g}${s}</Gepg>`),
  ];
}

/** Signed by the party itself: two readers could still read two things. */
function shapes({ to, payment }: Family): readonly Attack[] {
  const one = (title: string, element: () => string): Attack =>
    attack(`${to}, signed: ${title}`, to, () => signed(element()), malformed);
  const replaced = (what: string, by: string) => () => payment().replace(what, by);
  return [
    one('the amount twice', () => payment('100.00', '<PaidAmt>1.00</PaidAmt>')),
    one('the amount twice, alike', () => payment('100.00', '<PaidAmt>100.00</PaidAmt>')),
    one('the transaction id twice, once empty', () => payment('100.00', '<TrxId/>')),
    one('elements inside the amount', replaced('100.00', '<x>100.00</x>')),
    one('an empty element between the digits', replaced('100.00', '1<x/>00.00')),
    one('a comment between the digits', replaced('100.00', '1<!-- -->00.00')),
    one('CDATA as the amount', replaced('100.00', '<![CDATA[100.00]]>')),
    one('text beside the elements', replaced('<PaidAmt>', 'x<PaidAmt>')),
    one('an amount in an unknown element', () =>
      payment('100.00', '<Note><PaidAmt>1.00</PaidAmt></Note>'),
    ),
    one('a message name as a field', () => payment('100.00', '<gepgPmtSpInfo>1</gepgPmtSpInfo>')),
    one('a signature as a field', () => payment('100.00', '<gepgSignature>QQ==</gepgSignature>')),
    one('an envelope as a field', () => payment('100.00', '<Gepg></Gepg>')),
    one("a bill's field", () => payment('100.00', '<BillAmt>1.00</BillAmt>')),
    one('an end tag of another case', replaced('</PaidAmt>', '</PAIDAMT>')),
    one('end tags crossed', replaced('</PaidAmt>', '</TrxId>')),
    one('an attribute on a leaf', replaced('<PaidAmt>', '<PaidAmt currency="USD">')),
    one('a prefix on a leaf', () => payment('100.00', '<g:PaidAmt>1.00</g:PaidAmt>')),
  ];
}

export const envelopeAttacks: readonly Attack[] = [
  ...families.flatMap(wrapping),
  ...families.flatMap(shapes),
  attack(
    'the payer part twice',
    'pay4',
    () => signed(payment4().replace('</PspDtl>', '</PspDtl><PspDtl></PspDtl>')),
    malformed,
  ),
  attack(
    'the payment twice',
    'pay4',
    () => signed(payment4().replace(/<PymtTrxInf>.*<\/PymtTrxInf>/, '$&$&')),
    malformed,
  ),
  attack(
    'the payment of generation 5 twice',
    'pay5',
    () => signed(payment5().replace(/<PmtDtl>.*<\/PmtDtl>/, '$&$&')),
    malformed,
  ),
  attack(
    'a text in place of the payment',
    'pay4',
    () => signed(payment4().replace(/<PymtTrxInf>.*<\/PymtTrxInf>/, '<PymtTrxInf>1</PymtTrxInf>')),
    malformed,
  ),
  attack(
    'the number of generation 5 in generation 4',
    'pay4',
    () => signed(payment4({}, 'PSP701', '<CustCtrNum>1</CustCtrNum>')),
    malformed,
  ),
  attack(
    'the number of generation 4 in generation 5',
    'pay5',
    () => signed(payment5({}, 'PSP701', '<BillCtrNum>1</BillCtrNum>')),
    malformed,
  ),
  attack(
    "the institution's header twice",
    'bill4',
    () => signed(bill4().replace(/<BillHdr>.*<\/BillHdr>/, '$&$&'), 'SP70101'),
    malformed,
  ),
  attack(
    'the bill amount twice',
    'bill4',
    () => signed(bill4().replace('<BillAmt>', '<BillAmt>1</BillAmt><BillAmt>'), 'SP70101'),
    malformed,
  ),
  attack(
    'the bills of generation 5 twice',
    'bill5',
    () => signed(bill5('SP70101', 'SP70101').replace('</BillDtls>', '$&<BillDtls/>'), 'SP70101'),
    malformed,
  ),
  // A signed message of one kind is not a message of another (P4).
  attack('replay: an enquiry as a payment', 'pay4', () => signed(enquiry4()), malformed),
  attack(
    'replay: an enquiry of generation 5 as a payment',
    'pay5',
    () => signed(enquiry5()),
    malformed,
  ),
  attack('replay: a payment as an enquiry', 'ask4', () => signed(payment4()), malformed),
  attack('replay: a payment as a status request', 'status5', () => signed(payment5()), malformed),
  attack(
    'replay: a bill as a cancellation',
    'cancel4',
    () => signed(bill4(), 'SP70101'),
    malformed,
  ),
  attack(
    'replay: a cancellation as a bill',
    'bill4',
    () => signed(cancellation4(), 'SP70101'),
    malformed,
  ),
  attack(
    'replay: a cancellation as a day request',
    'day5',
    () => signed(cancellation5(), 'SP70101'),
    malformed,
  ),
  attack(
    'replay: an acknowledgement of a result as a payment',
    'pay4',
    () => signed('<gepgPmtFinRespAck><PayStsCode>7101</PayStsCode></gepgPmtFinRespAck>'),
    malformed,
  ),
  attack(
    'replay: an acknowledgement of a notice as a bill',
    'bill5',
    () => signed('<pmtSpNtfReqAck><AckStsCode>7101</AckStsCode></pmtSpNtfReqAck>', 'SP70101'),
    malformed,
  ),
  attack(
    "replay: our own acknowledgement under a party's key",
    'pay4',
    () => signed('<gepgPmtPstReqAck><TrxStsCode>7101</TrxStsCode></gepgPmtPstReqAck>'),
    malformed,
  ),
];
