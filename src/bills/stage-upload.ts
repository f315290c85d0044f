/**
 * Takes a file of bills in: its form is checked to the last line, and every line is staged, by one COPY in the caller's
 * transaction. The file is taken whole or refused whole; what its bills say is judged later, line by line (IssueUploads).
 * The same file for the same purpose is the same upload.
 */
import { Injectable } from '@nestjs/common';
import { newId } from '../kernel/ids';
import { Refusal } from '../kernel/refusal';
import type { ServiceProvider } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import { CsvFault, type CsvLine, type CsvLineFault, openCsv } from '../platform/csv/read-csv';
import { copyText } from '../platform/database/copy-text';
import type { Tx } from '../platform/database/database';
import type { BillUpload, UploadChoice, UploadFault } from './bill-upload';
import { draftOfLine, uploadHeaderFaults } from './bill-upload.rules';
import { BillUploadStore } from './bill-upload.store';
import { defaultsOf } from './submit-bills';

export interface UploadedFile {
  readonly digest: Buffer;
  readonly accept: UploadChoice;
  readonly open: () => AsyncIterable<Buffer>;
}

const mostRows = 100_000;
/** Of text for one message to the database; a message a row would cost more than the row. */
const chunkLength = 65_536;
/** More would only repeat what is wrong. */
const mostFaults = 50;

interface Staged {
  rows: number;
  refused: number;
}

@Injectable()
export class StageUpload {
  constructor(
    private readonly store: BillUploadStore,
    private readonly audit: AuditTrail,
  ) {}

  /** Refuses: upload.refused, with the lines at fault. */
  async execute(tx: Tx, sp: ServiceProvider, file: UploadedFile): Promise<BillUpload> {
    const { digest, accept } = file;
    const id = newId<string>();
    const state = accept === 'all' ? 'checking' : 'issuing';
    const isNew = await this.store.add(tx, { id, spId: sp.id, digest, accept, state });
    if (isNew) {
      const staged = await this.stage(tx, sp, id, file);
      await this.store.setCounts(tx, id, staged.rows, staged.refused);
      await this.audit.record(tx, {
        actor: sp.code,
        action: 'bills.uploaded',
        subject: id,
        detail: { rows: staged.rows, accept, digest: digest.toString('hex') },
      });
    }
    const upload = await this.store.findFile(tx, sp.id, digest, accept);
    if (upload === undefined) throw new Error('an upload that was added is found');
    return upload;
  }

  private async stage(
    tx: Tx,
    sp: ServiceProvider,
    id: string,
    file: UploadedFile,
  ): Promise<Staged> {
    try {
      const { header, lines } = await openCsv(file.open());
      const faults = uploadHeaderFaults(header);
      if (faults.length > 0) throw refusal(faults);
      const staged: Staged = { rows: 0, refused: 0 };
      await this.store.addRows(tx, chunksOf(rowsOf(lines, id, sp, staged)));
      if (staged.rows === 0) throw refusal([fault(1, 'there is no line below the header')]);
      return staged;
    } catch (thrown) {
      throw thrown instanceof CsvFault ? refusal([fault(thrown.line, thrown.reason)]) : thrown;
    }
  }
}

function fault(line: number, reason: string): CsvLineFault {
  return { line, column: '', reason };
}

function refusal(faults: readonly CsvLineFault[]): Refusal {
  const fields = faults.slice(0, mostFaults).map(({ line, column, reason }) => ({
    pointer: `line ${String(line)}${column === '' ? '' : `, ${column}`}`,
    code: 'upload.line-malformed',
    detail: reason,
  }));
  const [first] = fields;
  return new Refusal(
    'upload.refused',
    `${first?.pointer ?? ''}: ${first?.detail ?? ''}; nothing of the file was taken`,
    'unprocessable',
    { fields },
  );
}

/** Rows in the text form of COPY. A bill id or a number that an earlier line has is refused here, where both are seen. */
async function* rowsOf(
  lines: AsyncIterable<CsvLine>,
  uploadId: string,
  sp: ServiceProvider,
  staged: Staged,
): AsyncGenerator<string> {
  const defaults = defaultsOf(sp);
  const billIds = new Map<string, number>();
  const numbers = new Map<string, number>();
  for await (const { line, cells } of lines) {
    staged.rows += 1;
    if (staged.rows > mostRows)
      throw refusal([fault(line, `more than ${mostRows.toLocaleString('en')} rows; split it`)]);
    const draft = draftOfLine(cells, defaults);
    const { billId, reusedNumber } = draft;
    const ofId = billId === '' ? undefined : billIds.get(billId);
    const ofNumber = reusedNumber === '' ? undefined : numbers.get(reusedNumber);
    billIds.set(billId, ofId ?? line);
    numbers.set(reusedNumber, ofNumber ?? line);
    const earlier = ofId ?? ofNumber;
    const faults: UploadFault[] = [
      ...(ofId === undefined ? [] : (['upload.bill-id-repeated'] as const)),
      ...(ofNumber === undefined ? [] : (['upload.number-repeated'] as const)),
    ];
    if (earlier !== undefined) staged.refused += 1;
    yield [
      uploadId,
      String(line),
      copyText(billId.slice(0, 100)),
      earlier === undefined ? 'waiting' : 'refused',
      `{${faults.join()}}`,
      earlier === undefined ? String.raw`\N` : String(earlier),
      earlier === undefined ? copyText(JSON.stringify(draft)) : String.raw`\N`,
    ].join('\t');
  }
}

async function* chunksOf(rows: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const row of rows) {
    chunk += `${row}\n`;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
