/** The timed work of the worker role, in one list: what runs, how often, and whether one process of all does it. */
import type { INestApplicationContext } from '@nestjs/common';
import { CheckChain } from './assurance/check-chain';
import { RunControls } from './assurance/run-controls';
import { ExpireBills } from './bills/expire-bills';
import { IssueUploads } from './bills/issue-uploads';
import { SendDueReports } from './reports/send-due-reports';
import { Mailer } from './platform/mail/mailer';
import { DeliverDue } from './deliveries/deliver-due';
import { WatchFeeds } from './deliveries/feed-watch';
import { SealFeed } from './deliveries/seal-feed';
import { WarnOfExpiry } from './parties/warn-of-expiry';
import { LogWeaknesses } from './parties/log-weaknesses';
import { SealAudit } from './platform/audit/seal-audit';
import { Database } from './platform/database/database';
import { JobLoop } from './platform/jobs/job-loop';
import { RunDueDays } from './reconciliation/run-due-days';
import { RunDueSettlement } from './settlement/run-due-settlement';
import { TakeInbox } from './settlement/take-inbox';

export function startJobs(app: INestApplicationContext): void {
  const deliverDue = app.get(DeliverDue, { strict: false });
  const sealFeed = app.get(SealFeed, { strict: false });
  const sealAudit = app.get(SealAudit, { strict: false });
  const watchFeeds = app.get(WatchFeeds, { strict: false });
  const sendDueReports = app.get(SendDueReports, { strict: false });
  const mailer = app.get(Mailer, { strict: false });
  const expireBills = app.get(ExpireBills, { strict: false });
  const issueUploads = app.get(IssueUploads, { strict: false });
  const warnOfExpiry = app.get(WarnOfExpiry, { strict: false });
  const runDueDays = app.get(RunDueDays, { strict: false });
  const runDueSettlement = app.get(RunDueSettlement, { strict: false });
  const takeInbox = app.get(TakeInbox, { strict: false });
  const logWeaknesses = app.get(LogWeaknesses, { strict: false });
  const checkChain = app.get(CheckChain, { strict: false });
  const runControls = app.get(RunControls, { strict: false });
  const database = app.get(Database, { strict: false });
  app.get(JobLoop, { strict: false }).start([
    {
      name: 'deliver',
      pauseMs: 200,
      isExclusive: false,
      run: () => deliverDue.execute(),
    },
    {
      name: 'seal-feed',
      pauseMs: 500,
      isExclusive: true,
      run: () => sealFeed.execute(),
    },
    {
      name: 'seal-audit',
      pauseMs: 1_000,
      isExclusive: true,
      run: () => sealAudit.execute(),
    },
    {
      name: 'watch-feeds',
      pauseMs: 600_000,
      isExclusive: true,
      run: async () => {
        await watchFeeds.execute();
        return false;
      },
    },
    {
      name: 'send-reports',
      pauseMs: 30_000,
      isExclusive: true,
      run: async () => {
        if (mailer.isSet) await sendDueReports.execute();
        return false;
      },
    },
    {
      name: 'expire-bills',
      pauseMs: 30_000,
      isExclusive: true,
      run: async () => (await expireBills.execute()) === 1_000,
    },
    {
      name: 'issue-uploads',
      pauseMs: 500,
      isExclusive: true,
      run: () => issueUploads.execute(),
    },
    {
      // Warnings count days, and each is raised once; every hour, so that a turn that failed is not a day lost.
      name: 'warn-of-expiry',
      pauseMs: 3_600_000,
      isExclusive: true,
      run: async () => {
        await warnOfExpiry.execute();
        return false;
      },
    },
    {
      name: 'reconcile-due-days',
      pauseMs: 60_000,
      isExclusive: true,
      run: async () => {
        await runDueDays.execute();
        return false;
      },
    },
    {
      // After an import, when money falls due, and when a day begins; there is nothing to do at most turns.
      name: 'settle',
      pauseMs: 30_000,
      isExclusive: true,
      run: async () => {
        await runDueSettlement.execute();
        return false;
      },
    },
    {
      // The pause is how long a file must lie unchanged before it is taken.
      name: 'take-inbox',
      pauseMs: 5_000,
      isExclusive: true,
      run: async () => {
        await takeInbox.execute();
        return false;
      },
    },
    {
      name: 'check-chain',
      pauseMs: 2_000,
      isExclusive: true,
      run: () => checkChain.step(),
    },
    {
      name: 'run-controls',
      pauseMs: 2_000,
      isExclusive: true,
      run: () => runControls.step(),
    },
    {
      name: 'plan-controls',
      pauseMs: 600_000,
      isExclusive: true,
      run: async () => {
        await runControls.plan();
        return false;
      },
    },
    {
      name: 'log-weaknesses',
      pauseMs: 600_000,
      isExclusive: true,
      run: async () => {
        await logWeaknesses.execute();
        return false;
      },
    },
    {
      name: 'open-months',
      pauseMs: 3_600_000,
      isExclusive: true,
      run: async () => {
        await database.transaction((tx) =>
          tx.query(`select ensure_month_partitions(business_day_of(gateway_now()), 4)`),
        );
        return false;
      },
    },
  ]);
}
