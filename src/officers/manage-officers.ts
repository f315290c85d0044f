/**
 * Makes, disables, resets and lists officers. Nobody does it to himself: an administrator who lost his authenticator is
 * reset by another. A disabled or reset officer's sessions end in the same transaction. Audited, with before and after.
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { PartyDirectory } from '../parties/party-directory';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database, type Tx } from '../platform/database/database';
import { isLanguage } from '../platform/locale/locale';
import { OfficerStore, type StoredOfficer } from './officer.store';
import { Passwords } from './passwords';
import { isBoundToParty, type Role, roles } from './permission.rules';
import { Sessions } from './sessions';
import { isOfficerName } from './sign-in.rules';

export interface NewOfficer {
  readonly name: string;
  readonly fullName: string;
  readonly role: string;
  /** Code of the institution, for its officers and for nobody else. */
  readonly partyCode?: string;
}

export interface RoleWish {
  readonly role: string;
  /** As for a new officer. */
  readonly partyCode?: string;
}

@Injectable()
export class ManageOfficers {
  constructor(
    private readonly database: Database,
    private readonly officers: OfficerStore,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly directory: PartyDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * With a first password that must be changed; it is told this once. `isReady` is the sandbox's: neither a change of
   * the password nor a code is asked for. Refuses: officer.name-malformed, officer.name-taken, officer.role-unknown,
   * officer.party-wrong, party.unknown.
   */
  async create(wanted: NewOfficer, actor: string, isReady = false): Promise<{ password: string }> {
    const { name, fullName } = wanted;
    if (!isOfficerName(name)) {
      throw new Refusal(
        'officer.name-malformed',
        'a user name has 3 to 40 small letters, digits, dots and hyphens, and begins with a letter',
        'unprocessable',
      );
    }
    if (fullName.trim() === '' || fullName.length > 100) {
      throw new Refusal(
        'officer.full-name-missing',
        'a full name has 1 to 100 characters',
        'unprocessable',
      );
    }
    const { role, partyId } = await this.place(wanted.role, wanted.partyCode);
    const password = this.passwords.make();
    const passwordHash = await this.passwords.hash(password);
    await this.database.transaction(async (tx) => {
      const isAdded = await this.officers.add(tx, {
        name,
        fullName: fullName.trim(),
        role,
        partyId,
        passwordHash,
        mustChangePassword: !isReady,
        isCodeWaived: isReady,
      });
      if (!isAdded) throw new Refusal('officer.name-taken', `${name} is taken`, 'conflict');
      await this.audit.record(tx, {
        actor,
        action: 'officer.created',
        subject: name,
        detail: { fullName, role, party: wanted.partyCode ?? null },
      });
    });
    return { password };
  }

  /**
   * In the transaction of its approval (propose-role.ts). His sessions end. Refuses: officer.unknown,
   * officer.own-account, officer.role-unknown, officer.party-wrong, party.unknown.
   */
  async changeRole(tx: Tx, name: string, wanted: RoleWish, actor: string): Promise<void> {
    const { role, partyId } = await this.place(wanted.role, wanted.partyCode, tx);
    const officer = await this.hold(tx, name, actor);
    await this.officers.setRole(tx, officer.id, role, partyId);
    await this.sessions.endAll(tx, officer.id, actor);
    await this.audit.record(tx, {
      actor,
      action: 'officer.role-changed',
      subject: name,
      detail: {
        before: { role: officer.role, party: officer.partyCode },
        after: { role, party: wanted.partyCode ?? null },
      },
    });
  }

  /** The officer as he is, held; what would be refused of the change is refused here. Refuses: as `changeRole`. */
  async weighRole(tx: Tx, name: string, wanted: RoleWish, actor: string): Promise<StoredOfficer> {
    await this.place(wanted.role, wanted.partyCode, tx);
    return this.hold(tx, name, actor);
  }

  /** Refuses: officer.unknown, officer.own-account. */
  async setStatus(name: string, status: 'active' | 'disabled', actor: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const officer = await this.hold(tx, name, actor);
      if (officer.status === status) return;
      await this.officers.setStatus(tx, officer.id, status);
      if (status === 'disabled') await this.sessions.endAll(tx, officer.id, actor);
      await this.audit.record(tx, {
        actor,
        action: status === 'disabled' ? 'officer.disabled' : 'officer.enabled',
        subject: name,
        detail: { before: officer.status, after: status },
      });
    });
  }

  /** A new first password, and the authenticator is forgotten. Refuses: officer.unknown, officer.own-account. */
  async reset(name: string, actor: string): Promise<{ password: string }> {
    const password = this.passwords.make();
    const hash = await this.passwords.hash(password);
    await this.database.transaction(async (tx) => {
      const officer = await this.hold(tx, name, actor);
      await this.officers.setPassword(tx, officer.id, hash, true);
      await this.officers.forgetCode(tx, officer.id);
      await this.sessions.endAll(tx, officer.id, actor);
      await this.audit.record(tx, { actor, action: 'officer.reset', subject: name });
    });
    return { password };
  }

  /** Ends every session of an officer; his own too. Refuses: officer.unknown. */
  async endSessions(name: string, actor: string): Promise<number> {
    return this.database.transaction(async (tx) => {
      const officer = await this.known(tx, name);
      const count = await this.sessions.endAll(tx, officer.id, actor);
      await this.audit.record(tx, {
        actor,
        action: 'officer.sessions-ended',
        subject: name,
        detail: { count },
      });
      return count;
    });
  }

  /** The language of his pages, remembered. Refuses: officer.unknown, officer.language-unknown. */
  async setLanguage(name: string, language: string): Promise<void> {
    if (!isLanguage(language)) {
      throw new Refusal('officer.language-unknown', 'there are sw and en', 'unprocessable');
    }
    await this.database.transaction(async (tx) => {
      await this.officers.setLanguage(tx, (await this.known(tx, name)).id, language);
    });
  }

  async list(): Promise<readonly StoredOfficer[]> {
    return this.officers.all(this.database.reader);
  }

  /** Refuses: officer.unknown. */
  async find(name: string): Promise<StoredOfficer> {
    const officer = await this.officers.find(this.database.reader, name);
    if (officer === undefined) throw unknownOfficer(name);
    return officer;
  }

  private async known(tx: Tx, name: string): Promise<StoredOfficer> {
    const [officer] = await this.officers.holdAll(tx, [name]);
    if (officer === undefined) throw unknownOfficer(name);
    return officer;
  }

  private async hold(tx: Tx, name: string, actor: string): Promise<StoredOfficer> {
    if (name === actor) {
      throw new Refusal(
        'officer.own-account',
        'nobody changes his own account; another administrator does it',
        'forbidden',
      );
    }
    return this.known(tx, name);
  }

  private async place(
    text: string,
    partyCode: string | undefined,
    within?: Tx,
  ): Promise<{ role: Role; partyId: number | null }> {
    const role = roles.find((each) => each === text);
    if (role === undefined) {
      throw new Refusal(
        'officer.role-unknown',
        `there is no role ${text}; there are ${roles.join(', ')}`,
        'unprocessable',
      );
    }
    if (isBoundToParty(role) !== (partyCode !== undefined)) {
      throw new Refusal(
        'officer.party-wrong',
        'an institution’s officer has an institution, and no other officer has one',
        'unprocessable',
      );
    }
    if (partyCode === undefined) return { role, partyId: null };
    const party = await this.directory.find(partyCode, within);
    if (party?.kind !== 'service-provider') {
      throw new Refusal('party.unknown', `there is no institution ${partyCode}`, 'not-found');
    }
    return { role, partyId: party.id };
  }
}

function unknownOfficer(name: string): Refusal {
  return new Refusal('officer.unknown', `there is no officer ${name}`, 'not-found');
}
