/**
 * matching.rules and the SQL that runs over a day agree on any two neighbouring days of a PSP: the same matches, the
 * same discrepancies, also when the first day runs again after the second. Rows are made by insert, since what is
 * tested reads them only; ids, numbers, receipts and sums come from pools so small that every collision happens.
 */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { addDays, type BusinessDay, parseBusinessDay } from '../../src/kernel/business-day';
import { instantFromMs } from '../../src/kernel/clock';
import { type Currency, formatAmount } from '../../src/kernel/money';
import { ImportStatement } from '../../src/reconciliation/import-statement';
import {
  type DayLine,
  type DayPayment,
  matchDay,
  type MatchedDay,
  matchingKinds,
  matchRules,
} from '../../src/reconciliation/matching.rules';
import { RunReconciliation } from '../../src/reconciliation/run-reconciliation';
import { TestGateway } from '../support/gateway';

const firstDay = parseBusinessDay('2026-11-24');
const issued = ['997010000001', '997010000002'] as const;
const unknown = '997999999999';

interface DraftPayment {
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** Days after the first. */
  readonly shift: number;
  readonly minute: number;
}

interface DraftLine {
  readonly transactionId: string;
  readonly controlNumber: string;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** Of the payment of that index; none where there is no such payment. */
  readonly receipt: number;
}

interface Draft {
  readonly payments: readonly DraftPayment[];
  readonly refused: readonly string[];
  readonly statements: readonly [readonly DraftLine[], readonly DraftLine[] | undefined];
}

const sum = {
  controlNumber: fc.constantFrom(...issued),
  amountMinor: fc.constantFrom(100n, 100n, 250n),
  currency: fc.constantFrom<Currency>('TZS', 'TZS', 'TZS', 'USD'),
};
const anyPayment: fc.Arbitrary<DraftPayment> = fc.record({
  ...sum,
  transactionId: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'E#2'),
  shift: fc.constantFrom(-2, -1, 0, 0, 0, 1, 1, 2),
  minute: fc.nat(3),
});
const anyLine: fc.Arbitrary<DraftLine> = fc.record({
  ...sum,
  controlNumber: fc.constantFrom(...issued, unknown),
  transactionId: fc.constantFrom('A', 'B', 'C', 'E', 'E#2', 'F', 'G', 'X', 'Y', 'Z'),
  receipt: fc.nat(8),
});
const anyDraft: fc.Arbitrary<Draft> = fc.record({
  payments: fc.uniqueArray(anyPayment, { maxLength: 6, selector: (each) => each.transactionId }),
  refused: fc.subarray(['F', 'G']),
  statements: fc.tuple(
    fc.array(anyLine, { maxLength: 10 }),
    fc.option(fc.array(anyLine, { maxLength: 10 }), { nil: undefined, freq: 2 }),
  ),
});

function writtenLine(cells: readonly (string | bigint | number)[]): DraftLine {
  const [transactionId, controlNumber, amountMinor, currency, receipt] = cells;
  return { transactionId, controlNumber, amountMinor, currency, receipt } as DraftLine;
}

/** One of each rule and of each kind, so that the agreement is never empty of one. */
const written: Draft = {
  payments: ['A', 'B', 'C', 'D', 'E', 'H', 'I'].map((transactionId, i) => ({
    transactionId,
    controlNumber: issued[i < 5 ? 0 : 1],
    amountMinor: BigInt(100 * (i + 1)),
    currency: 'TZS',
    shift: 0,
    minute: i,
  })),
  refused: ['F'],
  statements: [
    [
      ['A', issued[0], 100n, 'TZS', 99],
      ['A', issued[0], 100n, 'TZS', 99],
      ['B', issued[0], 201n, 'TZS', 99],
      ['C', issued[0], 300n, 'USD', 99],
      ['X', issued[0], 400n, 'TZS', 99],
      ['Y', unknown, 500n, 'TZS', 4],
      ['W', unknown, 500n, 'TZS', 4],
      ['F', issued[0], 100n, 'TZS', 99],
      ['Z', issued[1], 777n, 'TZS', 99],
      ['V', unknown, 777n, 'TZS', 99],
    ].map(writtenLine),
    [['A', issued[0], 100n, 'TZS', 99] as const].map(writtenLine),
  ],
};

