/** Uploads of bills as the JSON edge shows them, and the report of a file as CSV. */
import { ApiProperty } from '@nestjs/swagger';
import { stringify } from 'csv-stringify/sync';
import type { SubmissionFault } from '../bills/bill-submission';
import type {
  BillUpload,
  UploadChoice,
  UploadFault,
  UploadRow,
  UploadState,
} from '../bills/bill-upload';
import { fieldFaults } from './bill-faults';
import { UuidField, WordField } from './fields';
import { NextField } from './paging';

const choices = ['all', 'good'] as const satisfies readonly UploadChoice[];
const states = ['checking', 'issuing', 'done', 'refused'] as const satisfies readonly UploadState[];

export class UploadQuery {
  @WordField({
    description: '`all`: nothing is issued where one row is bad; `good`: the good rows are.',
    example: 'all',
    words: choices,
    name: 'UploadChoice',
  })
  accept!: UploadChoice;
}

export class UploadPath {
  @UuidField({
    description: 'The id that the upload got from us.',
    example: '0192f0c1-7f6e-7c1a-8a52-0f2d3c4b5a69',
  })
  uploadId!: string;
}

export class BillUploadBody {
  @ApiProperty({ format: 'uuid', example: '0192f0c1-7f6e-7c1a-8a52-0f2d3c4b5a69' })
  uploadId!: string;

  @ApiProperty({
    description: 'SHA-256 of the file.',
    example: '5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456',
  })
  digest!: string;

  @ApiProperty({ enum: choices, enumName: 'UploadChoice', example: 'all' })
  accept!: UploadChoice;

  @ApiProperty({
    description:
      '`checking` and `issuing` go on; `done` and `refused` (nothing was issued) are final.',
    enum: states,
    enumName: 'UploadState',
    example: 'done',
  })
  state!: UploadState;

  @ApiProperty({ description: 'Below the header.', type: 'integer', example: 100000 })
  rows!: number;

  @ApiProperty({ type: 'integer', example: 100000 })
  checkedRows!: number;

  @ApiProperty({ description: 'Rows that have their number.', type: 'integer', example: 99998 })
  issuedRows!: number;

  @ApiProperty({ description: 'Rows at fault; the report says why.', type: 'integer', example: 2 })
  refusedRows!: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-24T08:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    example: '2026-11-24T08:00:30.000Z',
  })
  finishedAt!: string | null;
}

export class BillUploadListBody {
  @ApiProperty({ type: () => BillUploadBody, isArray: true })
  data!: BillUploadBody[];

  @NextField()
  next!: string | null;
}

export function showUpload(upload: BillUpload): BillUploadBody {
  return {
    uploadId: upload.id,
    digest: upload.digest.toString('hex'),
    accept: upload.accept,
    state: upload.state,
    rows: upload.rows,
    checkedRows: upload.checked,
    issuedRows: upload.issued,
    refusedRows: upload.refused,
    createdAt: upload.createdAt.toISOString(),
    finishedAt: upload.finishedAt?.toISOString() ?? null,
  };
}

const reportColumns = ['line', 'bill_id', 'result', 'control_number', 'error_code', 'error'];

/** One line per row of the file. A text that a spreadsheet would run as a formula begins with a quote (F8). */
export function reportCsv(
  { state }: BillUpload,
  rows: readonly UploadRow[],
  header: boolean,
): string {
  const lines = rows.map((row) => {
    const isLeftOut = row.state === 'waiting' && state === 'refused';
    return [
      row.line,
      row.billId,
      isLeftOut ? 'not-issued' : row.state,
      row.controlNumber ?? '',
      row.faults[0] ?? '',
      isLeftOut ? 'other lines are at fault' : sentenceOf(row),
    ];
  });
  return stringify(lines, { header, columns: reportColumns, escape_formulas: true });
}

function sentenceOf({ faults, repeatsLine }: UploadRow): string {
  const line = String(repeatsLine);
  const sentences: Readonly<Record<string, string>> = {
    'upload.bill-id-repeated': `bill_id: line ${line} has this id already`,
    'upload.number-repeated': `control_number: line ${line} has this number already`,
  };
  const ofBill = faults.filter((fault): fault is SubmissionFault => !(fault in sentences));
  // A row has one item, of its own amount: faults of the amount show twice.
  const own = ofBill.filter((fault) => !fault.startsWith('bill.item-'));
  return [
    ...faults.flatMap((fault: UploadFault) => sentences[fault] ?? []),
    ...fieldFaults(own.length > 0 ? own : ofBill).map(({ pointer, detail }) =>
      pointer === '' ? detail : `${columnOf(pointer)}: ${detail}`,
    ),
  ].join('; ');
}

/** `/payer/phone` is the column payer_phone. */
function columnOf(pointer: string): string {
  if (pointer === '/items') return 'gfs_code';
  return pointer
    .slice(1)
    .replaceAll('/', '_')
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
