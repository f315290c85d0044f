/** Two officers who ask for refunds, approve them, instruct the bank and decide about its lines; amina and baraka. */
import { Approvals } from '../../src/officers/approvals';
import { Refunds, type RefundWish } from '../../src/payments/refunds';
import { ResolveDiscrepancy } from '../../src/reconciliation/resolve-discrepancy';
import type { Books } from './bills';
import type { TestGateway } from './gateway';
import { makeOfficer } from './officers';

export const payee = {
  creditorName: 'Neema Mollel',
  creditorAccount: '0111222',
  creditorBank: 'CORUTZTZ',
  reason: 'paid too much',
};

export class RefundDesk {
  constructor(
    private readonly gateway: TestGateway,
    private readonly books: Books,
    /** From which the bank shall pay. */
    private readonly account: string,
  ) {}

  async open(): Promise<void> {
    await makeOfficer(this.gateway.app, 'amina', 'treasury-officer');
    await makeOfficer(this.gateway.app, 'baraka', 'treasury-approver');
  }

  async approved(
    transactionId: string,
    wish: Pick<RefundWish, 'source' | 'amountMinor'> & Partial<RefundWish>,
  ): Promise<void> {
    const paymentId = await this.books.paymentId(transactionId);
    const id = await this.books
      .use(Refunds)
      .request({ ...payee, account: this.account, ...wish, paymentId }, 'amina');
    await expect(this.books.use(Approvals).approve(id, 'amina')).rejects.toMatchObject({
      code: 'approval.own-request',
    });
    await this.books.use(Approvals).approve(id, 'baraka');
  }

  /** The ids of the instruction, in the order of the refunds' sums, as the bank reads them in the file. */
  async instructed(): Promise<readonly string[]> {
    const refunds = this.books.use(Refunds);
    const batch = await refunds.requestBatch(this.account, 'TZS', 'amina');
    await this.books.use(Approvals).approve(batch, 'baraka');
    const list = await refunds.list({ state: 'instructed' });
    const { text } = await refunds.file(list.at(-1)?.batchId ?? '', 'amina');
    return [...text.matchAll(/<EndToEndId>(\w+)<.*?<InstdAmt Ccy="TZS">([\d.]+)</g)]
      .sort((one, other) => Number(one[2]) - Number(other[2]))
      .map((each) => each[1] ?? '');
  }

  /** `suspense 30.00 paid` and so on, by sum. */
  async states(): Promise<readonly string[]> {
    return (await this.books.use(Refunds).list())
      .map((each) => `${each.source} ${String(each.amountMinor)} ${each.state}`)
      .sort();
  }

  /** Proposed by one officer and approved by another. */
  async decided(
    kind: string,
    minor: bigint,
    resolution: string,
    more: Record<string, string> = {},
  ): Promise<void> {
    const { rows } = await this.gateway.db.query<{ id: string }>(
      `select id from discrepancy where kind = $1 and their_amount_minor = $2 and state <> 'withdrawn'
        order by id desc limit 1`,
      [kind, minor],
    );
    const id = BigInt(rows[0]?.id ?? 0);
    const { approvalId } = await this.books
      .use(ResolveDiscrepancy)
      .execute({ id, resolution, input: { note: 'the bank says so', ...more } }, 'amina');
    await this.books.use(Approvals).approve(approvalId ?? '', 'baraka');
  }
}
