/**
 * Every text of the gateway that a person reads on a page, in a document or in an e-mail, in English and Kiswahili: one
 * JSON file for each area and language. A folder that needs texts adds its area here; a test compares the languages.
 */
import approvalsEn from './en/approvals.json';
import discrepanciesEn from './en/discrepancies.json';
import frameEn from './en/frame.json';
import officersEn from './en/officers.json';
import reconciliationEn from './en/reconciliation.json';
import reportsEn from './en/reports.json';
import signInEn from './en/sign-in.json';
import approvalsSw from './sw/approvals.json';
import discrepanciesSw from './sw/discrepancies.json';
import frameSw from './sw/frame.json';
import officersSw from './sw/officers.json';
import reconciliationSw from './sw/reconciliation.json';
import reportsSw from './sw/reports.json';
import signInSw from './sw/sign-in.json';

const en = {
  approvals: approvalsEn,
  discrepancies: discrepanciesEn,
  frame: frameEn,
  officers: officersEn,
  reconciliation: reconciliationEn,
  reports: reportsEn,
  'sign-in': signInEn,
};

export type Texts = typeof en;

export const texts = {
  en,
  sw: {
    approvals: approvalsSw,
    discrepancies: discrepanciesSw,
    frame: frameSw,
    officers: officersSw,
    reconciliation: reconciliationSw,
    reports: reportsSw,
    'sign-in': signInSw,
  } satisfies Texts,
};
