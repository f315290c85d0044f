/** PSPs that pay bills of SP70101 and settle them at one bank account; what is expected of them and what is open. */
import { parseBusinessDay } from '../../src/kernel/business-day';
import { ManageTerms } from '../../src/settlement/manage-terms';
import { MatchSettlement } from '../../src/settlement/match-settlement';
import { ReviewSettlement } from '../../src/settlement/review-settlement';
import { Books, draft } from './bills';
import { TestGateway } from './gateway';

export const account = '0170100000011';
export const psps = ['PSP701', 'PSP702', 'PSP703'] as const;

export class SettlementStage {
  private paid = 0;

  private constructor(
    readonly gateway: TestGateway,
    readonly books: Books,
  ) {}

  static async start(now: string): Promise<SettlementStage> {
    const gateway = await TestGateway.start();
    await gateway.setClock(now);
    await gateway.party('SP70101');
    for (const psp of psps) await gateway.party(psp);
    return new SettlementStage(gateway, new Books(gateway));
  }

  get review(): ReviewSettlement {
    return this.books.use(ReviewSettlement);
  }

  get terms(): ManageTerms {
    return this.books.use(ManageTerms);
  }

  run() {
    return this.books.use(MatchSettlement).execute('test');
  }

  /** Each a bill of its own, paid at eleven in the morning. */
  async payOn(day: string, psp: string, ...amounts: readonly string[]): Promise<void> {
    await this.gateway.setClock(`${day}T08:00:00Z`);
    for (const amount of amounts) await this.pay(psp, amount);
  }

  /** Now. Returns the transaction id. */
  async pay(psp: string, amount: string): Promise<string> {
    this.paid += 1;
    const id = `T-${String(this.paid)}`;
    const bill = draft(`B-${String(this.paid)}`, { amount, systemId: 'THOSP001' });
    const number = await this.books.numberOf('SP70101', bill);
    expect(await this.books.pay(psp, id, number, amount)).toBe('taken');
    return id;
  }

  /** `PSP701 settled`, or with what is open. */
  async states(day: string): Promise<readonly string[]> {
    const rows = await this.review.status(parseBusinessDay(day));
    return rows.map((each) =>
      [each.pspCode, each.state, ...(each.openMinor === 0n ? [] : [each.openMinor])].join(' '),
    );
  }

  /** Kind, PSP, clearing day or text, and both sums of each open discrepancy. */
  async open(): Promise<readonly string[]> {
    const { rows } = await this.gateway.db.query<{ said: string }>(
      `select d.kind || coalesce(' ' || p.code, '') || ' ' || coalesce(d.detail->>'clearingDay', d.detail->>'remittance')
              || ' ' || d.their_amount_minor || '/' || d.our_amount_minor as said
         from discrepancy d left join party p on p.id = d.psp_id where d.state = 'open' order by 1`,
    );
    return rows.map((row) => row.said);
  }
}
