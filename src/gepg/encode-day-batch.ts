/**
 * An institution's day as one message, which the clients of the field expect in one piece: up to 20 MB (gepg-decisions
 * D6). Rows are encoded some at a time,
 * so that the event loop goes on between them.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { DayBatch } from '../deliveries/delivery-message';
import { parseBusinessDay } from '../kernel/business-day';
import type { Party } from '../parties/party-directory';
import type { Generation } from '../parties/profile.rules';
import { PaymentsOfDay } from '../payments/payments-of-day';
import { Log } from '../platform/logging/logger';
import { codecs } from './protocol';

/** Encoded in one turn of the event loop; others are answered between two of them. */
const rowsPerTurn = 200;
/** Clients with small buffers were seen; beyond this somebody should know (gepg-decisions D6). */
const warnBytes = 5_000_000;

@Injectable()
export class EncodeDayBatch {
  constructor(
    private readonly payments: PaymentsOfDay,
    private readonly log: Log,
  ) {}

  async execute(message: DayBatch, sp: Party, generation: Generation): Promise<Buffer> {
    const codec = codecs[generation].day;
    const rows: Buffer[] = [];
    const payments = await this.payments.execute(
      sp.id,
      parseBusinessDay(message.day),
      message.option,
    );
    for (const payment of payments) {
      rows.push(codec.encodeRow(payment, sp.profile));
      if (rows.length % rowsPerTurn === 0) await breathe();
    }
    const code = rows.length === 0 ? sp.profile.emptyDayCode : '7101';
    const element = codec.wrap(codec.encodeHead(message, sp, code), rows);
    if (element.length > warnBytes) {
      this.log.info('day-batch-large', { party: sp.code, bytes: element.length });
    }
    return element;
  }
}
