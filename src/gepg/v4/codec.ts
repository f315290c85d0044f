/** Generation 4 as a codec; decode.ts and encode.ts hold its two directions. */
import type { Codec } from '../codec';
import { v4Day } from './day-batch';
import { claims, decode } from './decode';
import {
  acknowledge,
  encodeBillsAnswered,
  encodeCancellation,
  encodeEnquiry,
  encodePaymentConfirmed,
  encodePaymentResult,
} from './encode';

export const v4Codec: Codec = {
  decode,
  claims,
  acknowledge,
  encodeCancellation: (_facts, answers) => encodeCancellation(answers),
  encodeEnquiry: (facts, controlNumber, enquiry, form) =>
    encodeEnquiry(facts.requestId, controlNumber, enquiry, form, facts.answerId),
  encodeBillsAnswered,
  encodePaymentConfirmed,
  encodePaymentResult,
  day: v4Day,
};
