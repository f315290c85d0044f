/**
 * Signing in: the password, then the code, then what the account still owes. Whatever is wrong, the answer is the same,
 * and takes the same time. An attempt is counted before it is judged, so that many at once are many; from the fifth
 * failure the account pauses, and one address has so many attempts in a minute (security-reliability CON1).
 */
import { Injectable } from '@nestjs/common';
import { Refusal } from '../kernel/refusal';
import { AuditTrail } from '../platform/audit/audit-trail';
import { Database } from '../platform/database/database';
import { SharedBuckets } from '../platform/http/shared-buckets';
import type { TokenBuckets } from '../platform/http/token-buckets';
import { Codes } from './codes';
import { OfficerStore, type SignInFacts } from './officer.store';
import { Passwords } from './passwords';
import { type Session, Sessions } from './sessions';
import { isOfficerName, passwordFault, pauseSecondsAfter } from './sign-in.rules';

/** An office signs in behind one address in the morning: sixty at once, then one in two seconds. */
const attempts = { perSecond: 0.5, burst: 60 } as const;

function refused(): Refusal {
  return new Refusal(
    'sign-in.refused',
    'the user name, the password or the code is wrong, or the account pauses after too many attempts',
    'unauthenticated',
  );
}

@Injectable()
export class SignIn {
  private readonly addresses: TokenBuckets;

  constructor(
    private readonly database: Database,
    private readonly officers: OfficerStore,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly codes: Codes,
    private readonly audit: AuditTrail,
    buckets: SharedBuckets,
  ) {
    this.addresses = buckets.named('sign-in');
  }

  /** The token of a new session, which may wait for a code. Refuses: sign-in.refused, sign-in.limited. */
  async withPassword(name: string, password: string, address: string): Promise<string> {
    this.takeAttempt(address);
    const officer = isOfficerName(name) ? await this.countAttempt(name) : undefined;
    const isRight = await this.passwords.isRight(officer?.passwordHash, password.slice(0, 1_000));
    if (officer === undefined || !isRight) {
      await this.noteFailure(officer, 'password', address);
      throw refused();
    }
    return this.database.transaction(async (tx) => {
      // With a code to come, only this attempt is forgiven: a known password buys no free guesses at the code.
      const wantsCode = officer.hasCode || this.sessions.needsCode(officer);
      const failures = wantsCode ? officer.failedCount : 0;
      await this.officers.setFailures(tx, officer.id, failures, 0);
      const token = await this.sessions.open(tx, officer.id, address);
      await this.audit.record(tx, {
        actor: officer.name,
        action: wantsCode ? 'officer.password-given' : 'officer.signed-in',
        subject: officer.name,
        detail: { address },
      });
      return token;
    });
  }

  /**
   * The code of the authenticator, the first of which confirms it. A new token. Refuses: sign-in.refused,
   * sign-in.limited.
   */
  async withCode(session: Session, code: string, address: string): Promise<string> {
    this.takeAttempt(address);
    const officer = await this.countAttempt(session.officer.name);
    const sealed = officer?.sealedCodeSecret ?? null;
    if (officer === undefined || sealed === null) throw refused();
    const secret = this.codes.open(sealed, officer.id);
    const step = this.codes.stepOf(secret, code.replace(/\s/g, ''), officer.lastCodeStep);
    if (step === undefined) {
      await this.noteFailure(officer, 'code', address);
      throw refused();
    }
    return this.database.transaction(async (tx) => {
      const now = await this.officers.holdForSignIn(tx, officer.name);
      // Of two requests with one code, the second finds it spent.
      if (now === undefined || now.lastCodeStep >= step) throw refused();
      await this.officers.spendCode(tx, officer.id, step);
      await this.officers.setFailures(tx, officer.id, 0, 0);
      await this.audit.record(tx, {
        actor: officer.name,
        action: officer.hasCode ? 'officer.signed-in' : 'officer.code-confirmed',
        subject: officer.name,
        detail: { address },
      });
      return this.sessions.renew(tx, session.id, true);
    });
  }

