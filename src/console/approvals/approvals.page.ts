/** What waits for a second officer: who asked for what, shown as it will be carried out, and the decision. */
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import type { CanonicalValue } from '../../kernel/canonical-json';
import { type Approval, Approvals } from '../../officers/approvals';
import { mayDo, secondActionFor } from '../../officers/permission.rules';
import type { Session } from '../../officers/sessions';
import { ConsolePages } from '../console-pages';
import { CurrentSession } from '../console-request';
import { faultOf, fieldsOf, GoTo, Page } from '../page';
import { Allowed } from '../session.guard';

const latestCount = 50;

@ConsolePages('approvals')
export class ApprovalPages {
  constructor(private readonly approvals: Approvals) {}

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
  async one(@Param('id') id: string, @CurrentSession() session: Session): Promise<Page> {
    return new Page('approvals/approval.njk', viewOf(await this.approvals.find(id), session));
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
      const shown = { ...viewOf(approval, session), fault: faultOf(fault) };
      return new Page('approvals/approval.njk', shown, 422);
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
      const shown = { ...viewOf(approval, session), fault: faultOf(fault) };
      return new Page('approvals/approval.njk', shown, 422);
    }
  }
}

function viewOf(approval: Approval, { officer }: Session): Readonly<Record<string, unknown>> {
  const second = secondActionFor(approval.action);
  return {
    approval,
    ...changeOf(approval.content),
    isOwn: approval.requestedBy === officer.name,
    mayDecide:
      approval.state === 'waiting' &&
      approval.requestedBy !== officer.name &&
      second !== undefined &&
      mayDo(officer.role, second),
  };
}

/** Where the request says how things stand before and after, what differs is shown side by side. */
function changeOf(content: CanonicalValue): object {
  if (typeof content !== 'object' || content === null || !('before' in content))
    return { content: linesOf(content) };
  const { before, after, ...rest } = content as Readonly<Record<string, CanonicalValue>>;
  const [was, will] = [before ?? null, after ?? null].map(
    (side) => new Map(linesOf(side).map(({ name, value }) => [name, value])),
  );
  const names = [...new Set([...(was?.keys() ?? []), ...(will?.keys() ?? [])])];
  const diff = names
    .map((name) => ({ name, before: was?.get(name), after: will?.get(name) }))
    .filter((each) => each.before !== each.after);
  return { content: linesOf(rest), diff };
}

/** Every value of the content with the way to it, in the order in which it is digested. */
function linesOf(value: CanonicalValue, path = ''): readonly { name: string; value: string }[] {
  if (typeof value === 'object' && value !== null) {
    const isList = Array.isArray(value);
    return Object.entries(value).flatMap(([name, member]) => {
      const step = isList ? String(Number(name) + 1) : name;
      return linesOf(member as CanonicalValue, path === '' ? step : `${path} › ${step}`);
    });
  }
  return [{ name: path, value: String(value) }];
}
