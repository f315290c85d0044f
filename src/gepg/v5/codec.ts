/** Generation 5 as a codec; decode.ts and encode.ts hold its two directions. */
import type { Codec } from '../codec';
import { v5Day } from './day-batch';
import { claims, decode } from './decode';
import {
  acknowledge,
  encodeBillsAnswered,
  encodeCancellation,
  encodeEnquiry,
  encodePaymentConfirmed,
  encodePaymentResult,
} from './encode';

export const v5Codec: Codec = {
  decode,
  claims,
  acknowledge,
  encodeCancellation,
  encodeEnquiry,
  encodeBillsAnswered,
  encodePaymentConfirmed,
  encodePaymentResult,
  day: v5Day,
};
