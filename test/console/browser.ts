/** Chromium where the machine has one: CHROMIUM_PATH, or where Debian's package puts it. */
import { existsSync, readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Visitor } from './support';

export const chromiumPath = [process.env['CHROMIUM_PATH'] ?? '', '/usr/bin/chromium'].find(
  (path) => path !== '' && existsSync(path),
);

export async function openBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('there is no Chromium');
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
}

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page, in one line each. The policy of the pages forbids a script tag; evaluating does not ask. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const found = await page.evaluate<{
    violations: { id: string; nodes: { html: string }[] }[];
  }>('axe.run(document)');
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** A page that is there only after something was done on the one at `path`. */
export interface PageAfter {
  readonly path: string;
  act(page: Page): Promise<void>;
}

/**
 * Opens pages as an officer who is signed in, in both languages at 360 and 1440 pixels; what axe finds, and what is wider
 * than the screen. CONSOLE_SCREENSHOTS=folder keeps pictures.
 */
export async function lookAt(
  base: string,
  officer: Visitor,
  pages: readonly (string | PageAfter)[],
): Promise<readonly string[]> {
  const folder = process.env['CONSOLE_SCREENSHOTS'];
  const browser = await openBrowser();
  const faults: string[] = [];
  try {
    const context = await browser.newContext();
    await context.addCookies([{ name: 'malipo', value: officer.token, url: `${base}/console` }]);
    const page = await context.newPage();
    for (const language of ['en', 'sw']) {
      await officer.get('/console');
      await officer.post('/console/language', { language, next: '/console' });
      for (const wanted of pages) {
        const path = typeof wanted === 'string' ? wanted : wanted.path;
        await page.goto(`${base}${path}`);
        if (typeof wanted !== 'string') await wanted.act(page);
        for (const width of [1440, 360]) {
          await page.setViewportSize({ width, height: 900 });
          if (width === 1440)
            faults.push(...(await violations(page)).map((each) => `${path}: ${each}`));
          const over = Number(
            await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
          );
          if (over > 0) faults.push(`${path} is ${String(over)} px too wide at ${String(width)}`);
          if (folder === undefined) continue;
          const name = path
            .replace(/^\/console\//, '')
            .replace(/[/?=]/g, '_')
            .slice(0, 48);
          await page.screenshot({
            path: `${folder}/${name}-${language}-${String(width)}.png`,
            fullPage: true,
          });
        }
      }
    }
    await officer.post('/console/language', { language: 'en', next: '/console' });
  } finally {
    await browser.close();
  }
  return faults;
}
