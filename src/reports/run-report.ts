/**
 * Runs a report: checks who asks and what for, and hands its rows over as they come from one instant of the database.
 * Whose report it is must always be said: one institution's, or, in so many words, everybody's (security-reliability
 * F9). An institution that asks for another gets the answer of one that does not exist.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { businessDayOf } from '../kernel/business-day';
import { Refusal } from '../kernel/refusal';
import { Database, type Reader } from '../platform/database/database';
import { writtenCell } from './cell-text.rules';
import type { Language } from '../platform/locale/locale';
import type { Report, ReportHead, ReportSummary, Row } from './report';
import { catalogue, columnsOf, type ReportDefinition, type ReportName } from './report-catalogue';
import {
  type RawParameters,
  readParameters,
  type ReportParameters,
} from './report-parameters.rules';
import { word } from './report-words';
import { ReportStore } from './report.store';
import { Tally } from './tally';

export type ReportScope = 'everybody' | { readonly partyId: number };

export interface ReportRequest {
  readonly name: ReportName;
  readonly parameters: RawParameters;
  readonly scope: ReportScope;
  readonly askedBy: string;
  readonly language: Language;
}

/** What a page shows: the first rows. Totals and digest are of all of them, or not there. */
export interface ReportPage extends ReportHead {
  readonly rows: readonly Row[];
  /** Undefined where there are more rows than shown. */
  readonly summary: ReportSummary | undefined;
}

/** A portion of a thousand rows is about 200 kB on the way. */
const portion = 1_000;
/** Payments are answered in between: rows of a document take a millisecond for two of them. */
const breath = 20;
/** Each holds a connection, of sixteen, for as long as its reader takes. */
const mostAtOnce = 4;

@Injectable()
export class RunReport {
  private running = 0;

  constructor(
    private readonly database: Database,
    private readonly store: ReportStore,
  ) {}

  /**
   * The rows are there only while `use` runs. When `signal` aborts, the statement that runs is cancelled.
   * Refuses: report.parameter-refused, report.period-malformed, report.period-too-long, report.not-yours,
   * report.party-unknown, report.party-missing, report.busy.
   */
  async execute<T>(
    request: ReportRequest,
    use: (report: Report) => Promise<T>,
    signal: AbortSignal = new AbortController().signal,
    wanted: 'first-rows' | 'all-rows' = 'all-rows',
  ): Promise<T> {
    if (this.running >= mostAtOnce)
      throw new Refusal('report.busy', 'other reports are being made; try again', 'limited', {
        retryAfterSeconds: 5,
      });
    this.running += 1;
    try {
      return await this.database.abandonable(signal, async (reader) => {
        await this.store.limit(reader, wanted);
        return use(await this.open(reader, request));
      });
    } finally {
      this.running -= 1;
    }
  }

  /** For a page: the first `limit` rows. Refuses: as `execute`. */
  async page(request: ReportRequest, limit: number): Promise<ReportPage> {
    const firstRows = async (report: Report): Promise<ReportPage> => {
      const { rows: all, ...head } = report;
      const rows: Row[] = [];
      for await (const row of all) {
        if (rows.length === limit) return { ...head, rows, summary: undefined };
        rows.push(row);
      }
      return { ...head, rows, summary: report.summary() };
    };
    return this.execute(request, firstRows, undefined, 'first-rows');
  }

  private async open(reader: Reader, request: ReportRequest): Promise<Report> {
    const { name, language, askedBy } = request;
    const definition = catalogue[name];
    const madeAt = await this.store.now(reader);
    const asked = readParameters(definition, request.parameters, businessDayOf(madeAt));
    const parameters = await this.allowed(reader, request, asked);
    const head = {
      name,
      language,
      title: word(language, `title.${name}`),
      parameters: described(definition, parameters, language),
      columns: columnsOf(definition, parameters, language),
      askedBy,
      madeAt,
    };
    const tally = new Tally(head);
    let summary: ReportSummary | undefined;
    let count = 0;
    const portions = this.store.rows(reader, name, definition.values(parameters), portion);
    const rows = async function* (): AsyncGenerator<Row> {
      for await (const records of portions) {
        for (const record of records) {
          const row = head.columns.map(({ key }) => record[key] ?? null);
          tally.add(row);
          yield row;
          if (++count % breath === 0) await breathe();
        }
      }
      summary = tally.end();
    };
    return {
      ...head,
      rows: rows(),
      summary: () => {
        if (summary === undefined) throw new Error('the rows of a report are read first');
        return summary;
      },
    };
  }

  /** The parameters with the institution that they are about, if it is only one. */
  private async allowed(
    reader: Reader,
    { name, scope }: ReportRequest,
    asked: ReportParameters,
  ): Promise<ReportParameters> {
    const { audience, isOfOneInstitution } = catalogue[name];
    const parameters = scope === 'everybody' ? asked : await this.own(reader, scope, asked);
    if (scope !== 'everybody' && audience === 'gateway')
      throw new Refusal(
        'report.not-yours',
        'this report is not about one institution',
        'forbidden',
      );
    if (isOfOneInstitution && parameters.sp === null)
      throw new Refusal('report.party-missing', 'this report is of one institution; say which: sp');
    const named = [
      { code: parameters.sp, kind: 'service-provider' },
      { code: parameters.psp, kind: 'payment-service-provider' },
    ];
    for (const { code, kind } of named) {
      if (code !== null && (await this.store.partyCode(reader, { code, kind })) === undefined)
        throw unknownParty(code);
    }
    return parameters;
  }

  private async own(
    reader: Reader,
    { partyId }: { readonly partyId: number },
    asked: ReportParameters,
  ): Promise<ReportParameters> {
    const code = await this.store.partyCode(reader, { id: partyId });
    if (code === undefined) throw new Error('who asks is a party');
    if (asked.sp !== null && asked.sp !== code) throw unknownParty(asked.sp);
    return { ...asked, sp: code };
  }
}

function unknownParty(code: string): Refusal {
  return new Refusal('report.party-unknown', `there is no party ${code} of that kind`, 'not-found');
}

function described(
  { takes, isOfOneDay }: ReportDefinition,
  parameters: ReportParameters,
  language: Language,
): ReportHead['parameters'] {
  const { from, to, by, period, ...filters } = parameters;
  const written = (day: string) => writtenCell(day, 'day');
  const days = isOfOneDay
    ? { label: word(language, 'parameter.day'), value: written(to) }
    : {
        label: word(language, 'parameter.days'),
        value: from === to ? written(to) : `${written(from)} – ${written(to)}`,
      };
  const grouping = takes.includes('by')
    ? [
        { label: word(language, 'parameter.by'), value: word(language, `word.${by}`) },
        { label: word(language, 'parameter.period'), value: word(language, `word.${period}`) },
      ]
    : [];
  const named = (['sp', 'psp', 'gfs', 'channel', 'currency'] as const).flatMap((name) => {
    const value = filters[name];
    return value === null ? [] : [{ label: word(language, `parameter.${name}`), value }];
  });
  return [days, ...grouping, ...named];
}
