/** What waits for a second officer: who asked for what, shown as it will be carried out, and the decision. */
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import type { CanonicalValue } from '../../kernel/canonical-json';
import { type Approval, Approvals } from '../../officers/approvals';
import { mayDo, type Role, secondActionFor } from '../../officers/permission.rules';
import type { Session } from '../../officers/sessions';
import { maskedPayee, type Payee } from '../../payments/payer.rules';
import { ReadRefunds } from '../../payments/read-refunds';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';
import { linesOf } from './content-words';

const latestCount = 50;

@ConsolePages('approvals')
export class ApprovalPages {
  constructor(
    private readonly approvals: Approvals,
    private readonly refunds: ReadRefunds,
  ) {}

  @Get()
  @Allowed('approvals.read')
  async list(@Query() query: unknown): Promise<Page> {
    const [waiting, latest] = await Promise.all([
      this.approvals.waiting(),
      this.approvals.latest(latestCount),
    ]);
    const decided = latest.filter(({ state }) => state !== 'waiting');
    const { done } = fieldsOf(query);
    return new Page('approvals/approvals.njk', { waiting, decided, done });
  }

  /** Refuses: approval.unknown. */
  @Get(':id')
  @Allowed('approvals.read')
  async one(
    @Param('id') id: string,
    @Query() query: unknown,
    @CurrentSession() session: Session,
  ): Promise<Page> {
    const { done } = fieldsOf(query);
    return this.show(await this.approvals.find(id), session, { done });
  }

  /** Who may read may try: which action the second officer needs is in the request, and the use case asks for it. */
  @Post(':id/approve')
  @Allowed('approvals.read')
  async approve(@Param('id') id: string, @CurrentSession() session: Session): Promise<GoTo | Page> {
    const approval = await this.approvals.find(id);
    try {
      await this.approvals.approve(id, session.officer.name);
      return new GoTo('/console/approvals?done=approved');
    } catch (fault) {
      return this.show(approval, session, { fault: faultOf(fault) });
    }
  }

  /** Refuses what `Approvals.decline` refuses. */
  @Post(':id/decline')
  @Allowed('approvals.read')
  async decline(
    @Param('id') id: string,
    @Body() body: unknown,
    @CurrentSession() session: Session,
  ): Promise<GoTo | Page> {
    const approval = await this.approvals.find(id);
    try {
      await this.approvals.decline(id, session.officer.name, fieldsOf(body)['reason'] ?? '');
      return new GoTo('/console/approvals?done=declined');
    } catch (fault) {
      return this.show(approval, session, { fault: faultOf(fault) });
    }
  }

  private async show(
    approval: Approval,
    session: Session,
    more: Readonly<Record<string, unknown>>,
  ): Promise<Page> {
    const data = {
      ...viewOf(approval, session),
      ...(approval.state === 'waiting' ? await this.planOf(approval) : {}),
      refunds: await this.refunds.some(refundIdsOf(approval.content)),
      ...more,
    };
    return new Page('approvals/approval.njk', data, more['fault'] === undefined ? 200 : 422);
  }

  /** What it would post, or why it would be refused now. */
  private async planOf(approval: Approval): Promise<object> {
    try {
      return { postings: await this.approvals.plan(approval) };
    } catch (fault) {
      return { refusal: faultOf(fault) };
    }
  }
}

/** Of the batch that a request to instruct the bank holds. */
function refundIdsOf(content: CanonicalValue): readonly string[] {
  const { batch } = content as { readonly batch?: { readonly refundIds: readonly string[] } };
  return batch?.refundIds ?? [];
}

function viewOf(approval: Approval, { officer }: Session): Readonly<Record<string, unknown>> {
  const second = secondActionFor(approval.action);
  return {
    approval,
    ...changeOf(shownTo(officer.role, approval)),
    about: pageOf(approval.subject, officer.role),
    isOwn: approval.requestedBy === officer.name,
    mayDecide:
      approval.state === 'waiting' &&
      approval.requestedBy !== officer.name &&
      second !== undefined &&
      mayDo(officer.role, second),
  };
}

/** The page of what it is about; undefined where there is none, or not for this role. */
function pageOf(subject: string, role: Role): string | undefined {
  const [kind = '', id = ''] = subject.split('/');
  if (kind === 'payment' && mayDo(role, 'payments.read')) return `/console/payments/${id}`;
  if (kind === 'discrepancy' && mayDo(role, 'discrepancies.read'))
    return `/console/discrepancies/${id}`;
  return undefined;
}

/** Who may not see to whom a refund goes reads it masked. */
function shownTo(role: Role, { content }: Approval): CanonicalValue {
  const { refund } = content as { readonly refund?: Payee & Readonly<Record<string, string>> };
  if (refund === undefined || mayDo(role, 'refunds.reveal')) return content;
  return { refund: maskedPayee(refund) };
}

/** Where the request says how things stand before and after, what differs is shown side by side. */
function changeOf(content: CanonicalValue): object {
  if (typeof content !== 'object' || content === null || !('before' in content))
    return { content: linesOf(content) };
  const { before, after, ...rest } = content as Readonly<Record<string, CanonicalValue>>;
  const [was, will] = [before ?? null, after ?? null].map(
    (side) => new Map(linesOf(side).map((line) => [line.path.join(' '), line])),
  );
  const names = [...new Set([...(was?.keys() ?? []), ...(will?.keys() ?? [])])];
  const diff = names
    .map((name) => ({ before: was?.get(name), after: will?.get(name) }))
    .filter((each) => each.before?.value !== each.after?.value);
  return { content: linesOf(rest), diff };
}
