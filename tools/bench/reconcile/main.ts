/** The process under test: the product's own use cases, as its commands and pages call them, one step at a time. */
import { createReadStream, createWriteStream, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { INestApplicationContext } from '@nestjs/common';
import { withApp } from '../../../src/cli/run-command';
import { CloseDay } from '../../../src/closing/close-day';
import { VerifyDay } from '../../../src/closing/verify-day';
import { DayReport } from '../../../src/reconciliation/day-report';
import { ManageOfficers } from '../../../src/officers/manage-officers';
import { ImportStatement } from '../../../src/reconciliation/import-statement';
import { RunReconciliation } from '../../../src/reconciliation/run-reconciliation';
import { ExportReport } from '../../../src/reports/export-report';
import { peakResidentMb, residentMb } from '../machine';
import { type Answer, officers, type Order, type Step, type Took } from './step';

const actor = 'bench';

async function doStep(app: INestApplicationContext, step: Step): Promise<unknown> {
  const { day } = step;
  const closing = app.get(CloseDay, { strict: false });
  switch (step.kind) {
    case 'import': {
      const outcome = await app.get(ImportStatement, { strict: false }).execute({
        pspCode: step.pspCode,
        day,
        fileName: 'bench.csv',
        open: () => createReadStream(step.file),
        importedBy: actor,
        isDryRun: false,
      });
      if (outcome.kind !== 'imported') throw new Error(`the file is ${outcome.kind}`);
      return outcome;
    }
    case 'match':
      return app.get(RunReconciliation, { strict: false }).execute(day, actor);
    case 'day-report':
      return app.get(DayReport, { strict: false }).execute(day);
    case 'report':
      return app.get(ExportReport, { strict: false }).execute(
        {
          name: step.name,
          parameters: { span: day },
          scope: 'everybody',
          askedBy: actor,
          language: 'en',
        },
        step.format,
        createWriteStream('/dev/null'),
      );
    case 'glance':
      return closing.glance(day);
    case 'outlook':
      return closing.outlook(day);
    case 'propose':
      return closing.propose(day, step.officer);
    case 'approve':
      return closing.approve(day, step.officer);
    case 'verify': {
      const found = await app.get(VerifyDay, { strict: false }).execute(day);
      if (!found.isSame) throw new Error(`${day} is not what was sealed`);
      return found;
    }
  }
}

async function measured(work: () => Promise<unknown>): Promise<Took> {
  global.gc?.();
  const atRestMB = residentMb(process.pid);
  // Linux: from here on the peak is that of this step.
  writeFileSync('/proc/self/clear_refs', '5');
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1_000;
  delay.disable();
  return {
    seconds,
    peakMB: peakResidentMb(process.pid),
    atRestMB,
    stillMs: Math.round(delay.max / 1e6),
  };
}

function answer(text: Answer): void {
  process.send?.(text);
}

async function serve(app: INestApplicationContext): Promise<void> {
  process.on('message', (order: Order) => {
    if (order.kind !== 'step') return;
    measured(() => doStep(app, order.step))
      .catch((fault: unknown) => ({ fault: String((fault as Error).stack) }))
      .then(answer)
      .catch(() => process.exit(1));
  });
  await new Promise((resolve) => process.once('disconnect', resolve));
}

process.once('message', (order: Order) => {
  if (order.kind !== 'open') return;
  Object.assign(process.env, order.environment);
  withApp(async (app) => {
    for (const { name, role } of officers)
      await app
        .get(ManageOfficers, { strict: false })
        .create({ name, fullName: name, role }, actor, true);
    answer({ seconds: 0, peakMB: 0, atRestMB: residentMb(process.pid), stillMs: 0 });
    await serve(app);
  }).catch((fault: unknown) => {
    answer({ fault: String((fault as Error).stack) });
    process.exitCode = 1;
  });
});
