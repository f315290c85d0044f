/**
 * Every text of the gateway that a person reads on a page, in a document or in an e-mail, in English and Kiswahili: one
 * JSON file for each area and language. A folder that needs texts adds its area here; a test compares the languages.
 */
import frameEn from './en/frame.json';
import officersEn from './en/officers.json';
import reportsEn from './en/reports.json';
import signInEn from './en/sign-in.json';
import frameSw from './sw/frame.json';
import officersSw from './sw/officers.json';
import reportsSw from './sw/reports.json';
import signInSw from './sw/sign-in.json';

const en = { frame: frameEn, officers: officersEn, reports: reportsEn, 'sign-in': signInEn };

export type Texts = typeof en;

export const texts = {
  en,
  sw: {
    frame: frameSw,
    officers: officersSw,
    reports: reportsSw,
    'sign-in': signInSw,
  } satisfies Texts,
};
