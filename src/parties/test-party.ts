/**
 * The self-test of a party: the gateway is played against an endpoint that says it is under test, and what came of it is
 * written down, so that the check list before going live can tell. How it is played belongs to the wire, above.
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { type Party, PartyDirectory } from './party-directory';

export interface SelfTest {
  readonly generation: string;
  readonly cases: readonly {
    readonly number: number;
    /** Of its name, `self-test.case-…` among the texts. */
    readonly key: string;
    readonly verdict: 'pass' | 'warning' | 'fail';
    /** Why, as a text of `self-test` with its particulars. */
    readonly says: { readonly code: string; readonly values: Readonly<Record<string, string>> };
  }[];
}

export interface TestedEndpoint {
  readonly url: string;
  /** Where day batches go; without it that case is left out. */
  readonly reconciliationUrl: string | undefined;
}

/** Port: refuses certify.not-sandbox, certify.not-under-test, certify.url-malformed, certify.not-reachable. */
export abstract class PlaySelfTest {
  abstract play(party: Party, endpoint: TestedEndpoint): Promise<SelfTest>;
}

@Injectable()
export class TestParty {
  constructor(
    private readonly database: Database,
    private readonly directory: PartyDirectory,
    private readonly player: PlaySelfTest,
    private readonly audit: AuditTrail,
  ) {}

  /** Takes as long as the answers of the endpoint, at most 15 s each. Refuses: party.unknown and what the port refuses. */
  async execute(code: string, endpoint: TestedEndpoint, actor: string): Promise<SelfTest> {
    const party = await this.directory.find(code);
    if (party === undefined)
      throw new Refusal('party.unknown', `${code} is not enrolled`, 'not-found');
    const test = await this.player.play(party, endpoint);
    const count = (verdict: string) => test.cases.filter((each) => each.verdict === verdict).length;
    await this.database.transaction((tx) =>
      this.audit.record(tx, {
        actor,
        action: 'party.self-tested',
        subject: code,
        detail: {
          url: endpoint.url,
          generation: test.generation,
          passed: count('pass'),
          warnings: count('warning'),
          failed: count('fail'),
        },
      }),
    );
    return test;
  }
}
