/**
 * Every text of the gateway that a person reads on a page, in a document or in an e-mail, in English and Kiswahili: one
 * JSON file for each area and language. A folder that needs texts adds its area here; a test compares the languages.
 */
import administrationEn from './en/administration.json';
import alarmsEn from './en/alarms.json';
import approvalsEn from './en/approvals.json';
import closingEn from './en/closing.json';
import discrepanciesEn from './en/discrepancies.json';
import overviewEn from './en/overview.json';
import billsEn from './en/bills.json';
import deliveriesEn from './en/deliveries.json';
import auditEn from './en/audit.json';
import effectsEn from './en/effects.json';
import evidenceEn from './en/evidence.json';
import partiesEn from './en/parties.json';
import frameEn from './en/frame.json';
import officersEn from './en/officers.json';
import reconciliationEn from './en/reconciliation.json';
import refundsEn from './en/refunds.json';
import reportsEn from './en/reports.json';
import selfTestEn from './en/self-test.json';
import settlementEn from './en/settlement.json';
import signInEn from './en/sign-in.json';
import administrationSw from './sw/administration.json';
import alarmsSw from './sw/alarms.json';
import approvalsSw from './sw/approvals.json';
import closingSw from './sw/closing.json';
import discrepanciesSw from './sw/discrepancies.json';
import overviewSw from './sw/overview.json';
import billsSw from './sw/bills.json';
import deliveriesSw from './sw/deliveries.json';
import auditSw from './sw/audit.json';
import effectsSw from './sw/effects.json';
import evidenceSw from './sw/evidence.json';
import partiesSw from './sw/parties.json';
import frameSw from './sw/frame.json';
import officersSw from './sw/officers.json';
import reconciliationSw from './sw/reconciliation.json';
import refundsSw from './sw/refunds.json';
import reportsSw from './sw/reports.json';
import selfTestSw from './sw/self-test.json';
import settlementSw from './sw/settlement.json';
import signInSw from './sw/sign-in.json';

const en = {
  administration: administrationEn,
  alarms: alarmsEn,
  approvals: approvalsEn,
  closing: closingEn,
  discrepancies: discrepanciesEn,
  overview: overviewEn,
  bills: billsEn,
  deliveries: deliveriesEn,
  audit: auditEn,
  effects: effectsEn,
  evidence: evidenceEn,
  parties: partiesEn,
  frame: frameEn,
  officers: officersEn,
  reconciliation: reconciliationEn,
  refunds: refundsEn,
  reports: reportsEn,
  'self-test': selfTestEn,
  settlement: settlementEn,
  'sign-in': signInEn,
};

export type Texts = typeof en;

export const texts = {
  en,
  sw: {
    administration: administrationSw,
    alarms: alarmsSw,
  approvals: approvalsSw,
    closing: closingSw,
    discrepancies: discrepanciesSw,
    overview: overviewSw,
    bills: billsSw,
    deliveries: deliveriesSw,
    audit: auditSw,
    effects: effectsSw,
    evidence: evidenceSw,
    parties: partiesSw,
    frame: frameSw,
    officers: officersSw,
    reconciliation: reconciliationSw,
    refunds: refundsSw,
    reports: reportsSw,
    'self-test': selfTestSw,
    settlement: settlementSw,
    'sign-in': signInSw,
  } satisfies Texts,
};
