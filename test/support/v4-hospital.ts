/** The hospital of the samples as a client of generation 4: the bills it submits, and what it is answered. */
import { type SampleBill, submitBills } from '../../tools/sandbox/messages';
import { type Received, type SandboxParty, textOf } from '../../tools/sandbox/sandbox-party';
import type { XmlTree } from '../../src/gepg/xml';
import type { TestGateway } from './gateway';

const now = '2026-11-24T10:00:00';

export function bill(billId: string, more: Partial<SampleBill> = {}): SampleBill {
  return {
    billId,
    amount: '500.00',
    generatedAt: now,
    subSpCode: '1001',
    systemId: 'THOSP001',
    items: [{ gfsCode: '142202', amount: '500.00' }],
    ...more,
  };
}

export function payment(transactionId: string, controlNumber: string, amount = '500.00') {
  return { transactionId, controlNumber, amount, paidAt: now, resultUrl: '' };
}

export class V4Hospital {
  private constructor(
    private readonly gateway: TestGateway,
    /** Another after each enrolment. */
    public party: SandboxParty,
  ) {}

  static async enrol(gateway: TestGateway): Promise<V4Hospital> {
    return new V4Hospital(gateway, await gateway.party('SP70101'));
  }

  async answerTo(billId: string, code: string): Promise<Received> {
    return this.party.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === billId && textOf(root, 'TrxStsCode') === code,
    );
  }

  async numberFor(billId: string, more: Partial<SampleBill> = {}): Promise<string> {
    const { code } = await submitBills(this.party, this.gateway.url, [bill(billId, more)]);
    expect(code).toBe('7101');
    return textOf((await this.answerTo(billId, '7101')).root, 'PayCntrNum');
  }

  async send(path: string, name: string, tree: XmlTree) {
    return this.party.send(this.gateway.url, path, name, tree);
  }

  async changeProfile(profile: object): Promise<void> {
    this.party = await this.gateway.party('SP70101', { profile });
  }
}
