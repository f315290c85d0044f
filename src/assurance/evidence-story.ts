/**
 * The story of one payment as a printed document, in the language of who asked: how it came, what it paid, how it stands in
 * the books, to whom it was told, what the PSP's statement and the bank say of it, and who did what.
 */
import { finished } from 'node:stream/promises';
import { PassThrough } from 'node:stream';
import PdfDocument from 'pdfkit';
import type { BusinessDay } from '../kernel/business-day';
import {
  formatDay,
  formatInstant,
  formatMoney,
  formatShortInstant,
  type Language,
  translator,
} from '../platform/locale/locale';
import { bold, regular } from '../reports/pdf-pages';
import type { PaymentCase } from './evidence-files';

/** `block`: the number of the block of the audit chain that holds it; null while it is not sealed. */
export interface StoryEvent {
  readonly id: bigint;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly block: string | null;
}

interface Section {
  readonly title: string;
  /** A sentence each; a pair is a label and what it says. */
  readonly lines: readonly (string | readonly [string, string])[];
}

const margin = 50;
const ink = '#1a1a1a';
const grey = '#5c5c5c';
const labelWidth = 150;

export async function storyOf(
  found: PaymentCase,
  events: readonly StoryEvent[],
  made: {
    readonly language: Language;
    readonly madeBy: string;
    readonly madeAt: Date;
    readonly hidesPayer: boolean;
  },
): Promise<Buffer> {
  const t = translator(made.language);
  const title = t('evidence.title', { receipt: found.payment.receiptNumber });
  const doc = new PdfDocument({
    size: 'A4',
    margin,
    bufferPages: true,
    lang: made.language,
    info: { Title: title, Author: made.madeBy, CreationDate: made.madeAt },
  });
  const chunks: Buffer[] = [];
  const out = new PassThrough();
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  doc.pipe(out);
  doc.font(bold).fontSize(16).fillColor(ink).text(title);
  const when = formatInstant(made.madeAt, made.language);
  doc.font(regular).fontSize(9).fillColor(grey);
  doc.text(t('evidence.made', { who: made.madeBy, when }));
  if (made.hidesPayer) doc.text(t('evidence.payer-hidden'));
  for (const section of sectionsOf(found, events, made.language)) write(doc, section);
  number(doc, (page, pages) => t('evidence.page', { page, pages }));
  doc.end();
  await finished(out);
  return Buffer.concat(chunks);
}

function write(doc: PDFKit.PDFDocument, { title, lines }: Section): void {
  doc.moveDown(1).font(bold).fontSize(11).fillColor(ink).text(title, margin).moveDown(0.3);
  doc.fontSize(9);
  const width = doc.page.width - 2 * margin;
  for (const line of lines) {
    if (typeof line === 'string') {
      doc.font(regular).text(line, margin, doc.y, { width, paragraphGap: 3 });
      continue;
    }
    const [label, text] = line;
    doc.font(regular);
    const height = doc.heightOfString(text, { width: width - labelWidth });
    if (doc.y + height > doc.page.height - margin) doc.addPage();
    const top = doc.y;
    doc.fillColor(grey).text(label, margin, top, { width: labelWidth - 8 });
    const below = doc.y;
    doc.fillColor(ink).text(text, margin + labelWidth, top, { width: width - labelWidth });
    doc.y = Math.max(below, doc.y) + 2;
  }
}

function number(doc: PDFKit.PDFDocument, textOf: (page: number, pages: number) => string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let i = 0; i < count; i++) {
    doc.switchToPage(start + i);
    doc.page.margins.bottom = 0;
    doc.font(regular).fontSize(8).fillColor(grey);
    doc.text(textOf(i + 1, count), margin, doc.page.height - margin + 12, { lineBreak: false });
  }
}

