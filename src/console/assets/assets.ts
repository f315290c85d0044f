/**
 * What pages load: the style, the components' script and ours, under a path that holds a hash of them all, so that a
 * browser keeps them for a year. The design system's own font, crest and logotype are taken out: they are the British
 * Government's.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

interface Asset {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

export const govukFolder = join(dirname(require.resolve('govuk-frontend/package.json')), 'dist');

function neutralStyle(): string {
  const style = readFileSync(join(govukFolder, 'govuk', 'govuk-frontend.min.css'), 'utf8')
    .replace(/@font-face\{[^}]*\}/g, '')
    .replace(
      /"?GDS Transport"?,arial,sans-serif/g,
      'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",arial,sans-serif',
    )
    .replace(/url\([^)]*crest[^)]*\)/g, 'none')
    .replace(/\/\*#[\s\S]*?\*\//g, '');
  const left = /GDS Transport|crest\.svg|\/assets\/fonts/.exec(style);
  if (left !== null) throw new Error(`the style still names ${left[0]}`);
  return style;
}

function asset(type: string, text: string): Asset {
  const plain = Buffer.from(text);
  return { type, plain, gzipped: gzipSync(plain, { level: 9 }) };
}

const own = (name: string): string => readFileSync(join(__dirname, name), 'utf8');
const script = 'text/javascript; charset=utf-8';

export const assets: ReadonlyMap<string, Asset> = new Map([
  ['console.css', asset('text/css; charset=utf-8', `${neutralStyle()}\n${own('console.css')}`)],
  [
    'govuk.js',
    asset(
      script,
      readFileSync(join(govukFolder, 'govuk', 'govuk-frontend.min.js'), 'utf8').replace(
        /^\/\/# source.*$/m,
        '',
      ),
    ),
  ],
  ['console.js', asset(script, own('console.mjs'))],
]);

const hash = createHash('sha256');
for (const { plain } of assets.values()) hash.update(plain);

export const assetHash = hash.digest('hex').slice(0, 16);
export const assetBase = `/console/assets/${assetHash}`;
