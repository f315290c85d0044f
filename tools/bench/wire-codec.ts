/** What the wire benchmark asks of the codecs, in one place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from '../../src/gepg/v4/decode';
import { encodePaymentConfirmed as encode } from '../../src/gepg/v4/encode';
import { encodePaymentAnswer as answer } from '../../src/gepg/v5/encode';
import type { XmlElement } from '../../src/gepg/xml';
import { projectRoot } from '../../src/installation';
import { readPartyFile } from '../../src/parties/party-file.rules';

const party = join(projectRoot, 'certs-sample', 'parties', 'SP70101.json');
const { profile } = readPartyFile(JSON.parse(readFileSync(party, 'utf8')));

export function decodePayment(root: XmlElement) {
  const command = decode('receive-payment', root);
  if (command.kind !== 'receive-payment') throw new Error('the message is not a payment');
  return command.notification;
}

export function decodeBills(root: XmlElement) {
  return decode('submit-bills', root);
}

/** The acknowledgement of generation 5, which no other payment gets. */
export function encodePaymentAnswer(turn: number): Buffer {
  const serial = String(turn).padStart(9, '0');
  return answer(
    {
      code: '7101',
      requestId: `REQBENCH${serial}`,
      requestDigest: 'ab'.repeat(32),
      answerId: `01900000-0000-7000-8000-000${serial}`,
    },
    `BENCH${serial}`,
    `R261124${serial}0`,
  );
}

/** A confirmation like those of the sustained chain, a different one each time. */
export function encodePaymentConfirmed(turn: number): Buffer {
  const serial = String(turn).padStart(9, '0');
  return encode(
    {
      kind: 'payment-confirmed',
      form: 'gepg-v4',
      paymentId: `01900000-0000-7000-8000-000${serial}`,
      receiptNumber: `R261124${serial}0`,
      controlNumber: '998000000000',
      parts: [
        {
          spCode: 'SP70101',
          billId: `BENCH-${serial}`,
          controlNumber: '998000000000',
          billAmount: '25000.00',
          paidAmount: '25000.00',
          paymentOption: 'exact',
          collectionAccount: '0170100000011',
        },
      ],
      currency: 'TZS',
      paidAt: '2026-11-24T08:00:00.000Z',
      channel: 'MOBILE',
      payerName: 'Neema Mollel',
      payerPhone: '255700000001',
      payerEmail: '',
      pspCode: 'PSP701',
      pspName: 'Benki ya Mfano',
      pspTransactionId: `BENCH${serial}`,
      thirdPartyId: '',
    },
    profile,
  );
}
