/**
 * Wire figures: what reading and writing a message costs beside the bare signature operation it cannot do without.
 * One message after another, per second of CPU time, rounds interleaved with the anchor (performance.md §4, §5, §8).
 */
import { constants, type KeyObject, sign, verify } from 'node:crypto';
import { openEnvelope, wrapSigned } from '../../src/gepg/envelope';
import { checkShape, type Shape } from '../../src/gepg/shape';
import { gepgBillSubReq, gepgPmtPstReq } from '../../src/gepg/v4/messages';
import type { XmlElement } from '../../src/gepg/xml';
import { isSignedBy, signBytes } from '../../src/platform/crypto/signature';
import { sampleKeystore } from '../sandbox/sample-keys';
import { atLeast, type Tally } from './figures';
import { notification, type NotificationSet, signedBody } from './messages';
import {
  decodeBills,
  decodePayment,
  encodePaymentAnswer,
  encodePaymentConfirmed,
} from './wire-codec';

const padding = constants.RSA_PKCS1_PADDING;
const limits = { maxElements: 2_000, maxDepth: 16 };

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}

/** Operations per second of CPU time, garbage collection included: what others do on the machine is not counted. */
function rateOf(seconds: number, once: (turn: number) => void): number {
  const began = cpuSeconds();
  let count = 0;
  // The clock is asked once in sixteen: asking costs as much as a small parse.
  while (cpuSeconds() - began < seconds) for (let i = 0; i < 16; i++) once(count++);
  return count / (cpuSeconds() - began);
}

function billElement(index: number): string {
  const number = String(index).padStart(6, '0');
  return `<gepgBillSubReq>
    <BillHdr>
        <SpCode>SP70101</SpCode>
        <RtrRespFlg>true</RtrRespFlg>
    </BillHdr>
    <BillTrxInf>
        <BillId>BENCH-${number}</BillId>
        <SubSpCode>1001</SubSpCode>
        <SpSysId>THOSP001</SpSysId>
        <BillAmt>25000.00</BillAmt>
        <MiscAmt>0.00</MiscAmt>
        <BillExprDt>2027-12-31T23:59:59</BillExprDt>
        <PyrId>BENCH-${number}</PyrId>
        <PyrName>Neema Mollel</PyrName>
        <BillDesc>Huduma ya mfano namba ${number}</BillDesc>
        <BillGenDt>2026-11-24T08:00:00</BillGenDt>
        <BillGenBy>karani</BillGenBy>
        <BillApprBy>mhasibu</BillApprBy>
        <PyrCellNum>255700000001</PyrCellNum>
        <PyrEmail></PyrEmail>
        <Ccy>TZS</Ccy>
        <BillEqvAmt>25000.00</BillEqvAmt>
        <RemFlag>false</RemFlag>
        <BillPayOpt>3</BillPayOpt>
        <BillItems>
            <BillItem>
                <BillItemRef>BENCH-${number}-1</BillItemRef>
                <UseItemRefOnPay>N</UseItemRefOnPay>
                <BillItemAmt>25000.00</BillItemAmt>
                <BillItemEqvAmt>25000.00</BillItemEqvAmt>
                <BillItemMiscAmt>0.00</BillItemMiscAmt>
                <GfsCode>142202</GfsCode>
            </BillItem>
        </BillItems>
    </BillTrxInf>
</gepgBillSubReq>`;
}

interface Sample {
  readonly bodies: readonly Buffer[];
  readonly elements: readonly Buffer[];
  readonly signatures: readonly Buffer[];
  readonly key: KeyObject;
}

const variety = 64;

async function sampleOf(
  set: NotificationSet,
  elementOf: (index: number) => string,
  key: KeyObject,
): Promise<Sample> {
  const texts = Array.from({ length: variety }, (_, i) => elementOf(i));
  const elements = texts.map((text) => Buffer.from(text));
  return {
    bodies: await Promise.all(texts.map((text) => signedBody(set, text))),
    elements,
    signatures: elements.map((bytes) => sign('sha1', bytes, { key: set.key, padding })),
    key,
  };
}

/** All that stands between the bytes and a command: what the gateway does before the database. */
function readOnce(
  sample: Sample,
  turn: number,
  shape: Shape,
  decode: (root: XmlElement) => unknown,
): void {
  const { root, candidates, signature } = openEnvelope(
    sample.bodies[turn % variety] ?? empty,
    limits,
  );
  checkShape(root, shape);
  const [{ bytes }] = candidates;
  if (signature === undefined || !isSignedBy(bytes, signature, sample.key, 'sha1'))
    throw new Error('a signature of the benchmark does not hold');
  decode(root);
}

