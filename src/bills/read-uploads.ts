/** An institution reads its uploads: the job with its progress, and line by line what became of the file. */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { Database } from '../platform/database/database';
import type { BillUpload, UploadRow } from './bill-upload';
import { BillUploadStore } from './bill-upload.store';
import type { ListPage } from './bill-view';

const rowsAtOnce = 2_000;

@Injectable()
export class ReadUploads {
  constructor(
    private readonly database: Database,
    private readonly store: BillUploadStore,
  ) {}

  /** Refuses: upload.unknown, for an upload of another institution as for none. */
  async one(partyId: number, id: string): Promise<BillUpload> {
    const upload = await this.database
      .forParty(partyId)
      .read((reader) => this.store.find(reader, partyId, id));
    if (upload === undefined)
      throw new Refusal('upload.unknown', 'there is no such upload', 'not-found');
    return upload;
  }

  async list(partyId: number, page: ListPage): Promise<readonly BillUpload[]> {
    return this.database.forParty(partyId).read((reader) => this.store.list(reader, partyId, page));
  }

  /** In the order of the file, some thousand at a time. */
  async *rowsOf(partyId: number, id: string): AsyncGenerator<readonly UploadRow[]> {
    for (let line = 0; ;) {
      const after = line;
      const rows = await this.database
        .forParty(partyId)
        .read((reader) => this.store.rowsAfter(reader, partyId, id, after, rowsAtOnce));
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      line = last.line;
    }
  }
}
