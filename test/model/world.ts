/**
 * The gateway under the model: real HTTP, a real database, parties that answer. Its clock stands still until it is moved,
 * so that midnight and expiry are met to the millisecond; a commit can be held up, so that deeds overlap for certain; and
 * a row can be made to fail, as no known message does.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { CancelBillGroup } from '../../src/bills/cancel-bill-group';
import { CancelBills } from '../../src/bills/cancel-bills';
import { controlNumberFor } from '../../src/bills/control-number.rules';
import { ExpireBills } from '../../src/bills/expire-bills';
import { SubmitBillGroup } from '../../src/bills/submit-bill-group';
import { writeElement } from '../../src/gepg/xml';
import { formatAmount } from '../../src/kernel/money';
import { paymentTree } from '../../tools/sandbox/messages';
import type { SandboxParty } from '../../tools/sandbox/sandbox-party';
import { Books, draft, item, names } from '../support/bills';
import { TestGateway } from '../support/gateway';
import { type Bill, type Deed, Oracle, type Payment } from './oracle';
import { type BillRows, Witness } from './witness';

const [hospital, council] = ['SP70101', 'SP70202'];
export const psps = ['PSP701', 'PSP702', 'PSP703'] as const;
/** Its transaction ids fail in the database. */
export const poison = 'POISON';
const options = { full: '1', partial: '2', exact: '3', limited: '4' } as const;
/** How long a commit is held up; the next deed follows after a part of it. */
const slowMs = 200;
const stepMs = 60;
const retries = 200;

export interface NewBill {
  readonly option: Bill['option'];
  readonly parts: readonly bigint[];
  readonly minimum: bigint;
  readonly limit: bigint | null;
  readonly expiresAt: number;
}

const preparations = `
  create table model_clock (at timestamptz not null);
  insert into model_clock select gateway_now();
  create or replace function gateway_now() returns timestamptz language sql stable as 'select at from model_clock';
  -- It is a clock that somebody set: whatever waits for the server's own time cannot be told by it.
  update gateway_clock set clock_offset = interval '1 second';
  create sequence model_slow start 5000;
  create function model_holds_up() returns trigger language plpgsql security definer set search_path = public as $$
  begin
    if new.psp_transaction_id like '${poison}%' then raise exception 'a row of the model fails'; end if;
    if coalesce(current_setting('model.held', true), '') <> pg_current_xact_id()::text then
      perform set_config('model.held', pg_current_xact_id()::text, true);
      if nextval('model_slow') <= 1000 then perform pg_sleep(${String(slowMs / 1_000)}); end if;
    end if;
    return null;
  end $$;
  create constraint trigger model_holds_up after insert on payment_notification
    deferrable initially deferred for each row execute function model_holds_up();
  grant select on model_clock to malipo_system`;

export class World {
  private readonly books: Books;
  readonly witness: Witness;
  private serial = 0;
  at = 0;

  private constructor(
    private readonly gateway: TestGateway,
    private readonly senders: ReadonlyMap<string, SandboxParty>,
    readonly institution: SandboxParty,
    readonly unissued: string,
  ) {
    this.books = new Books(gateway);
    this.witness = new Witness(gateway, senders, institution);
  }

  static async open(): Promise<World> {
    const gateway = await TestGateway.start();
    await gateway.db.query(preparations);
    await gateway.party(council, { systemIds: [], subSpCodes: [], gfsCodes: [] });
    const groups = [{ code: 'SPG1', members: [hospital, council] }];
    const institution = await gateway.party(hospital, {
      systemIds: [],
      groups,
      profile: { digests: ['sha1', 'sha256'], allowsLimited: true },
    });
    const senders = new Map<string, SandboxParty>();
    for (const code of psps) senders.set(code, await gateway.party(code));
    const range = { prefix: '701', hasCheckDigit: true };
    const unissued = controlNumberFor(range, 900_000n, gateway.controlNumberKey);
    const world = new World(gateway, senders, institution, unissued);
    await world.moveClock(Date.parse('2026-11-24T08:00:00Z'));
    return world;
  }

  oracle(): Oracle {
    return new Oracle(new Set(['PSP703']), new Set([this.unissued]));
  }

  nextId(prefix = 'T'): string {
    this.serial += 1;
    return `${prefix}-${String(this.serial)}`;
  }

  async moveClock(at: number): Promise<void> {
    this.at = at;
    await this.gateway.db.query('update model_clock set at = $1', [new Date(at)]);
  }

