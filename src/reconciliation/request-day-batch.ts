/**
 * An institution asks for its payments of a past day. The batch is owed as one delivery, whose bytes are made when it
 * is sent; the same id and day again sends the same batch again (gepg-decisions D5). At most ten times an hour.
 */
import { Injectable } from '@nestjs/common';
import type { BillForm } from '../bills/bill-submission';
import { EnqueueDelivery } from '../deliveries/enqueue-delivery';
import { businessDayOf } from '../kernel/business-day';
import type { ServiceProvider } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import type { Tx } from '../platform/database/database';
import {
  askedPerHour,
  checkDayRequest,
  type DayBatchRefusal,
  type RawDayRequest,
} from './day-batch.rules';
import { DayBatchStore } from './day-batch.store';

export interface DayBatchRequest extends RawDayRequest {
  readonly requestId: string;
  readonly form: BillForm;
  readonly groupCode: string;
  /** Ours, for the answer. */
  readonly answerId: string;
}

@Injectable()
export class RequestDayBatch {
  constructor(
    private readonly store: DayBatchStore,
    private readonly deliveries: EnqueueDelivery,
    private readonly audit: AuditTrail,
  ) {}

  /** undefined when the batch is owed. */
  async execute(
    tx: Tx,
    sp: ServiceProvider,
    request: DayBatchRequest,
  ): Promise<DayBatchRefusal | undefined> {
    const today = businessDayOf(await this.store.now(tx));
    const checked = checkDayRequest(request, sp.systemIds, today);
    if (checked.refusal !== undefined) return checked.refusal;
    const { day, option } = checked;
    const asked = await this.store.record(tx, sp.id, request.requestId, day, option);
    if (asked.inLastHour > askedPerHour) return 'day-batch.asked-too-often';
    const subject = `day-batch/${sp.code}/${request.requestId}/${day}/${option}`;
    if (asked.isFirst) {
      await this.deliveries.execute(tx, [
        {
          recipientId: sp.id,
          subject,
          url: sp.endpoints.reconciliation,
          message: {
            kind: 'day-batch',
            form: request.form === 'gepg-v5' ? 'gepg-v5' : 'gepg-v4',
            answerId: request.answerId,
            requestId: request.requestId,
            groupCode: request.groupCode,
            systemId: request.systemId,
            day,
            option,
          },
        },
      ]);
    } else {
      await this.deliveries.again(tx, subject);
    }
    await this.audit.record(tx, {
      actor: sp.code,
      action: 'day-batch.requested',
      subject: `${sp.code}/${day}`,
      detail: { requestId: request.requestId, option, isFirst: asked.isFirst },
    });
    return undefined;
  }
}
