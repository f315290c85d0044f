/** A small day of two institutions, three PSPs and two currencies, with surplus and suspense, and reports of it. */
import { Writable } from 'node:stream';
import { plainCell } from '../../src/reports/cell-text.rules';
import { ExportReport, type Format } from '../../src/reports/export-report';
import type { Row } from '../../src/reports/report';
import type { ReportName } from '../../src/reports/report-catalogue';
import type { RawParameters } from '../../src/reports/report-parameters.rules';
import { type ReportPage, type ReportRequest, RunReport } from '../../src/reports/run-report';
import { pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import { TestGateway } from './gateway';

const now = '2026-11-24T10:00:00';
export const formulaName = '=HYPERLINK("http://x.example","Neema")';

export const request = (
  name: ReportName,
  parameters: RawParameters = {},
  more: Partial<ReportRequest> = {},
): ReportRequest => ({
  name,
  parameters,
  scope: 'everybody',
  askedBy: 'amina',
  language: 'en',
  ...more,
});

export const asTexts = ({ columns }: ReportPage, rows: readonly Row[]): string[][] =>
  rows.map((row) => columns.map(({ kind }, i) => plainCell(row[i] ?? null, kind)));

export class ReportDay {
  private readonly parties = new Map<string, SandboxParty>();
  private readonly partyIds = new Map<string, number>();
  private payments = 0;

  private constructor(readonly gateway: TestGateway) {}

  static async start(): Promise<ReportDay> {
    const gateway = await TestGateway.start();
    await gateway.setClock('2026-11-24T08:00:00Z');
    const day = new ReportDay(gateway);
    await day.fill();
    return day;
  }

  screen(asked: ReportRequest, limit = 1_000): Promise<ReportPage> {
    return this.gateway.app.get(RunReport, { strict: false }).page(asked, limit);
  }

  async file(asked: ReportRequest, format: Format): Promise<Buffer> {
    const parts: Buffer[] = [];
    const out = new Writable({
      write(part: Buffer, _encoding, done) {
        parts.push(Buffer.from(part));
        done();
      },
    });
    await this.gateway.app.get(ExportReport, { strict: false }).execute(asked, format, out);
    return Buffer.concat(parts);
  }

  partyId(code: string): number {
    const found = this.partyIds.get(code);
    if (found === undefined) throw new Error(`${code} is not of this day`);
    return found;
  }

  private async fill(): Promise<void> {
    const { gateway, parties, partyIds } = this;
    for (const code of ['SP70101', 'SP70202', 'PSP701', 'PSP702'])
      parties.set(code, await gateway.party(code));
    parties.set('PSP703', await gateway.party('PSP703', { policy: 'irrevocable' }));
    const { rows } = await gateway.db.query<{ code: string; id: number }>(
      `select code, id from party`,
    );
    for (const { code, id } of rows) partyIds.set(code, id);
    const sp2 = await gateway.db.query<{ gfs: string }>(
      `select gfs_codes[1] as gfs from service_provider where party_id = $1`,
      [this.partyId('SP70202')],
    );
    const landGfs = sp2.rows[0]?.gfs ?? '';
    const one = await this.bill('SP70101', 'B-1', [
      ['142202', '30000.10'],
      ['142203', '20000.20'],
    ]);
    const two = await this.bill('SP70101', 'B-2', [['142202', '1000.00']], {
      payerName: formulaName,
      option: '1',
    });
    const three = await this.bill('SP70202', 'B-3', [[landGfs, '75000.55']]);
    const four = await this.bill('SP70101', 'B-4', [['142202', '12.34']], { currency: 'USD' });
    await this.payIt('PSP701', one, '50000.30', { channel: 'IB' });
    await this.payIt('PSP702', two, '1500.00', { payerName: formulaName });
    await this.payIt('PSP703', three, '75000.55');
    await this.payIt('PSP701', four, '12.34', { currency: 'USD', channel: 'BRANCH' });
    // Paid again at an irrevocable PSP: the money is there, its bill is not.
    await this.payIt('PSP703', three, '75000.55');
    await gateway.settled();
  }

  private party(code: string): SandboxParty {
    const found = this.parties.get(code);
    if (found === undefined) throw new Error(`${code} is not of this day`);
    return found;
  }

  private async bill(
    sp: string,
    billId: string,
    gfs: readonly (readonly [string, string])[],
    more: { option?: '1' | '2' | '3'; currency?: string; payerName?: string } = {},
  ): Promise<string> {
    const total = gfs.reduce((sum, [, amount]) => sum + Number(amount), 0).toFixed(2);
    const [subSpCode, systemId] = sp === 'SP70101' ? ['1001', 'THOSP001'] : ['1001', 'TMAJI001'];
    await submitBills(this.party(sp), this.gateway.url, [
      {
        billId,
        amount: total,
        generatedAt: now,
        subSpCode,
        systemId,
        items: gfs.map(([gfsCode, amount]) => ({ gfsCode, amount })),
        ...more,
      },
    ]);
    const answer = await this.party(sp).waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === billId,
    );
    return textOf(answer.root, 'PayCntrNum');
  }

  private async payIt(
    psp: string,
    controlNumber: string,
    amount: string,
    more: { currency?: string; channel?: string; payerName?: string } = {},
  ): Promise<void> {
    this.payments += 1;
    const answer = await pay(this.party(psp), this.gateway.url, {
      transactionId: `T-${String(this.payments)}`,
      controlNumber,
      amount,
      paidAt: now,
      resultUrl: 'http://127.0.0.1:1/',
      ...more,
    });
    expect(answer.code).toBe('7101');
  }
}
