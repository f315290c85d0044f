/** Statements on parties, for reading: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Reader } from '../../platform/database/database';

export interface ListedParty {
  readonly code: string;
  readonly kind: string;
  readonly name: string;
  readonly status: string;
  readonly certificates: bigint;
  readonly validUntil: Date | null;
}

@Injectable()
export class PartyListStore {
  async all(reader: Reader): Promise<readonly ListedParty[]> {
    return reader.query<ListedParty>(
      `select p.code, p.kind, p.name, p.status, count(c.id) as certificates, max(c.not_after) as "validUntil"
         from party p left join party_certificate c on c.party_id = p.id and c.status = 'active'
        group by p.id order by p.kind desc, p.code`,
    );
  }

  async one(reader: Reader, code: string): Promise<ListedParty | undefined> {
    return (await this.all(reader)).find((each) => each.code === code);
  }
}
