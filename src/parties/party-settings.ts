/** The settings of an enrolled party, as its file would say them today: for the form that changes them, and the trail. */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { Database, type Reader } from '../platform/database/database';
import { NumberRanges } from './number-ranges';
import type { PartyRow } from './parties.tables';
import type { PartyFile } from './party-file.rules';
import { PartyStore } from './party.store';
import type { Profile } from './profile.rules';

@Injectable()
export class PartySettings {
  constructor(
    private readonly database: Database,
    private readonly store: PartyStore,
    private readonly ranges: NumberRanges,
  ) {}

  /** Without certificates and groups, which are changed in other ways. Refuses: party.unknown. */
  async of(code: string): Promise<PartyFile> {
    const { reader } = this.database;
    const party = await this.store.findByCode(reader, code);
    if (party === null) throw new Refusal('party.unknown', `${code} is not enrolled`, 'not-found');
    return this.within(reader, party);
  }

  async within(reader: Reader, party: PartyRow): Promise<PartyFile> {
    const base = {
      code: party.code,
      name: party.name,
      certificates: [],
      collectionAccounts: await this.store.accounts(reader, party.id),
      profile: party.profile as Profile,
    };
    if (party.kind === 'service-provider') {
      const row = await this.store.serviceProvider(reader, party.id);
      if (row === null) throw new Error(`${party.code} has no settings`);
      return {
        kind: 'service-provider',
        ...base,
        controlNumberPrefixes: await this.ranges.held(reader, party.id),
        systemIds: row.systemIds,
        subSpCodes: row.subSpCodes,
        gfsCodes: row.gfsCodes,
        endpoints: {
          controlNumber: row.controlNumberUrl,
          payment: row.paymentUrl,
          reconciliation: row.reconciliationUrl,
          cancellation: row.cancellationUrl,
        },
        delivery: row.deliveryForm,
        groups: [],
      };
    }
    const row = await this.store.paymentServiceProvider(reader, party.id);
    if (row === null) throw new Error(`${party.code} has no settings`);
    const { channels, policy, resultUrl, resultUrlPrefix, queryLayout, bank, statementMapping } =
      row;
    return {
      kind: 'payment-service-provider',
      ...base,
      channels,
      policy,
      resultUrl,
      resultUrlPrefix,
      queryLayout,
      bank,
      statementMapping,
    };
  }
}
