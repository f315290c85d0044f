/** The shape of every refusal, as the document shows it. The filter that writes it is platform/http/problem.filter. */
import { ApiProperty } from '@nestjs/swagger';

export class FieldProblem {
  @ApiProperty({
    description:
      'JSON pointer into the body; `?name` for a part of the query, `{name}` of the path; `line 7` of a file.',
    example: '/items/0/amount',
  })
  pointer!: string;

  @ApiProperty({ description: 'Stable code.', example: 'field.malformed' })
  code!: string;

  @ApiProperty({ example: 'a string like "1500" or "1500.00"' })
  detail!: string;
}

export class ProblemBody {
  @ApiProperty({ example: 'about:blank' })
  type!: string;

  @ApiProperty({ example: 'Bad request' })
  title!: string;

  @ApiProperty({ type: 'integer', example: 400 })
  status!: number;

  @ApiProperty({ description: 'Stable code.', example: 'request.invalid' })
  code!: string;

  @ApiProperty({ description: 'A sentence to act on.', required: false })
  detail?: string;

  @ApiProperty({ description: 'The path that was asked.', example: '/v1/bills' })
  instance!: string;

  @ApiProperty({ description: 'Names this request in our log.', format: 'uuid', required: false })
  requestId?: string;

  @ApiProperty({
    description: 'Of the field; only where a payment is refused.',
    required: false,
    example: '7302',
  })
  statusCode?: string;

  @ApiProperty({
    description:
      'SHA-256 of the body that is answered, in hexadecimal; where a payment is refused.',
    required: false,
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  requestDigest?: string;

  @ApiProperty({ type: () => FieldProblem, isArray: true, required: false })
  errors?: FieldProblem[];
}
