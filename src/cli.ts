/**
 * Operator commands. They work beside a running gateway (its embedded database is found through DATA_DIR) and alone
 * (the database is started, and stopped again). A refusal is one sentence and exit 1; `--json` prints for programs.
 * The commands themselves are in `src/cli/`, by topic.
 */
import 'reflect-metadata';
import { Command } from 'commander';
import { registerAlarmCommands } from './cli/alarms.commands';
import { registerApiKeyCommands } from './cli/api-keys.commands';
import { registerAssuranceCommands } from './cli/assurance.commands';
import { registerBackupCommands } from './cli/backup.commands';
import { registerReportsCommands } from './cli/reports.commands';
import { registerBillCommands } from './cli/bills.commands';
import { registerCertificateCommands } from './cli/certificates.commands';
import { registerCertifyCommands } from './cli/certify.commands';
import { registerClosingCommands } from './cli/closing.commands';
import { registerDeliveryCommands } from './cli/deliveries.commands';
import { registerDiscrepancyCommands } from './cli/discrepancies.commands';
import { registerReversalCommands } from './cli/reversals.commands';
import { registerInstallationCommands } from './cli/installation.commands';
import { registerKeystoreCommands } from './cli/keystore.commands';
import { registerLedgerCommands } from './cli/ledger.commands';
import { registerApprovalCommands, registerOfficerCommands } from './cli/officers.commands';
import { registerPartyCommands } from './cli/parties.commands';
import { registerReconciliationCommands } from './cli/reconciliation.commands';
import { registerSettlementCommands } from './cli/settlement.commands';
import { sentenceOf } from './installation';
import { Refusal } from './kernel/refusal';

const program = new Command('malipo').description(
  'Operator commands of the Malipo payment gateway',
);

registerInstallationCommands(program);
registerPartyCommands(program);
registerApiKeyCommands(program);
registerOfficerCommands(program);
registerApprovalCommands(program);
registerCertificateCommands(program);
registerKeystoreCommands(program);
registerBillCommands(program);
registerReportsCommands(program);
registerLedgerCommands(program);
registerReconciliationCommands(program);
registerDiscrepancyCommands(program);
registerReversalCommands(program);
registerSettlementCommands(program);
registerClosingCommands(program);
registerDeliveryCommands(program);
registerAlarmCommands(program);
registerAssuranceCommands(program);
registerBackupCommands(program);
registerCertifyCommands(program);

program.parseAsync().catch((fault: unknown) => {
  process.stderr.write(`malipo: ${fault instanceof Refusal ? fault.detail : sentenceOf(fault)}\n`);
  process.exitCode = 1;
});
