/** The way into the use case that takes payments, as the edge of the GePG protocol uses it, a batch at a time. */
import type { INestApplicationContext } from '@nestjs/common';
import { openEnvelope } from '../../../src/gepg/envelope';
import { type MessageId, newId } from '../../../src/kernel/ids';
import { JournalMessage } from '../../../src/messages/journal-message';
import { PartyDirectory, type PaymentServiceProvider } from '../../../src/parties/party-directory';
import { ReceivePayments } from '../../../src/payments/receive-payments';
import { Database } from '../../../src/platform/database/database';
import { decodePayment } from '../wire-codec';

export interface Decoded {
  readonly notification: ReturnType<typeof decodePayment>;
  readonly body: Buffer;
}

const limits = { maxElements: 2_000, maxDepth: 16 };

export function decodeBody(body: Buffer): Decoded {
  return { notification: decodePayment(openEnvelope(body, limits).root), body };
}

export class PaymentStage {
  private constructor(
    private readonly database: Database,
    private readonly receivePayments: ReceivePayments,
    private readonly journal: JournalMessage,
    private readonly psp: PaymentServiceProvider,
  ) {}

  static async open(app: INestApplicationContext, pspCode: string): Promise<PaymentStage> {
    const party = await app.get(PartyDirectory, { strict: false }).find(pspCode);
    if (party?.kind !== 'payment-service-provider') throw new Error(`${pspCode} is no PSP`);
    return new PaymentStage(
      app.get(Database, { strict: false }),
      app.get(ReceivePayments, { strict: false }),
      app.get(JournalMessage, { strict: false }),
      party,
    );
  }

  /** How many were taken: one transaction for all, with their journal lines. */
  async take(part: readonly Decoded[]): Promise<number> {
    const { psp } = this;
    const rows = part.map(({ notification, body }) => ({
      body,
      notification: { ...notification, messageId: newId<MessageId>() },
    }));
    return this.database.transaction(async (tx) => {
      const outcomes = await this.receivePayments.execute(
        tx,
        rows.map(({ notification }) => ({ psp, notification })),
      );
      await this.journal.execute(
        tx,
        ...rows.map(({ notification, body }) => ({
          id: notification.messageId,
          partyId: psp.id,
          path: '/api/payment/sigqrequest',
          messageName: 'gepgPmtPstReq',
          headers: { 'gepg-code': psp.code, 'gepg-com': 'default.psp.in', 'gepg-alg': '' },
          body,
          signatureDigest: 'sha1',
          signatureCandidate: 'element',
          certificateFingerprint: psp.keys[0]?.fingerprint ?? '',
          statusCode: '7101',
          flags: [],
        })),
      );
      return outcomes.filter(({ isAccepted }) => isAccepted).length;
    });
  }
}