let gateway: TestGateway;
let cases = 0;
const seen = new Set<string>();

beforeAll(async () => {
  gateway = await TestGateway.start();
  await gateway.db.query(
    `insert into party (code, kind, name) values ('SP-X', 'service-provider', 'x')`,
  );
  await gateway.db.query('begin');
  await gateway.db.query(
    `insert into control_number (number, sp_id, bill_id)
     select number, p.id, gen_random_uuid() from unnest($1::text[]) as number, party p where p.code = 'SP-X'`,
    [issued],
  );
  await gateway.db.query(
    `insert into bill (id, sp_id, sp_bill_id, control_number, payment_option, currency, amount_minor, minimum_minor,
       generated_at, expires_at, payer_id, payer_name, payer_phone, payer_email, description, generated_by,
       approved_by, sub_sp_code, system_id, content_digest)
     select bill_id, sp_id, number, number, 'partial', 'TZS', 1000, 1, now(), now(), '', '', '', '', '', '', '', '', '', ''
       from control_number`,
  );
  await gateway.db.query('commit');
});

afterAll(async () => {
  await gateway.stop({ fabricated: 'payments are inserted without their entries' });
});

const idOf = (place: number, i: number): string =>
  `00000000-0000-7000-8000-${String(place).padStart(6, '0')}${String(i).padStart(6, '0')}`;

async function addPayments(
  pspCode: string,
  day: BusinessDay,
  draft: Draft,
  place: number,
): Promise<readonly DayPayment[]> {
  const payments = draft.payments.map(({ shift, minute, ...rest }, i) => {
    const businessDay = addDays(day, shift);
    return {
      ...rest,
      id: idOf(place, i),
      receiptNumber: `R-${String(place)}-${String(i)}`,
      businessDay,
      receivedAt: instantFromMs(Date.parse(`${businessDay}T08:00:00Z`) + minute * 60_000),
      matchedOn: undefined,
    };
  });
  await gateway.db.query(
    `insert into payment (id, psp_id, psp_transaction_id, receipt_number, destination, control_number, amount_minor,
       currency, collection_account, channel, payer_name, payer_phone, payer_email, psp_reference, paid_at,
       received_at, business_day)
     select t.id, p.id, t."transactionId", t."receiptNumber", 'suspense', t."controlNumber", t."amountMinor",
            t.currency, '', '', '', '', '', '', t."receivedAt", t."receivedAt", t."businessDay"
       from party p, jsonb_to_recordset($2) as t (id uuid, "transactionId" text, "receiptNumber" text,
            "controlNumber" text, "amountMinor" bigint, currency text, "receivedAt" timestamptz, "businessDay" date)
      where p.code = $1`,
    [
      pspCode,
      JSON.stringify(payments.map((each) => ({ ...each, amountMinor: String(each.amountMinor) }))),
    ],
  );
  await gateway.db.query(
    `insert into payment_notification (id, psp_id, psp_transaction_id, control_number, amount_minor, currency, outcome,
       status_code, payment_id, message_id, paid_at)
     select id, psp_id, psp_transaction_id, control_number, amount_minor, currency, 'suspense', '7101', id, id, paid_at
       from payment where psp_id = (select id from party where code = $1)
     union all
     select gen_random_uuid(), p.id, refused, '', 1, 'TZS', 'refused', '7335', null, gen_random_uuid(), now()
       from party p, unnest($2::text[]) as refused where p.code = $1`,
    [pspCode, draft.refused],
  );
  return payments;
}

