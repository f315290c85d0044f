/** A file of bills and what becomes of it, in our own words. Rules: product.md §6 (bulk upload with a per-row report). */
import type { SubmissionFault } from './bill-submission';

/** `all`: nothing is issued where one row is bad; `good`: the good rows are. */
export type UploadChoice = 'all' | 'good';

/** `checking` is of the choice `all` alone; `refused` means that nothing was issued. */
export type UploadState = 'checking' | 'issuing' | 'done' | 'refused';

export type UploadFault = SubmissionFault | 'upload.bill-id-repeated' | 'upload.number-repeated';

export interface BillUpload {
  readonly id: string;
  readonly digest: Buffer;
  readonly accept: UploadChoice;
  readonly state: UploadState;
  readonly rows: number;
  readonly checked: number;
  readonly issued: number;
  readonly refused: number;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

export interface UploadRow {
  readonly line: number;
  readonly billId: string;
  readonly state: 'waiting' | 'issued' | 'refused';
  /** Also beside faults, where the id has a number already. */
  readonly controlNumber: string | null;
  readonly faults: readonly UploadFault[];
  /** The earlier line of the file that has the same bill id or number. */
  readonly repeatsLine: number | null;
}
