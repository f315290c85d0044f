/**
 * Sessions of officers. The token is 256 random bits that only the browser holds; the database holds its SHA-256, so
 * that a session ends on the server, at once and for every process (security-reliability CON2).
 */
import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { newId } from '../kernel/ids';
import { SandboxSwitch } from '../parties/admit-certificate';
import { Database, type Tx } from '../platform/database/database';
import type { StoredOfficer } from './officer.store';
import { needsCode } from './permission.rules';
import { SessionStore, type StoredSession } from './session.store';
import { isSessionOver, nextStep, type Step } from './sign-in.rules';

export interface Session {
  readonly id: string;
  readonly officer: StoredOfficer;
  readonly step: Step;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly address: string;
}

const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly store: SessionStore,
    private readonly sandbox: SandboxSwitch,
  ) {}

  /**
   * The session of a token, if it still holds. Using it keeps it from being idle; a page that refreshes itself is no use
   * of it (`isUse` false), or an open page would keep signed in an officer who has left.
   */
  async find(token: string, isUse = true): Promise<Session | undefined> {
    if (!tokenPattern.test(token)) return undefined;
    const row = await this.store.find(this.database.reader, digestOf(token));
    if (row?.status !== 'active' || this.isOver(row)) return undefined;
    if (isUse && row.at.getTime() - row.lastSeenAt.getTime() > 60_000)
      await this.database.transaction((tx) => this.store.touch(tx, row.sessionId));
    return this.sessionOf(row);
  }

  /** Opens one; the token is told this once. */
  async open(tx: Tx, officerId: number, address: string, hasGivenCode = false): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const digest = digestOf(token);
    await this.store.add(tx, { id: newId(), digest, officerId, address, hasGivenCode });
    return token;
  }

  /** A new token for a session that may do more from now on; the old one is worth nothing. */
  async renew(tx: Tx, id: string, hasGivenCode: boolean): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.store.renew(tx, id, digestOf(token), hasGivenCode);
    return token;
  }

  async end(tx: Tx, id: string, by: string): Promise<void> {
    await this.store.end(tx, id, by);
  }

  async endAll(tx: Tx, officerId: number, by: string): Promise<number> {
    return this.store.endAll(tx, officerId, by);
  }

  /** Those that hold now. */
  async openOf(officerId: number): Promise<readonly Session[]> {
    const rows = await this.store.openOf(this.database.reader, officerId);
    return rows.filter((row) => !this.isOver(row)).map((row) => this.sessionOf(row));
  }

  /** Whether a code is wanted of this officer; the sandbox's own accounts are let off, and nobody elsewhere. */
  needsCode(officer: Pick<StoredOfficer, 'role' | 'isCodeWaived'>): boolean {
    return needsCode(officer.role) && !(this.sandbox.isOn && officer.isCodeWaived);
  }

  private isOver({ sessionCreatedAt, lastSeenAt, endedAt, at }: StoredSession): boolean {
    return isSessionOver({ createdAt: sessionCreatedAt, lastSeenAt, endedAt }, at);
  }

  private sessionOf(row: StoredSession): Session {
    return {
      id: row.sessionId,
      officer: row,
      step: nextStep({
        needsCode: this.needsCode(row),
        hasCode: row.hasCode,
        hasGivenCode: row.hasGivenCode,
        mustChangePassword: row.mustChangePassword,
      }),
      createdAt: row.sessionCreatedAt,
      lastSeenAt: row.lastSeenAt,
      address: row.address,
    };
  }
}
