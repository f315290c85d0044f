/** What the profile of a party changes in generation 4. */
import { cancelBills, enquire, pay, submitBills } from '../../tools/sandbox/messages';
import { type SandboxParty, textOf, textsOf } from '../../tools/sandbox/sandbox-party';
import { writeElement } from '../../src/gepg/xml';
import { LogWeaknesses } from '../../src/parties/log-weaknesses';
import { TestGateway } from '../support/gateway';
import { bill, payment, V4Hospital } from '../support/v4-hospital';

let gateway: TestGateway;
let hospital: V4Hospital;
let bank: SandboxParty;

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.setClock('2026-11-25T08:00:00Z');
  hospital = await V4Hospital.enrol(gateway);
  bank = await gateway.party('PSP701');
});

afterAll(async () => {
  await gateway.stop();
});

describe('a profile', () => {
  const withProfile = (profile: object) => hospital.changeProfile(profile);

  it('java-double prints amounts and order as that client verifies them', async () => {
    await withProfile({ outputForm: 'java-double' });
    const controlNumber = await hospital.numberFor('J-1', {
      amount: '12500000.00',
      items: [{ gfsCode: '142202', amount: '12500000.00' }],
    });
    await pay(bank, gateway.url, payment('J-T1', controlNumber, '12500000.00'));
    const told = await hospital.party.waitFor(
      'gepgPmtSpInfo',
      (root) => textOf(root, 'BillId') === 'J-1',
    );
    const text = told.body.toString();
    expect(text).toContain('<BillAmt>1.25E7</BillAmt><PaidAmt>1.25E7</PaidAmt>');
    expect(text).toMatch(/<PyrCellNum>.*<PyrName>.*<PyrEmail>/);
    expect(told.isSigned).toBe(true);
    const answered = await hospital.answerTo('J-1', '7101');
    expect(answered.body.toString()).toMatch(
      /<BillId>J-1<\/BillId><TrxSts>GS<\/TrxSts><PayCntrNum>/,
    );
  });

  it('bulk answers many bills in one message', async () => {
    await withProfile({ isBulk: true });
    await submitBills(hospital.party, gateway.url, [bill('K-1'), bill('K-2')]);
    const answer = await hospital.party.waitFor(
      'gepgBillSubResp',
      (root) => textOf(root, 'BillId') === 'K-1',
    );
    expect(textsOf(answer.root, 'BillId')).toEqual(['K-1', 'K-2']);
  });

  it('strict headers ask for both, and for a known word', async () => {
    await withProfile({ strictHeaders: true });
    const post = async (headers: Record<string, string>) =>
      (
        await hospital.party.post(
          gateway.url,
          '/api/bill/sigcancel_request',
          hospital.party.sign(
            writeElement('gepgBillCanclReq', {
              SpCode: 'SP70101',
              SpSysId: 'THOSP001',
              BillId: 'none',
            }),
          ),
          headers,
        )
      ).code;
    expect(await post({ 'gepg-code': '' })).toBe('7202');
    expect(await post({ 'gepg-com': '' })).toBe('7202');
    expect(await post({ 'gepg-com': 'Application/xml' })).toBe('7322');
    expect(await post({ 'gepg-com': 'default.sp.in' })).toBe('7204');
  });

  it('repairs text that the client forgot to escape, only where it is switched on', async () => {
    const escaped = writeElement('gepgBillCanclReq', {
      SpCode: 'SP70101',
      SpSysId: 'THOSP001',
      CanclReasn: 'Asha & Sons < wrong',
      BillId: 'none',
    });
    const raw = hospital.party
      .sign(escaped)
      .toString()
      .replace('Asha &amp; Sons &lt; wrong', 'Asha & Sons < wrong');
    await withProfile({ repairXml: true });
    expect((await hospital.party.post(gateway.url, '/api/bill/sigcancel_request', raw)).code).toBe(
      '7204',
    );
    expect(await gateway.count('inbound_message', `signature_candidate = 'repaired-element'`)).toBe(
      1,
    );

    await withProfile({ repairXml: false });
    expect((await hospital.party.post(gateway.url, '/api/bill/sigcancel_request', raw)).code).toBe(
      '7242',
    );
  });

  it('takes no SHA-1 once its end has passed', async () => {
    await withProfile({ weakUntil: { sha1: '2026-11-25' } });
    expect((await cancelBills(hospital.party, gateway.url, 'THOSP001', ['none'])).code).toBe(
      '7204',
    );
    await withProfile({ weakUntil: { sha1: '2026-11-24' } });
    expect((await cancelBills(hospital.party, gateway.url, 'THOSP001', ['none'])).code).toBe(
      '7303',
    );
  });

  it('of a PSP gives the enquiry its layout', async () => {
    await withProfile({});
    const controlNumber = await hospital.numberFor('L-1');
    const other = await gateway.party('PSP702', { queryLayout: 'B' });
    const answer = await enquire(other, gateway.url, controlNumber);
    expect(answer.code).toBe('7101');
    expect(textOf(answer.root, 'pspBillReqId')).toBe(`Q-${controlNumber}`);
    expect(textsOf(answer.root, 'GfsCode')).toEqual(['142202']);
  });

  it('that weakens a check is logged once a day, with every weakness', async () => {
    await withProfile({});
    const job = gateway.app.get(LogWeaknesses, { strict: false });
    await gateway.setClock('2026-11-26T08:00:00Z');
    const before = await job.execute();
    // Of the hospital, the bank and the operator: SHA-1, repair, unsigned acknowledgements.
    expect([before, await job.execute()]).toEqual([9, 0]);

    await withProfile({ digests: ['sha256'], repairXml: false, ackSignature: 'required' });
    await gateway.setClock('2026-11-27T08:00:00Z');
    expect(await job.execute()).toBe(6);
  });
});