  /** The secret to put into an authenticator, until its first code confirms it. Refuses: sign-in.code-known. */
  async offerCode(session: Session): Promise<{ secret: string; address: string }> {
    const { id, name } = session.officer;
    return this.database.transaction(async (tx) => {
      const officer = await this.officers.holdForSignIn(tx, name);
      if (officer === undefined || officer.hasCode) {
        throw new Refusal('sign-in.code-known', 'this account has its authenticator', 'conflict');
      }
      // The same until it is confirmed: a page that is loaded again must not undo a scan.
      const secret =
        officer.sealedCodeSecret === null
          ? this.codes.makeSecret()
          : this.codes.open(officer.sealedCodeSecret, id);
      if (officer.sealedCodeSecret === null)
        await this.officers.offerCode(tx, id, this.codes.seal(secret, id));
      return { secret, address: this.codes.addressOf(secret, name) };
    });
  }

  /**
   * A new password; every other session of the officer ends. A new token. Refuses: sign-in.refused,
   * sign-in.limited, password.unacceptable.
   */
  async changePassword(
    session: Session,
    password: { readonly old: string; readonly next: string },
    address: string,
  ): Promise<string> {
    this.takeAttempt(address);
    const officer = await this.countAttempt(session.officer.name);
    if (!(await this.passwords.isRight(officer?.passwordHash, password.old)) || !officer) {
      await this.noteFailure(officer, 'password', address);
      throw refused();
    }
    const fault =
      password.next === password.old ? 'same' : passwordFault(password.next, officer.name);
    const hash = fault === undefined ? await this.passwords.hash(password.next) : '';
    return this.database.transaction(async (tx) => {
      await this.officers.setFailures(tx, officer.id, 0, 0);
      if (fault !== undefined) {
        throw new Refusal(
          'password.unacceptable',
          'a password has 12 to 128 characters, six different ones, no user name in it, and is not the old one',
          'unprocessable',
          { members: { fault } },
        );
      }
      await this.officers.setPassword(tx, officer.id, hash, false);
      await this.sessions.endAll(tx, officer.id, officer.name);
      await this.audit.record(tx, {
        actor: officer.name,
        action: 'officer.password-changed',
        subject: officer.name,
      });
      return this.sessions.open(tx, officer.id, address, officer.hasCode);
    });
  }

  async signOut(session: Session): Promise<void> {
    const { name } = session.officer;
    await this.database.transaction(async (tx) => {
      await this.sessions.end(tx, session.id, name);
      await this.audit.record(tx, { actor: name, action: 'officer.signed-out', subject: name });
    });
  }

  private takeAttempt(address: string): void {
    if (this.addresses.take(address, attempts)) return;
    throw new Refusal('sign-in.limited', 'too many attempts came from there; wait', 'limited', {
      retryAfterSeconds: Math.ceil(this.addresses.secondsToNext(address)),
    });
  }

  /** As the officer stood before this attempt; undefined for nobody, who is disabled, and while the account pauses. */
  private async countAttempt(name: string): Promise<SignInFacts | undefined> {
    return this.database.transaction(async (tx) => {
      const officer = await this.officers.holdForSignIn(tx, name);
      if (officer?.status !== 'active') return undefined;
      if (officer.lockedUntil !== null && officer.lockedUntil > officer.at) return undefined;
      const failures = officer.failedCount + 1;
      await this.officers.setFailures(tx, officer.id, failures, pauseSecondsAfter(failures));
      return officer;
    });
  }

  /** What was typed as a user name may be a password, so a name that nobody has is not written down. */
  private async noteFailure(
    officer: SignInFacts | undefined,
    part: 'password' | 'code',
    address: string,
  ): Promise<void> {
    const name = officer?.name ?? 'unknown';
    await this.database.transaction((tx) =>
      this.audit.record(tx, {
        actor: name,
        action: 'officer.sign-in-refused',
        subject: name,
        detail: { part, address },
      }),
    );
  }
}
