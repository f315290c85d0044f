/** Bills: submit one or up to a hundred, read one, search, change, cancel. */
import { Body, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { BillAnswer } from '../bills/bill-submission';
import { CancelBills, type CancellationResult } from '../bills/cancel-bills';
import { ChangeBills } from '../bills/change-bills';
import { ReadBills } from '../bills/read-bills';
import { SubmitBills } from '../bills/submit-bills';
import { Refusal } from '../kernel/refusal';
import type { ServiceProvider } from '../parties/party-directory';
import { Database, type Tx } from '../platform/database/database';
import { fieldFaults } from './bill-faults';
import {
  BillChangeInput,
  BillInput,
  BillsInput,
  CancellationInput,
  draftOf,
  itemsOf,
} from './bill-input.schema';
import { BillSearch, filterOf } from './bill-search.schema';
import { BillBody, BillListBody, BillPath, showBill } from './bill.schema';
import { BillResultsBody, showResults } from './bill-results.schema';
import { Attempt, type AttemptAt, Once, type Outcome } from './once';
import { Operation, Resource } from './operation';
import { pageFrom, pageOf } from './paging';
import { Institution } from './request-context';

/** The names that XML messages reserve mean nothing here, and what goes out as XML neutralises them (SIG-15). */
const noNames: ReadonlySet<string> = new Set();

/** bill.refused, with every fault of the bill and its place. */
function notTaken({ faults, controlNumber }: BillAnswer): Refusal {
  const number = controlNumber === null ? '' : `; its number is ${controlNumber}`;
  return new Refusal('bill.refused', `the bill was not taken${number}`, 'unprocessable', {
    fields: fieldFaults(faults),
  });
}

interface SubmittedBill {
  readonly sp: ServiceProvider;
  readonly input: BillInput;
}

@Resource('bills', 'Bills')
export class BillsController {
  private readonly submitOne: (attempt: AttemptAt, asked: SubmittedBill) => Promise<BillBody>;

  constructor(
    private readonly bills: ReadBills,
    private readonly submitBills: SubmitBills,
    private readonly changeBills: ChangeBills,
    private readonly cancelBills: CancelBills,
    private readonly database: Database,
    private readonly once: Once,
  ) {
    this.submitOne = once.together((tx, asked) => this.submitEach(tx, asked));
  }

  @Post()
  @Operation({
    id: 'submitBill',
    scope: 'bills:write',
    summary: 'Submit a bill and get its control number',
    description:
      'The same billId with the same content gets the same bill again; with other content it is refused.',
    answer: { status: 201, description: 'The bill with its number.', type: BillBody },
    refusals: { 422: ['bill.refused'] },
    once: true,
    hasBody: true,
  })
  async submit(
    @Institution() sp: ServiceProvider,
    @Attempt() attempt: AttemptAt,
    @Body() input: BillInput,
  ): Promise<BillBody> {
    return this.submitOne(attempt, { sp, input });
  }

  /** Bills that came one by one, each with its answer, its bill or why it is refused. */
  private async submitEach(
    tx: Tx,
    asked: readonly SubmittedBill[],
  ): Promise<readonly Outcome<BillBody>[]> {
    const [first] = asked;
    if (first === undefined) return [];
    const { sp } = first;
    const drafts = asked.map((each) => draftOf(each.input, each.sp));
    const answers = await this.submitBills.execute(tx, sp, { form: 'json', drafts }, noNames);
    const taken = answers.filter(({ faults }) => faults.length === 0);
    const bills = await this.bills.allOf(
      tx,
      sp.id,
      taken.map(({ billId }) => billId),
    );
    return answers.map((answer) => {
      const bill = bills.get(answer.billId);
      if (answer.faults.length > 0 || bill === undefined) return notTaken(answer);
      return { status: 201, body: showBill(bill) };
    });
  }

  @Post('batch')
  @Operation({
    id: 'submitBills',
    scope: 'bills:write',
    summary: 'Submit up to a hundred bills',
    description: 'Each is taken or refused for itself; the answer has a result per bill, in order.',
    answer: { status: 200, description: 'A result per bill.', type: BillResultsBody },
    once: true,
    hasBody: true,
  })
  async submitMany(
    @Institution() sp: ServiceProvider,
    @Attempt() attempt: AttemptAt,
    @Body() { bills }: BillsInput,
  ): Promise<BillResultsBody> {
    return this.once.execute(attempt, async (tx) => {
      const drafts = bills.map((each) => draftOf(each, sp));
      const answers = await this.submitBills.execute(tx, sp, { form: 'json', drafts }, noNames);
      return { status: 200, body: showResults(answers) };
    });
  }

  @Get()
  @Operation({
    id: 'searchBills',
    scope: 'bills:read',
    summary: 'Search bills, newest first',
    answer: { status: 200, description: 'A page of bills.', type: BillListBody },
    refusals: { 400: ['page.cursor-unknown'] },
  })
  async search(
    @Institution() sp: ServiceProvider,
    @Query() query: BillSearch,
  ): Promise<BillListBody> {
    const page = pageOf(query, 'uuid');
    const found = await this.bills.search(sp.id, filterOf(query), page);
    return pageFrom(found, page, ({ id }) => id, showBill);
  }

  @Get(':billId')
  @Operation({
    id: 'getBill',
    scope: 'bills:read',
    summary: 'Read a bill',
    answer: { status: 200, description: 'The bill as it stands now.', type: BillBody },
    refusals: { 404: ['bill.unknown'] },
  })
  async read(@Institution() sp: ServiceProvider, @Param() { billId }: BillPath): Promise<BillBody> {
    return showBill(await this.bills.one(sp.id, billId));
  }

  @Patch(':billId')
  @Operation({
    id: 'changeBill',
    scope: 'bills:write',
    summary: 'Change amount or expiry of a bill',
    description:
      'What is absent stays. Of a bill that is partly paid, only the expiry may move. Asking for the last change again changes nothing.',
    answer: { status: 200, description: 'The bill as it stands now.', type: BillBody },
    refusals: { 404: ['bill.unknown'], 422: ['bill.refused', 'bill.change-empty'] },
    hasBody: true,
  })
  async change(
    @Institution() sp: ServiceProvider,
    @Param() { billId }: BillPath,
    @Body() { amount = '', items, expiresAt = '' }: BillChangeInput,
  ): Promise<BillBody> {
    const isOfTerms = amount !== '' || items !== undefined;
    if (!isOfTerms && expiresAt === '')
      throw new Refusal('bill.change-empty', 'nothing is to be changed', 'unprocessable');
    const terms = isOfTerms
      ? { amount, items: items === undefined ? undefined : itemsOf(items) }
      : undefined;
    return this.database.forParty(sp.id).transaction(async (tx) => {
      const change = { billId, systemId: '', expiresAt, ...(terms === undefined ? {} : { terms }) };
      await this.bills.oneOf(tx, sp.id, billId);
      const [answer] = await this.changeBills.execute(tx, sp, [change], noNames);
      if (answer === undefined) throw new Error('every change has an answer');
      if (answer.faults.length > 0) throw notTaken(answer);
      return showBill(await this.bills.oneOf(tx, sp.id, billId));
    });
  }

  @Post(':billId/cancellation')
  @Operation({
    id: 'cancelBill',
    scope: 'bills:write',
    summary: 'Cancel a bill',
    description:
      'Cancelling what is cancelled or expired succeeds again; bills with money on them stay.',
    answer: { status: 200, description: 'The bill as it stands now.', type: BillBody },
    refusals: {
      404: ['bill.unknown'],
      409: ['bill.settled', 'bill.partly-paid', 'bill.part-of-group'],
    },
    once: true,
    hasBody: true,
  })
  async cancel(
    @Institution() sp: ServiceProvider,
    @Attempt() attempt: AttemptAt,
    @Param() { billId }: BillPath,
    @Body() { reason }: CancellationInput,
  ): Promise<BillBody> {
    return this.once.execute(attempt, async (tx) => {
      await this.bills.oneOf(tx, sp.id, billId);
      const [answer] = await this.cancelBills.execute(tx, sp, [billId], reason);
      const refused = answer === undefined ? undefined : keptBecause(answer.result);
      if (refused !== undefined) throw refused;
      return { status: 200, body: showBill(await this.bills.oneOf(tx, sp.id, billId)) };
    });
  }
}

/** What keeps a bill from being cancelled. */
function keptBecause(result: CancellationResult): Refusal | undefined {
  if (result === 'bill.settled') return new Refusal('bill.settled', 'the bill is paid', 'conflict');
  if (result === 'bill.partly-paid')
    return new Refusal('bill.partly-paid', 'there is money on the bill', 'conflict');
  if (result === 'bill.unknown')
    return new Refusal(
      'bill.part-of-group',
      'the combined bill is cancelled as a whole',
      'conflict',
    );
  return undefined;
}
