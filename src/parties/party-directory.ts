/**
 * Looks a party up with its keys and settings. Kept for five seconds, so that a certificate that is retired or a party
 * that is suspended is out after five seconds at most (security-reliability K3). Keys are parsed once; weakenings of
 * the profile that have ended by the database's day are off.
 */
import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { readCertificate } from '../platform/crypto/certificate';
import { Database, type Reader } from '../platform/database/database';
import { businessDayOf } from '../kernel/business-day';
import { instantFromMs } from '../kernel/clock';
import { CertificateStore } from './certificate.store';
import type { Account, DeliveryForm } from './party-file.rules';
import type { KeyValidity } from './party-key.rules';
import { type Profile, profileOn } from './profile.rules';
import { PartyStore } from './party.store';

/** An active certificate. Whether it holds when a message comes is `isKeyValid`'s to say. */
export interface PartyKey extends KeyValidity {
  readonly fingerprint: string;
  readonly publicKey: KeyObject;
}

interface PartyBase {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly profile: Profile;
  readonly keys: readonly PartyKey[];
  readonly accounts: readonly Account[];
  /** The database's instant when the party was looked up, and the reading of our stopwatch then. */
  readonly lookedUp: { readonly at: Date; readonly stopwatchMs: number };
}

export interface ServiceProvider extends PartyBase {
  readonly kind: 'service-provider';
  readonly systemIds: ReadonlySet<string>;
  readonly subSpCodes: ReadonlySet<string>;
  readonly gfsCodes: ReadonlySet<string>;
  readonly endpoints: {
    readonly controlNumber: string | null;
    readonly payment: string | null;
    readonly reconciliation: string | null;
    readonly cancellation: string | null;
  };
  readonly delivery: DeliveryForm;
}

export interface PaymentServiceProvider extends PartyBase {
  readonly kind: 'payment-service-provider';
  readonly policy: 'refuse' | 'irrevocable';
  readonly resultUrl: string | null;
  readonly resultUrlPrefix: string | null;
  readonly bank: string | null;
  readonly queryLayout: 'A' | 'B';
}

export type Party = ServiceProvider | PaymentServiceProvider;

/** The database's instant now, as the look-up of the party tells it: for what is decided before a transaction opens. */
export function instantNow({ lookedUp }: Party): Date {
  return instantFromMs(lookedUp.at.getTime() + performance.now() - lookedUp.stopwatchMs);
}

const keptMs = 5_000;

interface Kept<T> {
  readonly until: number;
  readonly value: Promise<T>;
  isLoaded: boolean;
}

/** The kept value while it is fresh, else a new one. Bounded: strangers may ask for any code. */
async function keep<T>(
  kept: Map<string, Kept<T>>,
  key: string,
  within: Reader | undefined,
  load: (reader: Reader | undefined) => Promise<T>,
): Promise<T> {
  const now = performance.now();
  const entry = kept.get(key);
  const isFresh = entry !== undefined && entry.until > now;
  if (isFresh && (within === undefined || entry.isLoaded)) return entry.value;
  if (kept.size > 10_000) kept.clear();
  const value = load(within);
  const added = { until: now + keptMs, value, isLoaded: false };
  kept.set(key, added);
  value.then(
    () => (added.isLoaded = true),
    () => kept.delete(key),
  );
  return value;
}

@Injectable()
export class PartyDirectory {
  private readonly kept = new Map<string, Kept<Party | undefined>>();
  private readonly keptGroups = new Map<string, Kept<readonly string[]>>();

  constructor(
    private readonly database: Database,
    private readonly store: PartyStore,
    private readonly certificates: CertificateStore,
  ) {}

  /**
   * Within a transaction, its reader must be given, and nothing is waited for that another connection has still to
   * load: as many transactions as the pool has connections would wait for one more for ever.
   */
  async find(code: string, within?: Reader): Promise<Party | undefined> {
    return keep(this.kept, code, within, (reader) =>
      this.load(code, reader ?? this.database.reader),
    );
  }

  /** The codes of a group's members; empty for a group that is not enrolled. */
  async membersOf(groupCode: string, within?: Reader): Promise<readonly string[]> {
    return keep(this.keptGroups, groupCode, within, (reader) =>
      this.store.groupMembers(reader ?? this.database.reader, groupCode),
    );
  }

  async findById(id: number): Promise<Party | undefined> {
    const row = await this.store.findById(this.database.reader, id);
    return row === null ? undefined : this.find(row.code);
  }

  /** Forgets what is kept, after an enrolment in this process. */
  forget(): void {
    this.kept.clear();
    this.keptGroups.clear();
  }

  private async load(code: string, reader: Reader): Promise<Party | undefined> {
    const row = await this.store.findByCode(reader, code);
    if (row === null) return undefined;
    const certificates = await this.certificates.ofParty(reader, row.id);
    const accounts = await this.store.accounts(reader, row.id);
    const now = await this.store.now(reader);
    const base = {
      id: row.id,
      code: row.code,
      name: row.name,
      isActive: row.status === 'active',
      profile: profileOn(row.profile as Profile, businessDayOf(now)),
      keys: certificates
        .filter((each) => each.status === 'active')
        .map(({ pem, fingerprint, notBefore, notAfter }) => ({
          fingerprint,
          notBefore,
          notAfter,
          publicKey: readCertificate(Buffer.from(pem), 'rsa or ec').publicKey,
        })),
      accounts,
      lookedUp: { at: now, stopwatchMs: performance.now() },
    };
    return row.kind === 'service-provider'
      ? this.serviceProvider(base, reader)
      : this.paymentServiceProvider(base, reader);
  }

  private async serviceProvider(
    base: PartyBase,
    reader: Reader,
  ): Promise<ServiceProvider | undefined> {
    const row = await this.store.serviceProvider(reader, base.id);
    if (row === null) return undefined;
    return {
      ...base,
      kind: 'service-provider',
      systemIds: new Set(row.systemIds),
      subSpCodes: new Set(row.subSpCodes),
      gfsCodes: new Set(row.gfsCodes),
      endpoints: {
        controlNumber: row.controlNumberUrl,
        payment: row.paymentUrl,
        reconciliation: row.reconciliationUrl,
        cancellation: row.cancellationUrl,
      },
      delivery: row.deliveryForm,
    };
  }

  private async paymentServiceProvider(
    base: PartyBase,
    reader: Reader,
  ): Promise<PaymentServiceProvider | undefined> {
    const row = await this.store.paymentServiceProvider(reader, base.id);
    if (row === null) return undefined;
    return {
      ...base,
      kind: 'payment-service-provider',
      policy: row.policy,
      resultUrl: row.resultUrl,
      resultUrlPrefix: row.resultUrlPrefix,
      bank: row.bank,
      queryLayout: row.queryLayout,
    };
  }
}
