/**
 * A party's certificate is changed by two administrators: one brings the new one or says which goes, another looks at
 * what would stand afterwards and carries it out, once (permission.rules.ts). What is asked for is tried first and taken
 * back, so that nothing waits which would be refused; when the certificates changed meanwhile, it is asked again.
 */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type CanonicalValue, canonicalJson } from '../kernel/canonical-json';
import { Refusal } from '../kernel/refusal';
import {
  type CertificateChange,
  ChangeCertificates,
  type Standing,
} from '../parties/change-certificates';
import { type CertificateFacts, readCertificate } from '../platform/crypto/certificate';
import { Database, type Tx } from '../platform/database/database';
import { Approvals } from './approvals';

const action = 'certificates.manage';

interface Content {
  readonly party: string;
  readonly change: 'add' | 'retire';
  readonly isForced: boolean;
  readonly certificate: Readonly<
    Pick<CertificateFacts, 'fingerprint' | 'serial' | 'subject' | 'notBefore' | 'notAfter'>
  >;
  /** Of what is added; empty for what is retired. */
  readonly pem: string;
  readonly before: Standing;
  readonly after: Standing;
}

/** Takes back what was only tried. */
class Tried extends Error {
  constructor(
    readonly before: Standing,
    readonly after: Standing,
    readonly change: CertificateChange,
  ) {
    super('a change of certificates was tried');
  }
}

@Injectable()
export class ProposeCertificates implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly changes: ChangeCertificates,
    private readonly approvals: Approvals,
  ) {}

  onModuleInit(): void {
    this.approvals.register(action, {
      execute: async (tx, content, { approvedBy }) => {
        const asked = content as unknown as Content;
        const before = await this.changes.standing(tx, asked.party);
        if (canonicalJson({ ...before }) !== canonicalJson({ ...asked.before })) {
          throw new Refusal(
            'certificate.changed-meanwhile',
            `the certificates of ${asked.party} are others than when this was asked for; decline it and ask again`,
            'conflict',
          );
        }
        const facts =
          asked.change === 'add' ? readCertificate(Buffer.from(asked.pem), 'rsa or ec') : undefined;
        await this.carryOut(tx, { ...asked, facts }, approvedBy);
      },
    });
  }

  /** The id of the request. Refuses: certificate.unchanged, and what `ChangeCertificates.addWithin` refuses. */
  async add(
    party: string,
    facts: CertificateFacts,
    isForced: boolean,
    actor: string,
  ): Promise<string> {
    const wish = { party, facts, isForced, certificate: facts };
    return this.ask(wish, facts.pem, actor);
  }

  /** The id of the request. Refuses: certificate.unchanged, and what `ChangeCertificates.retireWithin` refuses. */
  async retire(
    party: string,
    fingerprint: string,
    isForced: boolean,
    actor: string,
  ): Promise<string> {
    const wish = { party, facts: undefined, isForced, certificate: { fingerprint } };
    return this.ask(wish, '', actor);
  }

  private async ask(wish: Wish, pem: string, actor: string): Promise<string> {
    const { before, after, change } = await this.tried(wish, actor);
    const meant = change.certificates.find((each) => each.fingerprint === change.fingerprint);
    if (change.outcome === 'unchanged' || meant === undefined) {
      throw new Refusal(
        'certificate.unchanged',
        `${change.fingerprint} of ${wish.party} stands so already`,
        'conflict',
      );
    }
    const { fingerprint, serial, subject, notBefore, notAfter } = meant;
    const content: Content = {
      party: wish.party,
      change: wish.facts === undefined ? 'retire' : 'add',
      isForced: wish.isForced,
      certificate: { fingerprint, serial, subject, notBefore, notAfter },
      pem,
      before,
      after,
    };
    return this.database.transaction((tx) =>
      this.approvals.request(tx, {
        action,
        subject: wish.party,
        content: content as unknown as CanonicalValue,
        requestedBy: actor,
      }),
    );
  }

  private async tried(wish: Wish, actor: string): Promise<Tried> {
    try {
      await this.database.transaction(async (tx) => {
        const before = await this.changes.standing(tx, wish.party);
        const change = await this.carryOut(tx, wish, actor);
        throw new Tried(before, await this.changes.standing(tx, wish.party), change);
      });
    } catch (thrown) {
      if (thrown instanceof Tried) return thrown;
      throw thrown;
    }
    throw new Error('what is tried is taken back');
  }

  private async carryOut(
    tx: Tx,
    { party, facts, isForced, certificate }: Wish,
    actor: string,
  ): Promise<CertificateChange> {
    const options = { isForced, actor };
    return facts === undefined
      ? this.changes.retireWithin(tx, party, certificate.fingerprint, options)
      : this.changes.addWithin(tx, party, facts, options);
  }
}

interface Wish {
  readonly party: string;
  /** Of what is added; undefined: `certificate` is retired. */
  readonly facts: CertificateFacts | undefined;
  readonly isForced: boolean;
  readonly certificate: { readonly fingerprint: string };
}