const empty = Buffer.alloc(0);

function verifyOnce({ elements, signatures, key }: Sample, turn: number): void {
  const at = turn % variety;
  if (!verify('sha1', elements[at] ?? empty, { key, padding }, signatures[at] ?? empty))
    throw new Error('a signature of the benchmark does not hold');
}

export async function measureWire(tally: Tally, rounds: number, seconds: number): Promise<void> {
  const psp = sampleKeystore('PSP701');
  const sp = sampleKeystore('SP70101');
  const gateway = sampleKeystore('gateway').privateKey;
  const set: NotificationSet = {
    generation: 'v4',
    pspCode: 'PSP701',
    key: psp.privateKey,
    keyName: 'PSP701',
    tag: 'WIRE',
    numbers: ['997010000000'],
    amount: '25000.00',
    paidAt: '2026-11-24T11:00:00',
    resultUrl: 'http://127.0.0.1:4790/psp/result/huduma-za-malipo/taarifa-za-mwisho/gepg',
    count: variety,
  };
  const payment = await sampleOf(set, (i) => notification(set, i), psp.certificate.publicKey);
  const bill = await sampleOf(
    { ...set, key: sp.privateKey },
    billElement,
    sp.certificate.publicKey,
  );
  const constant = Buffer.from(
    '<gepgPmtPstReqAck><TrxStsCode>7101</TrxStsCode></gepgPmtPstReqAck>',
  );
  const confirmation = encodePaymentConfirmed(1);
  for (let round = 0; round < rounds; round++) {
    tally.anchor(
      'V',
      'bare crypto.verify of a payment, RSA-2048 SHA-1',
      rateOf(seconds, (turn) => {
        verifyOnce(payment, turn);
      }),
      'per CPU second',
    );
    const sizeOf = (sample: Sample) => ({ bytes: sample.bodies[0]?.length ?? 0 });
    tally.add(
      'read a payment: envelope, shape, verify, decode',
      rateOf(seconds, (turn) => {
        readOnce(payment, turn, gepgPmtPstReq, decodePayment);
      }),
      'per CPU second',
      { against: ['V'], targets: [atLeast('V', 0.25)], detail: sizeOf(payment) },
    );
    tally.add(
      'read a bill: envelope, shape, verify, decode',
      rateOf(seconds, (turn) => {
        readOnce(bill, turn, gepgBillSubReq, decodeBills);
      }),
      'per CPU second',
      { against: ['V'], targets: [atLeast('V', 0.25)], detail: sizeOf(bill) },
    );
    tally.anchor(
      'S',
      'bare crypto.sign of a confirmation, RSA-2048 SHA-1',
      rateOf(seconds, () => {
        sign('sha1', confirmation, { key: gateway, padding });
      }),
      'per CPU second',
    );
    tally.add(
      'write a confirmation: encode, unique sign, wrap',
      rateOf(seconds, (turn) => {
        const element = encodePaymentConfirmed(turn);
        wrapSigned(element, signBytes(element, gateway, 'sha1'), 'v4');
      }),
      'per CPU second',
      { against: ['S'], targets: [atLeast('S', 0.6)] },
    );
    tally.add(
      'write an acknowledgement of generation 5: encode, unique sign, wrap',
      rateOf(seconds, (turn) => {
        const element = encodePaymentAnswer(turn);
        wrapSigned(element, signBytes(element, gateway, 'sha256'), 'v5');
      }),
      'per CPU second',
      { against: ['S'], targets: [atLeast('S', 0.6)] },
    );
    tally.add(
      'read a payment without verify: envelope, shape, decode',
      rateOf(seconds, (turn) => {
        const { root } = openEnvelope(payment.bodies[turn % variety] ?? empty, limits);
        checkShape(root, gepgPmtPstReq);
        decodePayment(root);
      }),
      'per CPU second',
    );
    tally.add(
      'wrap a constant acknowledgement whose signature is kept',
      rateOf(seconds, () => {
        wrapSigned(constant, payment.signatures[0] ?? empty, 'v4');
      }),
      'per CPU second',
    );
  }
}
