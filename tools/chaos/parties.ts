/**
 * The outside world of an experiment: one institution and one PSP with the sandbox keys, their endpoints, and messages
 * that are signed before the run, so that signing does not bound the load.
 */
import { createHash } from 'node:crypto';
import { textOf, type SandboxParty } from '../sandbox/sandbox-party';
import { paymentTree, submitBills } from '../sandbox/messages';
import { sampleParty } from '../sandbox/sample-keys';
import { writeElement } from '../../src/gepg/xml';
import { formatAmount } from '../../src/kernel/money';
import { formatWireInstant } from '../../src/kernel/business-day';
import { SystemClock } from '../../src/kernel/clock';
import type { Journal } from './journal';
import type { SeededRandom } from './random';

export const spCode = 'SP70101';
export const pspCode = 'PSP701';

export interface Message {
  readonly id: string;
  readonly controlNumber: string;
  readonly amountMinor: string;
  readonly digest: string;
  readonly body: Buffer;
}

export interface Endpoints {
  readonly sp: string;
  readonly psp: string;
}

const billCount = 200;
const billsPerMessage = 50;
const collectMs = 50;

export class Parties {
  private readonly sp: SandboxParty = sampleParty(spCode);
  readonly psp: SandboxParty = sampleParty(pspCode);
  private numbers: readonly string[] = [];
  private collector: NodeJS.Timeout | undefined;
  private signed = 0;

  async listen(): Promise<Endpoints> {
    return { sp: await this.sp.listen(), psp: await this.psp.listen() };
  }

  /** Bills that take any number of instalments, so that one bill carries many payments, in any order. Once. */
  async submit(gateway: string): Promise<void> {
    if (this.numbers.length > 0) return;
    const generatedAt = formatWireInstant(new SystemClock().now());
    const bills = Array.from({ length: billCount }, (_, i) => ({
      billId: `chaos-${String(i)}`,
      amount: '1000000000.00',
      option: '2' as const,
      generatedAt,
      subSpCode: '1001',
      systemId: 'THOSP001',
      items: [{ gfsCode: '142202', amount: '1000000000.00' }],
    }));
    for (let i = 0; i < bills.length; i += billsPerMessage) {
      const answer = await submitBills(this.sp, gateway, bills.slice(i, i + billsPerMessage));
      if (answer.code !== '7101') throw new Error(`bills were answered ${answer.code}`);
    }
    const last = bills.at(-1)?.billId ?? '';
    await this.sp.waitFor('gepgBillSubResp', (root) => textOf(root, 'BillId') === last, 60_000);
    this.numbers = this.sp.received
      .filter((each) => each.name === 'gepgBillSubResp')
      .map((each) => textOf(each.root, 'PayCntrNum'));
    this.sp.received.length = 0;
  }

  sign(name: string, resultUrl: string, count: number, random: SeededRandom): Message[] {
    const paidAt = formatWireInstant(new SystemClock().now());
    return Array.from({ length: count }, () => {
      const id = `${name}-${String(++this.signed)}`;
      const controlNumber = this.numbers[random.between(0, this.numbers.length - 1)] ?? '';
      const amountMinor = BigInt(random.between(1, 9_999_999));
      const amount = formatAmount(amountMinor);
      const tree = { transactionId: id, controlNumber, amount, paidAt, resultUrl };
      const body = this.psp.sign(writeElement('gepgPmtPstReq', paymentTree(pspCode, tree)));
      const digest = createHash('sha256').update(body).digest('hex');
      return { id, controlNumber, amountMinor: amountMinor.toString(), digest, body };
    });
  }

  /** Moves what the endpoints received into the journal, little by little: it is too much to keep. */
  record(journal: Journal): void {
    clearInterval(this.collector);
    this.collector = setInterval(() => {
      for (const { name, root, isSigned } of this.psp.received.splice(0)) {
        if (name !== 'gepgPmtFinResp' || !isSigned) continue;
        void journal.write(['RECEIPT', textOf(root, 'TrxId'), textOf(root, 'RcptNum')]);
      }
      for (const { name, root, isSigned } of this.sp.received.splice(0)) {
        if (name !== 'gepgPmtSpInfo' || !isSigned) continue;
        void journal.write([
          'CONFIRMED',
          textOf(root, 'PspReceiptNumber'),
          textOf(root, 'PayRefId'),
        ]);
      }
    }, collectMs);
  }

  async close(): Promise<void> {
    clearInterval(this.collector);
    await Promise.all([this.sp.close(), this.psp.close()]);
  }
}
