/** What is due on a control number, for PSPs. Writes nothing; the limits are those of the XML enquiry, counted together. */
import { Get, Param } from '@nestjs/common';
import { EnquiryLane } from '../bills/enquiry-lane';
import { EnquiryLimits } from '../bills/enquiry-limits';
import type { EnquiryFault } from '../bills/find-payable-bill';
import { Refusal } from '../kernel/refusal';
import type { PaymentServiceProvider } from '../parties/party-directory';
import { EnquiryBody, EnquiryPath, showEnquiry } from './enquiry.schema';
import { Operation, Resource } from './operation';
import { Psp } from './request-context';

function refusalOf(fault: EnquiryFault): Refusal {
  switch (fault) {
    case 'control-number.malformed':
      return new Refusal('control-number.malformed', 'the check digit is wrong', 'unprocessable');
    case 'control-number.unknown':
      return new Refusal('control-number.unknown', 'there is no such number', 'not-found');
    case 'bill.cancelled':
      return new Refusal('bill.cancelled', 'the bill is cancelled', 'conflict');
    case 'bill.settled':
      return new Refusal('bill.settled', 'the bill is paid', 'conflict');
    case 'bill.expired':
      return new Refusal('bill.expired', 'the bill has expired', 'conflict');
  }
}

@Resource('enquiries', 'PSPs')
export class EnquiriesController {
  constructor(
    private readonly lane: EnquiryLane,
    private readonly limits: EnquiryLimits,
  ) {}

  @Get(':controlNumber')
  @Operation({
    id: 'enquire',
    scope: 'enquiries:read',
    summary: 'Ask what is due on a control number',
    answer: { status: 200, description: 'What may be paid now.', type: EnquiryBody },
    refusals: {
      404: ['control-number.unknown'],
      409: ['bill.cancelled', 'bill.settled', 'bill.expired'],
      422: ['control-number.malformed'],
      429: ['enquiry.asked-too-often'],
    },
  })
  async enquire(
    @Psp() psp: PaymentServiceProvider,
    @Param() { controlNumber }: EnquiryPath,
  ): Promise<EnquiryBody> {
    if (!this.limits.allows(psp.code, controlNumber)) {
      throw new Refusal(
        'enquiry.asked-too-often',
        'this number was asked about too often, or too many numbers were none',
        'limited',
        { retryAfterSeconds: 2 },
      );
    }
    const enquiry = await this.lane.submit(controlNumber);
    if (enquiry.stored === undefined) this.limits.miss(psp.code);
    if (enquiry.fault !== undefined) throw refusalOf(enquiry.fault);
    return showEnquiry(controlNumber, enquiry, psp);
  }
}