async function importLines(
  pspCode: string,
  day: BusinessDay,
  drafts: readonly DraftLine[],
  payments: readonly DayPayment[],
): Promise<readonly DayLine[]> {
  // Line 1 of the file is the header.
  const lines = drafts.map(({ receipt, ...rest }, i) => ({
    ...rest,
    line: i + 2,
    receiptNumber: payments[receipt]?.receiptNumber ?? '',
  }));
  const rows = lines.map((each) =>
    [
      each.transactionId,
      each.controlNumber,
      formatAmount(each.amountMinor),
      each.currency,
      `${day}T10:00:00`,
      each.receiptNumber,
    ].join(),
  );
  const header = 'transaction_id,control_number,amount,currency,paid_at,receipt_number';
  const outcome = await gateway.app.get(ImportStatement, { strict: false }).execute({
    pspCode,
    day,
    fileName: 'any.csv',
    open: () => Readable.from([Buffer.from([header, ...rows, ''].join('\n'))]),
    importedBy: 'test',
    isDryRun: false,
  });
  expect(outcome.kind).toBe('imported');
  return lines;
}

const inOrder = (found: MatchedDay): MatchedDay => ({
  matches: [...found.matches].sort((a, b) => a.line - b.line),
  discrepancies: [...found.discrepancies].sort((a, b) =>
    `${a.kind} ${a.subject}` < `${b.kind} ${b.subject}` ? -1 : 1,
  ),
});

async function runInDatabase(pspCode: string, day: BusinessDay): Promise<MatchedDay> {
  const [run] = await gateway.app.get(RunReconciliation, { strict: false }).execute(day);
  const of = `x.business_day = $2 and x.psp_id = (select id from party where code = $1)`;
  const matches = await gateway.db.query<MatchedDay['matches'][number]>(
    `select l.line_number as line, m.payment_id as "paymentId", m.rule
       from match m join reconciliation_run x on x.id = m.run_id join statement_line l on l.id = m.statement_line_id
      where x.is_latest and ${of}`,
    [pspCode, day],
  );
  const discrepancies = await gateway.db.query<MatchedDay['discrepancies'][number]>(
    `select x.kind, x.subject from discrepancy x where x.state = 'open' and ${of}`,
    [pspCode, day],
  );
  // What the run says, and what it wrote, are the same.
  expect(run?.matchCount ?? 0).toBe(matches.rows.length);
  const raised = (run?.discrepancies ?? []).reduce((total, each) => total + each.count, 0);
  expect(raised).toBe(discrepancies.rows.length);
  return inOrder({ matches: matches.rows, discrepancies: discrepancies.rows });
}

it('the rules and the statements agree on any two days', async () => {
  await fc.assert(
    fc.asyncProperty(anyDraft, async (draft) => {
      const place = cases++;
      const pspCode = `PSP-${String(place)}`;
      await gateway.db.query(
        `insert into party (code, kind, name) values ($1, 'payment-service-provider', 'x')`,
        [pspCode],
      );
      // Six days apart, so that no run sees another case.
      const day = addDays(firstDay, 6 * place);
      const nextDay = addDays(day, 1);
      const payments = await addPayments(pspCode, day, draft, place);
      const [first, second] = draft.statements;
      const lines = await importLines(pspCode, day, first, payments);
      const nextLines =
        second === undefined ? undefined : await importLines(pspCode, nextDay, second, payments);

      const pure = (
        of: BusinessDay,
        ofLines: readonly DayLine[] | undefined,
        other: MatchedDay | undefined,
      ): MatchedDay => {
        const otherDay = of === day ? nextDay : day;
        const taken = new Set(other?.matches.map((each) => each.paymentId));
        return inOrder(
          matchDay({
            day: of,
            lines: ofLines,
            payments: payments.map((each) => ({
              ...each,
              matchedOn: taken.has(each.id) ? otherDay : undefined,
            })),
            refusedIds: new Set(draft.refused),
            issuedNumbers: new Set(issued),
          }),
        );
      };
      const onFirst = pure(day, lines, undefined);
      expect(await runInDatabase(pspCode, day)).toEqual(onFirst);
      const onSecond = pure(nextDay, nextLines, onFirst);
      expect(await runInDatabase(pspCode, nextDay)).toEqual(onSecond);
      expect(await runInDatabase(pspCode, day)).toEqual(pure(day, lines, onSecond));

      for (const each of onFirst.matches) seen.add(each.rule);
      for (const each of [...onFirst.discrepancies, ...onSecond.discrepancies]) seen.add(each.kind);
    }),
    { numRuns: 40, examples: [[written]] },
  );
  expect([...seen].sort()).toEqual([...matchRules, ...matchingKinds].sort());
});
