/** Enquiries that arrived together are one indexed statement (performance.md §8). */
import { Injectable } from '@nestjs/common';
import { isOutage } from '../platform/database/outage';
import { MicroBatch } from '../platform/jobs/micro-batch';
import { type Enquiry, FindPayableBill } from './find-payable-bill';

const limits = { maxBatch: 128, maxWaiting: 2_048, lanes: 2 };

@Injectable()
export class EnquiryLane {
  private readonly lane: MicroBatch<string, Enquiry>;

  constructor(bills: FindPayableBill) {
    this.lane = new MicroBatch((numbers) => bills.executeMany(numbers), limits, isOutage);
  }

  /** Throws Overload when more wait than may. */
  async submit(controlNumber: string): Promise<Enquiry> {
    return this.lane.submit(controlNumber);
  }
}