  /** The bill's number and id; with two parts it is a combined bill. */
  async issue(bill: NewBill): Promise<{ readonly id: string; readonly number: string }> {
    const id = this.nextId('B');
    const wall = (at: number): string => new Date(at + 3 * 3_600_000).toISOString().slice(0, 19);
    const drafts = bill.parts.map((part, i) =>
      draft(id, {
        spCode: i === 0 ? hospital : council,
        amount: formatAmount(part),
        paymentOption: options[bill.option],
        minimumAmount: formatAmount(bill.minimum),
        limitAmount: bill.limit === null ? '' : formatAmount(bill.limit),
        expiresAt: wall(bill.expiresAt),
        generatedAt: wall(this.at),
        items: [item(formatAmount(part - part / 3n)), item(formatAmount(part / 3n), '142203')],
      }),
    );
    const [only, ...others] = drafts;
    if (only !== undefined && others.length === 0)
      return { id, number: await this.books.numberOf(hospital, { ...only, spCode: '' }) };
    const sp = await this.books.sp(hospital);
    const submission = {
      form: 'gepg-v5',
      groupCode: 'SPG1',
      groupBillId: id,
      systemId: '',
      reusedNumber: '',
      parts: drafts,
    } as const;
    const answer = await this.books.inTransaction((tx) =>
      this.books.use(SubmitBillGroup).execute(tx, sp, submission, names),
    );
    expect(answer.parts.flatMap((part) => part.faults)).toEqual([]);
    return { id, number: answer.controlNumber ?? '' };
  }

  async expire(): Promise<void> {
    await this.persistently(() => this.books.use(ExpireBills).execute());
  }

  async do(deed: Deed, isCombined: boolean): Promise<string> {
    return deed.kind === 'pay' ? this.pay(deed.payment) : this.cancel(deed.billId, isCombined);
  }

  /** The status code of a signed answer; `http-` and the status of any other; `lost` when there was none. */
  async pay(payment: Payment): Promise<string> {
    const { sender, body } = this.message(payment);
    try {
      const answer = await sender.post(this.gateway.url, '/api/payment/sigqrequest', body);
      return answer.status === 200 && answer.isSigned
        ? answer.code
        : `http-${String(answer.status)}`;
    } catch {
      return 'lost';
    }
  }

  /** As a PSP without an answer does: the same bytes, until there is one. */
  async payPersistently(payment: Payment): Promise<string> {
    let code = '';
    for (let tries = 0; tries < retries; tries++) {
      code = await this.pay(payment);
      if (/^\d{4}$/.test(code)) return code;
      await pause(50);
    }
    throw new Error(`${payment.id} got no answer in ${String(retries)} tries: ${code}`);
  }

  /** Sends the whole message and hangs up, so that it is taken in and nobody hears the answer. */
  async payAndHangUp(payment: Payment): Promise<void> {
    const { sender, body } = this.message(payment);
    const { hostname, port } = new URL(this.gateway.url);
    const head = [
      'POST /api/payment/sigqrequest HTTP/1.1',
      `host: ${hostname}`,
      'content-type: application/xml',
      'gepg-com: default.psp.in',
      `gepg-code: ${sender.code}`,
      `content-length: ${String(body.length)}`,
    ];
    const socket = connect(Number(port), hostname);
    // It may be told that nobody listens any more.
    socket.on('error', () => undefined).resume();
    socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
    await once(socket, 'finish');
    socket.destroy();
  }

