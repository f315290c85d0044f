/** Statements of reports: one `.sql` file each, read through a cursor; and the parties they are about. */
import { Injectable } from '@nestjs/common';
import type { Reader } from '../platform/database/database';
import { sqlFile, type Statement } from '../platform/database/sql-file';
import type { Cell } from './cell-text.rules';
import { reportNames, type ReportName } from './report-catalogue';

type ReportStatement = Statement<readonly unknown[], Readonly<Record<string, Cell>>>;

const statements = Object.fromEntries(
  reportNames.map((name) => [name, sqlFile(__dirname, `sql/${name}.sql`)]),
) as Readonly<Record<ReportName, ReportStatement>>;

@Injectable()
export class ReportStore {
  /** `portion` rows at a time. */
  rows(
    reader: Reader,
    name: ReportName,
    values: readonly unknown[],
    portion: number,
  ): AsyncIterable<readonly Readonly<Record<string, Cell>>[]> {
    return statements[name].stream(reader, portion, ...values);
  }

  async now(reader: Reader): Promise<Date> {
    const [row] = await reader.query<{ at: Date }>(`select gateway_now() as at`);
    if (row === undefined) throw new Error('the clock has one row');
    return row.at;
  }

  /**
   * No statement of a report may take longer; and who takes its rows more slowly than this is cut off. A page wants the
   * first rows soon, a file all of them.
   */
  async limit(reader: Reader, wanted: 'first-rows' | 'all-rows'): Promise<void> {
    await reader.query(`set local statement_timeout = '120s'`);
    await reader.query(`set local idle_in_transaction_session_timeout = '60s'`);
    const share = wanted === 'all-rows' ? 1 : 0.001;
    await reader.query(`set local cursor_tuple_fraction = ${String(share)}`);
  }

  async partyCode(
    reader: Reader,
    party: { readonly id: number } | { readonly code: string; readonly kind: string },
  ): Promise<string | undefined> {
    const [row] =
      'id' in party
        ? await reader.query<{ code: string }>(`select code from party where id = $1`, [party.id])
        : await reader.query<{ code: string }>(
            `select code from party where code = $1 and kind = $2`,
            [party.code, party.kind],
          );
    return row?.code;
  }
}
