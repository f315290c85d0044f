/** The counters of `/metrics` (Prometheus text form). One registry per application, so that tests do not share it. */
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';

@Injectable()
export class Metrics {
  readonly registry = new Registry();

  readonly messages = this.counter('malipo_messages_total', 'GePG messages answered', [
    'path',
    'code',
  ]);
  readonly refused = this.counter('malipo_refused_total', 'Requests turned away at the edge', [
    'reason',
  ]);
  readonly deliveries = this.counter('malipo_delivery_attempts_total', 'Delivery attempts', [
    'kind',
    'outcome',
  ]);
  readonly alarms = this.counter('malipo_alarms_total', 'Alarms raised', ['kind']);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  private counter<Label extends string>(name: string, text: string, labelNames: Label[]) {
    return new Counter({ name, help: text, labelNames, registers: [this.registry] });
  }
}
