/**
 * An officer's role is changed by two administrators: who may do what is as much worth as the money that he may move. The
 * one whose role it is has no part in it, neither asking nor deciding.
 */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { CanonicalValue } from '../kernel/canonical-json';
import { Refusal } from '../kernel/refusal';
import { Database } from '../platform/database/database';
import { type Approval, Approvals } from './approvals';
import { ManageOfficers, type RoleWish } from './manage-officers';

const action = 'officers.change-role';

interface Place {
  readonly role: string;
  /** The institution's code; null for who belongs to none. */
  readonly party: string | null;
}

interface Content {
  readonly officer: string;
  readonly before: Place;
  readonly after: Place;
}

@Injectable()
export class ProposeRole implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly officers: ManageOfficers,
    private readonly approvals: Approvals,
  ) {}

  onModuleInit(): void {
    this.approvals.register(action, {
      execute: async (tx, content, { approvedBy }) => {
        const { officer: name, before, after } = content as unknown as Content;
        const wanted = wishOf(after);
        const { role, partyCode } = await this.officers.weighRole(tx, name, wanted, approvedBy);
        if (role !== before.role || partyCode !== before.party) {
          throw new Refusal(
            'officer.changed-meanwhile',
            `${name} has another role than when this was asked for; decline it and ask again`,
            'conflict',
          );
        }
        await this.officers.changeRole(tx, name, wanted, approvedBy);
      },
    });
  }

  /** The id of the request. Refuses: officer.role-unchanged, and what `ManageOfficers.changeRole` refuses. */
  async request(name: string, wanted: RoleWish, actor: string): Promise<string> {
    return this.database.transaction(async (tx) => {
      const { role, partyCode } = await this.officers.weighRole(tx, name, wanted, actor);
      const after: Place = { role: wanted.role, party: wanted.partyCode ?? null };
      if (role === after.role && partyCode === after.party) {
        throw new Refusal(
          'officer.role-unchanged',
          `${name} has this role already`,
          'unprocessable',
        );
      }
      const content: Content = { officer: name, before: { role, party: partyCode }, after };
      return this.approvals.request(tx, {
        action,
        subject: name,
        content: content as unknown as CanonicalValue,
        requestedBy: actor,
      });
    });
  }

  /** Those of an officer that wait for a decision. */
  async waiting(name: string): Promise<readonly Approval[]> {
    const all = await this.approvals.ofSubject(name);
    return all.filter((each) => each.action === action && each.state === 'waiting');
  }
}

function wishOf({ role, party }: Place): RoleWish {
  return party === null ? { role } : { role, partyCode: party };
}
