/**
 * A step's message as bytes: encoded by the generation's own codec and signed as deliveries are, or forged as the step
 * says.
 */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Party } from '../../parties/party-directory';
import { signOnPool } from '../../platform/crypto/signature';
import type { Codec } from '../codec';
import { wrapSigned } from '../envelope';
import { codecs, generationOf } from '../protocol';
import { digestOf, type Signer } from '../signer';
import { successCode } from '../status-codes';
import type { Step } from './cases';

export async function messageBody(step: Step, party: Party, signer: Signer): Promise<Buffer> {
  const generation = generationOf(step.message.form);
  const element = encode(codecs[generation], step, party);
  if (step.forgery === 'strangers-key') {
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    const signature = await signOnPool(element, privateKey, digestOf[generation]);
    return wrapSigned(element, signature, generation);
  }
  const signed = await signer.sign(element, generation, party.profile.gatewaySignature);
  return step.forgery === 'byte-changed' ? changeByte(signed) : signed;
}

function encode(codec: Codec, { message, rows = [] }: Step, party: Party): Buffer {
  const { profile } = party;
  switch (message.kind) {
    case 'bills-answered':
      return codec.encodeBillsAnswered(message, profile);
    case 'payment-confirmed':
      return codec.encodePaymentConfirmed(message, profile);
    case 'payment-result':
      return codec.encodePaymentResult(message);
    case 'day-batch': {
      const code = rows.length === 0 ? profile.emptyDayCode : successCode;
      return codec.day.wrap(
        codec.day.encodeHead(message, party, code),
        rows.map((row) => codec.day.encodeRow(row, profile)),
      );
    }
  }
}

/** The first digit of the amount becomes another: what a forger would do. A final result has its receipt number only. */
function changeByte(signed: Buffer): Buffer {
  const start = /<(?:PaidAmt|RcptNum)>/.exec(signed.toString('latin1'));
  if (start === null) throw new Error('the message has neither an amount nor a receipt number');
  const changed = Buffer.from(signed);
  const at = start.index + start[0].length;
  changed.write(changed.toString('latin1', at, at + 1) === '9' ? '8' : '9', at, 'latin1');
  return changed;
}