  /** Until so many copies of a message are stored: one that comes late would count as sent at a later time. */
  async untilKept(payment: Payment, copies: number): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      const kept = await this.gateway.count(
        'inbound_message',
        `position(convert_to('<TrxId>${payment.id}<', 'UTF8') in body) > 0`,
      );
      if (kept >= copies) return;
      await pause(10);
    }
    throw new Error(`${payment.id} did not come ${String(copies)} times`);
  }

  /** Each a step after the one before, while the first commits are held up: `heldUp` of them. */
  async together(
    deeds: readonly { readonly deed: Deed; readonly isCombined: boolean }[],
    heldUp: number,
  ): Promise<readonly string[]> {
    await this.holdUp(heldUp);
    const answers = await Promise.all(
      deeds.map(async ({ deed, isCombined }, i) => {
        await pause(Math.min(i, heldUp) * stepMs);
        return this.do(deed, isCombined);
      }),
    );
    await this.holdUp(0);
    // What waited longer than a statement may was told to come again, and comes again as a PSP does: alone, a few times.
    const last: string[] = [];
    for (const [i, { deed }] of deeds.entries()) {
      let code = answers[i] ?? '';
      for (let tries = 0; tries < 3 && code === 'http-503' && deed.kind === 'pay'; tries++)
        code = await this.pay(deed.payment);
      last.push(code);
    }
    return last;
  }

  /**
   * Payments under way while commits are held up; then every connection and every session of the gateway is cut, and
   * another process takes over. What was acknowledged before must be there at once; all is sent again.
   */
  async crashAmid(payments: readonly Payment[]): Promise<readonly string[]> {
    await this.holdUp(payments.length);
    const underWay = payments.map((payment) => this.pay(payment));
    await pause(stepMs);
    await this.gateway.crash();
    const first = await Promise.all(underWay);
    await this.holdUp(0);
    for (const [i, payment] of payments.entries()) {
      if (first[i] !== '7101') continue;
      const stored = await this.gateway.count(
        'payment',
        `psp_transaction_id = '${payment.id}' and psp_id = (select id from party where code = '${payment.psp}')`,
      );
      expect({ acknowledged: payment.id, stored }).toEqual({ acknowledged: payment.id, stored: 1 });
    }
    const again: string[] = [];
    for (const payment of payments) again.push(await this.payPersistently(payment));
    first.forEach((code, i) => {
      if (/^\d{4}$/.test(code)) expect(again[i]).toBe(code);
    });
    return again;
  }

  setHearing(isDeaf: boolean): void {
    for (const party of [this.institution, ...this.senders.values()])
      party.behaviour = isDeaf ? 'http-500' : 'ack';
  }

  /** Everybody hears again and time passes until nothing is owed; then all that is stored is held against the oracle. */
  async finish(oracle: Oracle): Promise<void> {
    this.setHearing(false);
    await this.untilDelivered();
    await this.expire();
    await this.witness.compareAll(oracle, this.at);
  }

  /** The bills of these numbers, those past their time moved to expired. */
  async billRows(numbers: readonly string[]): Promise<BillRows> {
    await this.expire();
    return this.witness.billRows(numbers);
  }

  async compareBills(oracle: Oracle, numbers: readonly string[]): Promise<void> {
    await this.expire();
    await this.witness.compareBills(oracle, numbers, this.at);
  }

  async close(): Promise<void> {
    this.setHearing(false);
    await this.gateway.stop();
  }

  private async cancel(billId: string, isCombined: boolean): Promise<string> {
    return this.persistently(async () => {
      const sp = await this.books.sp(hospital);
      return this.books.inTransaction(async (tx) => {
        if (isCombined)
          return (await this.books.use(CancelBillGroup).execute(tx, sp, billId, 'Ombi')).result;
        const [answer] = await this.books.use(CancelBills).execute(tx, sp, [billId], 'Ombi');
        return answer?.result ?? '';
      });
    });
  }

  private message({ psp, id, number, amount, currency }: Payment) {
    const sender = this.senders.get(psp);
    if (sender === undefined) throw new Error(`the model has no PSP ${psp}`);
    const tree = paymentTree(psp, {
      transactionId: id,
      controlNumber: number,
      amount: formatAmount(amount),
      currency,
      paidAt: '2026-11-24T10:00:00',
      resultUrl: `${sender.url}/result`,
    });
    return { sender, body: sender.sign(writeElement('gepgPmtPstReq', tree)) };
  }

  private async holdUp(commits: number): Promise<void> {
    await this.gateway.db.query(`select setval('model_slow', $1)`, [
      commits === 0 ? 5_000 : 1_000 - commits,
    ]);
  }

  /** Work that a cut connection may end before it has begun. */
  private async persistently<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await work();
      } catch (fault) {
        if (tries >= 20) throw fault;
        await pause(50);
      }
    }
  }

  /** Time passes while anything is owed: what nobody heard is due again, and what a crash left leased. */
  private async untilDelivered(): Promise<void> {
    for (let waited = 0; waited < 1_500; waited++) {
      const open = await this.gateway.count('delivery', `state in ('ready', 'leased')`);
      if (open === 0) return;
      if (waited % 15 === 14) await this.moveClock(this.at + 3_600_000);
      await pause(20);
    }
    const { rows } = await this.gateway.db.query(
      `select kind, subject, state, attempt_count, last_outcome from delivery where state in ('ready', 'leased') limit 5`,
    );
    throw new Error(`still owed after thirty seconds: ${JSON.stringify(rows)}`);
  }
}
