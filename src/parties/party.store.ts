/** Statements on party tables: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';
import type { Account, PartyFile } from './party-file.rules';
import type { Profile } from './profile.rules';
import { PartyRow, PaymentServiceProviderRow, ServiceProviderRow } from './parties.tables';

@Injectable()
export class PartyStore {
  async findByCode(reader: Reader, code: string): Promise<PartyRow | null> {
    return reader.manager.findOneBy(PartyRow, { code });
  }

  async findById(reader: Reader, id: number): Promise<PartyRow | null> {
    return reader.manager.findOneBy(PartyRow, { id });
  }

  async serviceProvider(reader: Reader, partyId: number): Promise<ServiceProviderRow | null> {
    return reader.manager.findOneBy(ServiceProviderRow, { partyId });
  }

  async paymentServiceProvider(
    reader: Reader,
    partyId: number,
  ): Promise<PaymentServiceProviderRow | null> {
    return reader.manager.findOneBy(PaymentServiceProviderRow, { partyId });
  }

  async accounts(reader: Reader, partyId: number): Promise<readonly Account[]> {
    return reader.query<Account>(
      `select a.account, a.bank, a.currency
         from party_collection_account p join collection_account a on a.id = p.collection_account_id
        where p.party_id = $1 order by p.position`,
      [partyId],
    );
  }

  async groupMembers(reader: Reader, groupCode: string): Promise<readonly string[]> {
    const rows = await reader.query<{ code: string }>(
      `select p.code from party_group g join party p on p.id = g.member_party_id where g.code = $1 order by p.code`,
      [groupCode],
    );
    return rows.map((row) => row.code);
  }

  async profiles(reader: Reader): Promise<readonly { code: string; profile: object }[]> {
    return reader.query(`select code, profile from party order by code`);
  }

  async now(reader: Reader): Promise<Date> {
    const [row] = await reader.query<{ now: Date }>(`select gateway_now() as now`);
    return (row as { now: Date }).now;
  }

  /** False when the party has that status already. */
  async setStatus(tx: Tx, partyId: number, status: 'active' | 'suspended'): Promise<boolean> {
    const rows = await tx.query(
      `update party set status = $2 where id = $1 and status <> $2 returning id`,
      [partyId, status],
    );
    return rows.length === 1;
  }

  async saveParty(tx: Tx, file: PartyFile): Promise<number> {
    const [row] = await tx.query<{ id: number }>(
      `insert into party (code, kind, name, profile) values ($1, $2, $3, $4)
       on conflict (code) do update set name = excluded.name, profile = excluded.profile returning id`,
      [file.code, file.kind, file.name, JSON.stringify(file.profile satisfies Profile)],
    );
    return (row as { id: number }).id;
  }

  async saveDetails(tx: Tx, partyId: number, file: PartyFile): Promise<void> {
    if (file.kind === 'service-provider') {
      await tx.manager.save(ServiceProviderRow, {
        partyId,
        systemIds: [...file.systemIds],
        subSpCodes: [...file.subSpCodes],
        gfsCodes: [...file.gfsCodes],
        controlNumberUrl: file.endpoints.controlNumber,
        paymentUrl: file.endpoints.payment,
        reconciliationUrl: file.endpoints.reconciliation,
        cancellationUrl: file.endpoints.cancellation,
        deliveryForm: file.delivery,
      });
      return;
    }
    await tx.manager.save(PaymentServiceProviderRow, {
      partyId,
      channels: [...file.channels],
      policy: file.policy,
      resultUrl: file.resultUrl,
      resultUrlPrefix: file.resultUrlPrefix,
      queryLayout: file.queryLayout,
      bank: file.bank,
      statementMapping: file.statementMapping,
    });
  }

  async saveAccounts(tx: Tx, partyId: number, accounts: readonly Account[]): Promise<void> {
    await tx.query(
      `insert into collection_account (account, currency, bank)
       select * from unnest($1::text[], $2::text[], $3::text[])
       on conflict (account, currency) do update set bank = excluded.bank`,
      [
        accounts.map((each) => each.account),
        accounts.map((each) => each.currency),
        accounts.map((each) => each.bank),
      ],
    );
    await tx.query(`delete from party_collection_account where party_id = $1`, [partyId]);
    await tx.query(
      `insert into party_collection_account (party_id, collection_account_id, position)
       select $1, a.id, t.position
         from unnest($2::text[], $3::text[]) with ordinality as t (account, currency, position)
         join collection_account a using (account, currency)`,
      [partyId, accounts.map((each) => each.account), accounts.map((each) => each.currency)],
    );
  }

  async saveGroups(
    tx: Tx,
    groups: readonly { code: string; members: readonly string[] }[],
  ): Promise<void> {
    for (const group of groups) {
      await tx.query(
        `insert into party_group (code, member_party_id)
         select $1, id from party where code = any ($2) on conflict do nothing`,
        [group.code, group.members],
      );
    }
  }
}