function sectionsOf(
  found: PaymentCase,
  events: readonly StoryEvent[],
  language: Language,
): readonly Section[] {
  const t = translator(language);
  const { payment, bills, messages, deliveries, postings, matches, settlement } = found;
  const instant = (at: Date) => formatInstant(at, language);
  const day = (text: string) => formatDay(text as BusinessDay, language);
  const money = formatMoney;
  const orNone = (lines: Section['lines']) => (lines.length > 0 ? lines : [t('evidence.nothing')]);
  return [
    {
      title: t('evidence.what'),
      lines: [
        [t('bills.amount'), money(payment.amountMinor, payment.currency)],
        [t('bills.receipt'), payment.receiptNumber],
        [t('bills.number'), payment.controlNumber],
        [t('bills.psp'), payment.psp],
        [t('bills.transaction'), payment.transactionId],
        [t('bills.payer'), payment.payerName || t('frame.none')],
        [t('bills.phone'), payment.payerPhone || t('frame.none')],
        [t('bills.paid-at'), instant(payment.paidAt)],
        [t('bills.received'), instant(payment.receivedAt)],
        [t('bills.business-day'), day(payment.businessDay)],
        [t('bills.account'), payment.collectionAccount],
      ],
    },
    {
      title: t('evidence.bills'),
      lines: orNone(
        bills.map((bill) =>
          t('evidence.bill', {
            number: bill.controlNumber,
            bill: bill.billId,
            sp: bill.sp,
            amount: money(bill.amountMinor, bill.currency),
            part: money(bill.principalMinor + bill.surplusMinor, bill.currency),
            text: bill.description,
          }),
        ),
      ),
    },
    {
      title: t('evidence.messages'),
      lines: orNone(
        messages.map((message) =>
          t('evidence.message', {
            when: instant(message.receivedAt),
            party: message.party,
            name: message.name,
            digest: message.digest,
            fingerprint: message.certificateFingerprint,
            bytes: message.bodyDigest,
            code: message.statusCode,
          }),
        ),
      ),
    },
    {
      title: t('evidence.ledger'),
      lines: orNone(
        postings.map((each): readonly [string, string] => [
          `${day(each.businessDay)}, ${each.source}`,
          each.debitMinor > 0n
            ? t('evidence.debit', {
                account: each.account,
                amount: money(each.debitMinor, each.currency),
              })
            : t('evidence.credit', {
                account: each.account,
                amount: money(each.creditMinor, each.currency),
              }),
        ]),
      ),
    },
    {
      title: t('evidence.deliveries'),
      lines: orNone(
        deliveries.map((each) =>
          t('evidence.delivery', {
            kind: each.kind,
            recipient: each.recipient,
            state: t(`deliveries.state-${each.state}` as 'deliveries.state-ready'),
            when: each.settledAt === null ? t('frame.none') : instant(each.settledAt),
            tries: found.attempts.filter(({ deliveryId }) => deliveryId === each.id).length,
          }),
        ),
      ),
    },
    {
      title: t('evidence.reconciliation'),
      lines: orNone(
        matches.map((each) =>
          t('evidence.match', {
            line: each.lineNumber,
            file: each.fileName,
            day: day(each.businessDay),
            rule: each.rule,
            when: instant(each.runAt),
            amount: money(each.amountMinor, each.currency),
          }),
        ),
      ),
    },
    {
      title: t('evidence.settlement'),
      lines: orNone(
        settlement.map((each) => {
          const expected = t('evidence.expected', {
            psp: each.psp,
            account: each.account,
            amount: money(each.expectedMinor, each.currency),
            count: each.paymentCount,
            day: day(each.clearingDay),
            due: instant(each.dueAt),
          });
          if (each.entryMinor === null || each.bookingDay === null)
            return `${expected} ${t('evidence.not-arrived')}`;
          return `${expected} ${t('evidence.arrived', {
            day: day(each.bookingDay),
            amount: money(each.entryMinor, each.currency),
            reference: [each.bankReference, each.remittance].find((text) => text !== '') ?? '',
            rule: each.rule ?? '',
          })}`;
        }),
      ),
    },
    {
      title: t('evidence.trail'),
      lines: orNone(
        events.map((each): readonly [string, string] => [
          formatShortInstant(each.at),
          `${each.actor}: ${each.action} (${each.subject}). ${
            each.block === null
              ? t('evidence.unsealed')
              : t('evidence.in-block', { event: String(each.id), block: each.block })
          }`,
        ]),
      ),
    },
    { title: t('evidence.check'), lines: [t('evidence.how-to-check')] },
  ];
}
