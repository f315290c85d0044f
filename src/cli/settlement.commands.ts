/** What PSPs owe the bank: terms and calendar. */
import type { Command } from 'commander';
import { registerCalendarCommands, registerTermsCommands } from './settlement-terms.commands';

export function registerSettlementCommands(program: Command): void {
  registerCalendarCommands(program);
  const settlement = program
    .command('settlement')
    .description('money on its way from PSPs to the bank and to the treasury');
  registerTermsCommands(settlement);
}
