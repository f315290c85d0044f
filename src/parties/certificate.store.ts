/** Statements on the certificates of parties: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { PartyFile } from './party-file.rules';
import type { CertificateFacts } from '../platform/crypto/certificate';
import type { Reader, Tx } from '../platform/database/database';
import type { KnownCertificate } from './party-key.rules';

export interface CertificateRow extends KnownCertificate {
  readonly pem: string;
}

const columns = `c.pem, c.fingerprint, c.public_key_fingerprint as "publicKeyFingerprint", c.status,
  c.not_before as "notBefore", c.not_after as "notAfter"`;

@Injectable()
export class CertificateStore {
  async ofParty(reader: Reader, partyId: number): Promise<readonly CertificateRow[]> {
    return reader.query<CertificateRow>(
      `select ${columns} from party_certificate c where party_id = $1 order by id`,
      [partyId],
    );
  }

  /** Active ones of active parties that end within so many days, or have ended. */
  async endingWithin(
    reader: Reader,
    days: number,
  ): Promise<readonly (CertificateRow & { readonly partyCode: string })[]> {
    return reader.query(
      `select ${columns}, p.code as "partyCode"
         from party_certificate c join party p on p.id = c.party_id
        where c.status = 'active' and p.status = 'active'
          and c.not_after <= gateway_now() + make_interval(days => $1)
        order by c.not_after, c.id`,
      [days],
    );
  }

  async ownersOfKey(reader: Reader, publicKeyFingerprint: string): Promise<readonly string[]> {
    const rows = await reader.query<{ code: string }>(
      `select distinct p.code from party_certificate c join party p on p.id = c.party_id
        where c.public_key_fingerprint = $1 order by 1`,
      [publicKeyFingerprint],
    );
    return rows.map((row) => row.code);
  }

  /** Two changes of a party's certificates wait for each other here; its payments, which refer to it, do not wait. */
  async lockParty(
    tx: Tx,
    code: string,
  ): Promise<{ id: number; code: string; kind: PartyFile['kind'] } | undefined> {
    const [row] = await tx.query<{ id: number; code: string; kind: PartyFile['kind'] }>(
      `select id, code, kind from party where code = $1 for no key update`,
      [code],
    );
    return row;
  }

  /** Makes it an active certificate of the party, also one that was retired. */
  async activate(tx: Tx, partyId: number, facts: CertificateFacts): Promise<void> {
    await tx.query(
      `insert into party_certificate
         (party_id, fingerprint, public_key_fingerprint, pem, not_before, not_after)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (party_id, fingerprint) do update set status = 'active'`,
      [
        partyId,
        facts.fingerprint,
        facts.publicKeyFingerprint,
        facts.pem,
        facts.notBefore,
        facts.notAfter,
      ],
    );
  }

  async retire(tx: Tx, partyId: number, fingerprint: string): Promise<void> {
    await tx.query(
      `update party_certificate set status = 'retired' where party_id = $1 and fingerprint = $2`,
      [partyId, fingerprint],
    );
  }

  async now(reader: Reader): Promise<Date> {
    const [row] = await reader.query<{ now: Date }>(`select gateway_now() as now`);
    return (row as { now: Date }).now;
  }
}
