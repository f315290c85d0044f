/** Requests for a reversal as the JSON edge takes and shows them. */
import { ApiProperty } from '@nestjs/swagger';
import { formatAmount, parsePlainAmount } from '../kernel/money';
import {
  type ReversalReason,
  reversalReasons,
  type ReversalRequest,
  type ReversalWish,
} from '../payments/reversal-request';
import {
  AmountField,
  ControlNumberField,
  IdentifierField,
  TextField,
  UuidField,
  WordField,
} from './fields';
import { NextField } from './paging';

const id = '0193a1b2-0000-7000-8000-000000000002';

export class ReversalPath {
  @UuidField({ description: 'Our id of the request.', example: id })
  requestId!: string;
}

export class ReversalInput {
  @IdentifierField({ description: 'Yours, of the payment.', example: 'TX-0001' })
  transactionId!: string;

  @WordField({
    description: 'What was wrong.',
    words: reversalReasons,
    name: 'ReversalReason',
    example: 'wrong-number',
  })
  reason!: ReversalReason;

  @TextField({
    description: 'What happened, for the officer who decides.',
    longest: 500,
    example: 'The payer mistook the last digit',
  })
  note!: string;

  @ControlNumberField({
    description: 'With wrong-number: the one that was meant.',
    example: '997010000016',
    optional: true,
  })
  intendedControlNumber?: string;

  @AmountField({
    description: 'With wrong-amount: what should have been paid; 0 where nothing should.',
    optional: true,
  })
  intendedAmount?: string;
}

export class ReversalBody {
  @ApiProperty({ format: 'uuid', example: id })
  requestId!: string;

  @ApiProperty({ example: 'TX-0001' })
  transactionId!: string;

  @ApiProperty({ example: 'R2611240000017' })
  receiptNumber!: string;

  @ApiProperty({ enum: reversalReasons, enumName: 'ReversalReason', example: 'wrong-number' })
  reason!: ReversalReason;

  @ApiProperty({ example: 'The payer mistook the last digit' })
  note!: string;

  @ApiProperty({ type: 'string', nullable: true, example: '997010000016' })
  intendedControlNumber!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: null })
  intendedAmount!: string | null;

  @ApiProperty({
    description: '`requested`: it waits for an officer.',
    enum: ['requested', 'approved', 'declined'],
    enumName: 'ReversalState',
    example: 'requested',
  })
  state!: 'requested' | 'approved' | 'declined';

  @ApiProperty({ format: 'date-time', example: '2026-11-24T09:30:00.000Z' })
  requestedAt!: string;
}

export class ReversalListBody {
  @ApiProperty({ type: () => ReversalBody, isArray: true })
  data!: ReversalBody[];

  @NextField()
  next!: string | null;
}

export function wishOf(input: ReversalInput): ReversalWish {
  const { transactionId, reason, note, intendedControlNumber, intendedAmount } = input;
  return {
    transactionId,
    reason,
    note,
    intendedControlNumber,
    intendedAmountMinor:
      intendedAmount === undefined ? undefined : parsePlainAmount(intendedAmount),
  };
}

export function showReversal(request: ReversalRequest): ReversalBody {
  return {
    requestId: request.id,
    transactionId: request.transactionId,
    receiptNumber: request.receiptNumber,
    reason: request.reason,
    note: request.note,
    intendedControlNumber: request.intendedControlNumber,
    intendedAmount:
      request.intendedAmountMinor === null ? null : formatAmount(request.intendedAmountMinor),
    state: request.state,
    requestedAt: request.requestedAt.toISOString(),
  };
}
