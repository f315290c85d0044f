/** Tests that need a program of the field (Java, OpenSSL, PHP) run where it is installed, and say so where it is not. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export function hasTool(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export function withTool(name: string, title: string, test: () => void): void {
  if (hasTool(name)) it(title, test);
  else it.skip(`${title} (skipped: no ${name} on this machine)`, test);
}
