/** Runs an operator command in this process, as `src/cli.ts` does, and gives what it printed or the refusal. */
import { Command } from 'commander';

export async function runCommand(
  register: (program: Command) => void,
  ...words: readonly string[]
): Promise<string> {
  const program = new Command('malipo').exitOverride();
  register(program);
  const printed: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text));
    return true;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return printed.join('');
}
