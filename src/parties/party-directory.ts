/**
 * Looks a party up with its keys and settings. Kept for five seconds, so that a certificate that is retired or a party
 * that is suspended is out after five seconds at most (security-reliability K3). Keys are parsed once.
 */
import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { readCertificate } from '../platform/crypto/certificate';
import { Database, type Reader } from '../platform/database/database';
import { CertificateStore } from './certificate.store';
import type { Account, DeliveryForm, Profile } from './party-file.rules';
import type { KeyValidity } from './party-key.rules';
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
  };
  readonly delivery: DeliveryForm;
}

export interface PaymentServiceProvider extends PartyBase {
  readonly kind: 'payment-service-provider';
  readonly policy: 'refuse' | 'irrevocable';
  readonly resultUrl: string | null;
  readonly resultUrlPrefix: string | null;
  readonly bank: string | null;
}

export type Party = ServiceProvider | PaymentServiceProvider;

const keptMs = 5_000;

interface Kept {
  readonly until: number;
  readonly party: Promise<Party | undefined>;
  isLoaded: boolean;
}

@Injectable()
export class PartyDirectory {
  private readonly kept = new Map<string, Kept>();

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
    const now = performance.now();
    const entry = this.kept.get(code);
    const isUsable = entry !== undefined && entry.until > now;
    if (isUsable && (within === undefined || entry.isLoaded)) return entry.party;
    if (this.kept.size > 10_000) this.kept.clear();
    const party = this.load(code, within ?? this.database.reader);
    const kept = { until: now + keptMs, party, isLoaded: false };
    this.kept.set(code, kept);
    party.then(
      () => (kept.isLoaded = true),
      () => this.kept.delete(code),
    );
    return party;
  }

  async findById(id: number): Promise<Party | undefined> {
    const row = await this.store.findById(this.database.reader, id);
    return row === null ? undefined : this.find(row.code);
  }

  /** Forgets what is kept, after an enrolment in this process. */
  forget(): void {
    this.kept.clear();
  }

  private async load(code: string, reader: Reader): Promise<Party | undefined> {
    const row = await this.store.findByCode(reader, code);
    if (row === null) return undefined;
    const certificates = await this.certificates.ofParty(reader, row.id);
    const accounts = await this.store.accounts(reader, row.id);
    const base = {
      id: row.id,
      code: row.code,
      name: row.name,
      isActive: row.status === 'active',
      profile: row.profile as Profile,
      keys: certificates
        .filter((each) => each.status === 'active')
        .map(({ pem, fingerprint, notBefore, notAfter }) => ({
          fingerprint,
          notBefore,
          notAfter,
          publicKey: readCertificate(Buffer.from(pem)).publicKey,
        })),
      accounts,
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
    };
  }
}
