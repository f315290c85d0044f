/** Bills as a file: up to a hundred thousand rows as CSV, a job with its progress, and a report line by line. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Get, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { BillUpload } from '../bills/bill-upload';
import { ReadUploads } from '../bills/read-uploads';
import { StageUpload } from '../bills/stage-upload';
import type { ServiceProvider } from '../parties/party-directory';
import { withSpooledBody } from '../platform/http/spool-body';
import {
  BillUploadBody,
  BillUploadListBody,
  reportCsv,
  showUpload,
  UploadPath,
  UploadQuery,
} from './bill-upload.schema';
import { Attempt, type AttemptAt, Once } from './once';
import { Operation, Resource } from './operation';
import { pageFrom, pageOf, PageQuery } from './paging';
import { CsvBody, Institution } from './request-context';

/** A hundred thousand rows of 250 bytes are 25 MB. */
const mostBytes = 64 * 1_048_576;

@Resource('bill-uploads', 'Bill uploads')
export class BillUploadsController {
  constructor(
    private readonly stageUpload: StageUpload,
    private readonly uploads: ReadUploads,
    private readonly once: Once,
  ) {}

  @Post()
  @Operation({
    id: 'uploadBills',
    scope: 'bills:write',
    summary: 'Upload up to 100,000 bills as a CSV file',
    description:
      'Taken when its form is right to the last line; its bills are checked and issued afterwards. The same file for the same purpose is the same upload, whatever its Idempotency-Key. Columns: the guide.',
    answer: { status: 202, description: 'The upload, under way.', type: BillUploadBody },
    refusals: {
      413: ['upload.too-large'],
      415: ['upload.not-csv'],
      422: ['upload.refused'],
      429: ['upload.busy'],
    },
    once: true,
    hasBody: true,
  })
  @ApiConsumes('text/csv')
  @ApiBody({
    description: 'UTF-8, with a header line; commas or semicolons.',
    schema: { type: 'string' },
  })
  async upload(
    @Institution() sp: ServiceProvider,
    @Attempt() attempt: AttemptAt,
    @Query() { accept }: UploadQuery,
    @CsvBody() body: Readable,
  ): Promise<BillUploadBody> {
    return withSpooledBody(body, mostBytes, async ({ digest, open }) => {
      const requestDigest = createHash('sha256')
        .update(attempt.requestDigest)
        .update(digest)
        .digest();
      return this.once.executeLong({ ...attempt, requestDigest }, async (tx) => {
        const upload = await this.stageUpload.execute(tx, sp, { digest, accept, open });
        return { status: 202, body: showUpload(upload) };
      });
    });
  }

  @Get()
  @Operation({
    id: 'listBillUploads',
    scope: 'bills:read',
    summary: 'List uploads of bills, newest first',
    answer: { status: 200, description: 'A page of uploads.', type: BillUploadListBody },
    refusals: { 400: ['page.cursor-unknown'] },
  })
  async list(
    @Institution() sp: ServiceProvider,
    @Query() query: PageQuery,
  ): Promise<BillUploadListBody> {
    const page = pageOf(query, 'uuid');
    const found = await this.uploads.list(sp.id, page);
    return pageFrom(found, page, ({ id }) => id, showUpload);
  }

  @Get(':uploadId')
  @Operation({
    id: 'getBillUpload',
    scope: 'bills:read',
    summary: 'Read an upload with its progress',
    answer: { status: 200, description: 'The upload as it stands now.', type: BillUploadBody },
    refusals: { 404: ['upload.unknown'] },
  })
  async read(
    @Institution() sp: ServiceProvider,
    @Param() { uploadId }: UploadPath,
  ): Promise<BillUploadBody> {
    return showUpload(await this.uploads.one(sp.id, uploadId));
  }

  @Get(':uploadId/report.csv')
  @Operation({
    id: 'getBillUploadReport',
    scope: 'bills:read',
    summary: 'Read the report of an upload as CSV',
    description: 'Also while it is under way: rows that are not decided yet say `waiting`.',
    answer: { status: 200, description: 'A line per row of the file.', media: 'text/csv' },
    refusals: { 404: ['upload.unknown'] },
  })
  async report(
    @Institution() sp: ServiceProvider,
    @Param() { uploadId }: UploadPath,
  ): Promise<StreamableFile> {
    const upload = await this.uploads.one(sp.id, uploadId);
    return new StreamableFile(Readable.from(this.lines(sp.id, upload)), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="bill-upload-${uploadId}.csv"`,
    });
  }

  private async *lines(partyId: number, upload: BillUpload): AsyncGenerator<string> {
    let isFirst = true;
    for await (const rows of this.uploads.rowsOf(partyId, upload.id)) {
      yield reportCsv(upload, rows, isFirst);
      isFirst = false;
    }
  }
}
