/**
 * The counters of `/metrics` (Prometheus text form). One registry per application, so that tests do not share it; where
 * several processes answer on one port, the sums of all of them, since nobody knows which one is asked.
 */
import { Injectable } from '@nestjs/common';
import { AggregatorRegistry, collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { isSibling, onPrimary, tellPrimary } from '../processes/siblings';

const answerMs = 5_000;

@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private asked = 0;

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
    if (isSibling) {
      AggregatorRegistry.setRegistries(this.registry);
      // Answers the process that adds up.
      new AggregatorRegistry();
    }
  }

  async text(): Promise<string> {
    return isSibling ? this.ofAll() : this.registry.metrics();
  }

  private async ofAll(): Promise<string> {
    const id = (this.asked += 1);
    return new Promise((resolve, reject) => {
      const stop = onPrimary('metrics', (message) => {
        if (message.id !== id) return;
        clearTimeout(limit);
        stop();
        resolve(message.text);
      });
      const limit = setTimeout(() => {
        stop();
        reject(new Error('the other processes did not tell their metrics in time'));
      }, answerMs);
      tellPrimary({ kind: 'metrics-wanted', id });
    });
  }

  private counter<Label extends string>(name: string, text: string, labelNames: Label[]) {
    return new Counter({ name, help: text, labelNames, registers: [this.registry] });
  }
}
