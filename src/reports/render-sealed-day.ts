/**
 * The sealed record of a day, printed: its digest and hashes, the head of the audit chain, both officers with their
 * times, totals by institution, GFS code, PSP, channel and currency, the trial balance, what is in transit and what is
 * open. Every amount is that of the record.
 */
import type { Writable } from 'node:stream';
import { minorOf } from '../closing/day-record';
import type { SealedDay } from '../closing/verify-day';
import { formatDay, formatInstant, type Language, translator } from '../platform/locale/locale';
import type { TextKey } from '../platform/locale/locale';
import { type ColumnKind, writtenCell } from './cell-text.rules';
import { layOut } from './pdf-layout.rules';
import { ColumnWidths, type PageColumn, PdfPages } from './pdf-pages';

const pageLimit = 500;
/** A hash is never broken. */
const valueWidth = 340;

interface Section {
  readonly caption: string;
  readonly columns: readonly PageColumn[];
  readonly rows: readonly (readonly string[])[];
}

const money = (amount: string): string => writtenCell(minorOf(amount), 'money');
const counted = (count: number | undefined): string =>
  count === undefined ? '' : writtenCell(BigInt(count), 'count');

/** A key is text; what stands on the right is an amount or a count. Currencies are never added, so there is no sum. */
function sectionsOf(record: SealedDay, t: ReturnType<typeof translator>): readonly Section[] {
  const column = (key: TextKey, kind: ColumnKind = 'text'): PageColumn => ({
    heading: t(key),
    kind,
  });
  const amount = column('closing.amount', 'money');
  const currency = column('closing.currency');
  const totals = (caption: TextKey, head: TextKey, rows: SealedDay['totals']['byPsp']): Section => {
    const isCounted = rows.some(({ count }) => count !== undefined);
    const isByCurrency = head === 'closing.currency';
    return {
      caption: t(caption),
      columns: [
        column(head),
        ...(isCounted ? [column('closing.payments', 'count')] : []),
        ...(isByCurrency ? [] : [currency]),
        amount,
      ],
      rows: rows.map((row) => [
        row.key,
        ...(isCounted ? [counted(row.count)] : []),
        ...(isByCurrency ? [] : [row.currency]),
        money(row.amount),
      ]),
    };
  };
  const balances = (caption: TextKey, rows: SealedDay['inTransit']): Section => ({
    caption: t(caption),
    columns: [column('closing.account'), currency, amount],
    rows: rows.map((row) => [row.account, row.currency, money(row.amount)]),
  });
  const { byCurrency, byInstitution, byGfsCode, byPsp, byChannel } = record.totals;
  return [
    totals('closing.by-currency', 'closing.currency', byCurrency),
    totals('closing.by-institution', 'closing.institution', byInstitution),
    totals('closing.by-gfs-code', 'closing.gfs-code', byGfsCode),
    totals('closing.by-psp', 'closing.psp', byPsp),
    totals('closing.by-channel', 'closing.channel', byChannel),
    balances('closing.in-transit', record.inTransit),
    balances('closing.open-items', record.openItems),
    {
      caption: t('closing.trial-balance'),
      columns: [
        column('closing.account'),
        currency,
        column('closing.debit', 'money'),
        column('closing.credit', 'money'),
      ],
      rows: record.trialBalance.map((row) => [
        row.account,
        row.currency,
        money(row.debit),
        money(row.credit),
      ]),
    },
  ];
}

function factsOf(
  record: SealedDay,
  language: Language,
  t: ReturnType<typeof translator>,
): readonly (readonly [string, string])[] {
  const signed = (name: string, at: Date | null) =>
    at === null ? name : `${name}, ${formatInstant(at, language)}`;
  const head = record.auditHead;
  return [
    [t('closing.business-day'), formatDay(record.day, language)],
    [t('closing.proposed-by'), signed(record.proposedBy, record.proposedAt)],
    [t('closing.approved-by'), signed(record.approvedBy, record.sealedAt)],
    [t('closing.digest', { lines: record.lineCount }), record.digest],
    [t('closing.seal'), record.sealHash],
    [t('closing.previous'), record.previous],
    [t('closing.audit-head'), head === null ? '–' : `${head.sequence} ${head.hash}`],
  ];
}

/** Ends `out`. Refuses: report.too-large. */
export async function renderSealedDay(
  record: SealedDay,
  made: { readonly language: Language; readonly askedBy: string; readonly madeAt: Date },
  out: Writable,
): Promise<void> {
  const { language } = made;
  const t = translator(language);
  const title = t('closing.document', { day: formatDay(record.day, language) });
  const head = { ...made, title, subject: t('closing.document-of') };
  const doc = PdfPages.document(head);
  const facts: readonly PageColumn[] = [
    { heading: t('closing.part'), kind: 'text' },
    { heading: t('closing.value'), kind: 'text' },
  ];
  const layoutOf = (columns: readonly PageColumn[], rows: Section['rows']) => {
    const widths = new ColumnWidths(doc, columns);
    for (const row of rows) widths.add(row);
    return layOut(widths.measured(), 'portrait');
  };
  const said = factsOf(record, language, t);
  const { orientation, width } = layoutOf(facts, said);
  const pages = new PdfPages(doc, head, { orientation, width }, pageLimit);
  pages.open();
  pages.begin(facts, [width - valueWidth, valueWidth]);
  for (const row of said) pages.row(row);
  pages.end();
  for (const { caption, columns, rows } of sectionsOf(record, t)) {
    pages.caption(caption);
    if (rows.length === 0) pages.note(t('closing.nothing'));
    else {
      pages.begin(columns, layoutOf(columns, rows).widths);
      for (const row of rows) pages.row(row);
    }
    pages.end();
  }
  await pages.close(out);
}
