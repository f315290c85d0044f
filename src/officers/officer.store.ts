/** Statements on officers: one method each, no decision. */
import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '../platform/database/database';
import type { Language } from '../platform/locale/locale';
import type { Role } from './permission.rules';

export interface StoredOfficer {
  readonly id: number;
  readonly name: string;
  readonly fullName: string;
  readonly role: Role;
  readonly partyId: number | null;
  readonly partyCode: string | null;
  readonly status: 'active' | 'disabled';
  readonly language: Language;
  readonly mustChangePassword: boolean;
  readonly isCodeWaived: boolean;
  readonly hasCode: boolean;
  readonly lockedUntil: Date | null;
  readonly createdAt: Date;
}

/** What signing in reads and nobody else. */
export interface SignInFacts extends StoredOfficer {
  readonly passwordHash: string;
  readonly sealedCodeSecret: Buffer | null;
  readonly lastCodeStep: bigint;
  readonly failedCount: number;
  readonly at: Date;
}

export const officerColumns = `o.id, o.name, o.full_name as "fullName", o.role, o.party_id as "partyId", p.code as "partyCode",
  o.status, o.language, o.must_change_password as "mustChangePassword", o.is_code_waived as "isCodeWaived",
  o.code_confirmed_at is not null as "hasCode", o.locked_until as "lockedUntil", o.created_at as "createdAt"`;

const signInColumns = `${officerColumns}, o.password_hash as "passwordHash", o.sealed_code_secret as "sealedCodeSecret",
  o.last_code_step as "lastCodeStep", o.failed_count as "failedCount", gateway_now() as at`;

@Injectable()
export class OfficerStore {
  async find(reader: Reader, name: string): Promise<StoredOfficer | undefined> {
    const [row] = await reader.query<StoredOfficer>(
      `select ${officerColumns} from officer o left join party p on p.id = o.party_id where o.name = $1`,
      [name],
    );
    return row;
  }

  async all(reader: Reader): Promise<readonly StoredOfficer[]> {
    return reader.query<StoredOfficer>(
      `select ${officerColumns} from officer o left join party p on p.id = o.party_id order by o.name`,
    );
  }

  /** Holds the officers' rows until the transaction ends, in the order of their names. */
  async holdAll(tx: Tx, names: readonly string[]): Promise<readonly StoredOfficer[]> {
    return tx.query<StoredOfficer>(
      `select ${officerColumns} from officer o left join party p on p.id = o.party_id
        where o.name = any ($1) order by o.name for share of o`,
      [names],
    );
  }

  async holdForSignIn(tx: Tx, name: string): Promise<SignInFacts | undefined> {
    const [row] = await tx.query<SignInFacts>(
      `select ${signInColumns} from officer o left join party p on p.id = o.party_id
        where o.name = $1 for update of o`,
      [name],
    );
    return row;
  }

  /** False when the name is taken. */
  async add(
    tx: Tx,
    officer: {
      readonly name: string;
      readonly fullName: string;
      readonly role: Role;
      readonly partyId: number | null;
      readonly passwordHash: string;
      readonly mustChangePassword: boolean;
      readonly isCodeWaived: boolean;
    },
  ): Promise<boolean> {
    const rows = await tx.query(
      `insert into officer (name, full_name, role, party_id, password_hash, must_change_password, is_code_waived)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (name) do nothing returning id`,
      [
        officer.name,
        officer.fullName,
        officer.role,
        officer.partyId,
        officer.passwordHash,
        officer.mustChangePassword,
        officer.isCodeWaived,
      ],
    );
    return rows.length > 0;
  }

  async setStatus(tx: Tx, id: number, status: 'active' | 'disabled'): Promise<void> {
    await tx.query(`update officer set status = $2 where id = $1`, [id, status]);
  }

  async setRole(tx: Tx, id: number, role: Role, partyId: number | null): Promise<void> {
    await tx.query(`update officer set role = $2, party_id = $3 where id = $1`, [
      id,
      role,
      partyId,
    ]);
  }

  async setLanguage(tx: Tx, id: number, language: Language): Promise<void> {
    await tx.query(`update officer set language = $2 where id = $1`, [id, language]);
  }

  async setPassword(tx: Tx, id: number, passwordHash: string, mustChange: boolean): Promise<void> {
    await tx.query(
      `update officer set password_hash = $2, must_change_password = $3 where id = $1`,
      [id, passwordHash, mustChange],
    );
  }

  /** Back to the state of a new officer, but for the password. */
  async forgetCode(tx: Tx, id: number): Promise<void> {
    await tx.query(
      `update officer set sealed_code_secret = null, code_confirmed_at = null, last_code_step = 0,
              is_code_waived = false, failed_count = 0, locked_until = null where id = $1`,
      [id],
    );
  }

  async offerCode(tx: Tx, id: number, sealedSecret: Buffer): Promise<void> {
    await tx.query(`update officer set sealed_code_secret = $2 where id = $1`, [id, sealedSecret]);
  }

  /** A code is used once: the step it was made for, and those before, are spent. */
  async spendCode(tx: Tx, id: number, step: bigint): Promise<void> {
    await tx.query(
      `update officer set last_code_step = $2, code_confirmed_at = coalesce(code_confirmed_at, gateway_now())
        where id = $1`,
      [id, step],
    );
  }

  async setFailures(tx: Tx, id: number, count: number, pauseSeconds: number): Promise<void> {
    await tx.query(
      `update officer set failed_count = $2,
              locked_until = case when $3::integer > 0 then gateway_now() + make_interval(secs => $3) end
        where id = $1`,
      [id, count, pauseSeconds],
    );
  }
}
