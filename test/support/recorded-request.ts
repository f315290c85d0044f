/** A recorded request: request line, headers, one empty line, then exactly the body. */
import { readFileSync } from 'node:fs';

/** Without the headers of the connection, which the client that replays it makes anew. */
export function readRecordedRequest(file: string): {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
} {
  // One character per byte, so that the body comes out as it went in.
  const text = readFileSync(file, 'latin1');
  const [end = ''] = /\r?\n\r?\n/.exec(text) ?? [];
  const at = text.indexOf(end);
  const [requestLine = '', ...lines] = text.slice(0, at).split(/\r?\n/);
  const headers = lines
    .filter((line) => !/^(host|connection|content-length):/i.test(line))
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    });
  return {
    path: requestLine.split(' ')[1] ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.from(text.slice(at + end.length), 'latin1'),
  };
}
