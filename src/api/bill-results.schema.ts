/** The answer to several bills at once: one result each, in order. */
import { ApiProperty } from '@nestjs/swagger';
import type { BillAnswer } from '../bills/bill-submission';
import { fieldFaults } from './bill-faults';
import { FieldProblem } from './problem.schema';

export class BillResultBody {
  @ApiProperty({ example: 'INV-2026-0001' })
  billId!: string;

  @ApiProperty({ description: 'Whether the bill stands now.', example: true })
  accepted!: boolean;

  @ApiProperty({
    description: 'Also beside faults, where the id has a number already.',
    type: 'string',
    nullable: true,
    example: '997010000008',
  })
  controlNumber!: string | null;

  @ApiProperty({ type: () => FieldProblem, isArray: true, description: 'Pointers into the bill.' })
  errors!: FieldProblem[];
}

export class BillResultsBody {
  @ApiProperty({ type: () => BillResultBody, isArray: true })
  results!: BillResultBody[];
}

export function showResults(answers: readonly BillAnswer[]): BillResultsBody {
  return {
    results: answers.map(({ billId, controlNumber, faults }) => ({
      billId,
      accepted: faults.length === 0,
      controlNumber,
      errors: fieldFaults(faults),
    })),
  };
}
