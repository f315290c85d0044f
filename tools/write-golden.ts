/**
 * Makes the derived half of every golden case anew: signatures, commands, replies, messages, verdicts. What is given
 * stays: the element of a request, `path`, `gepgCom` and `answer` of its command file, and the data of what we send.
 * Run in the repository root after a build: `node dist/tools/write-golden.js` lists the files that would change, and
 * with `--write` changes them. Read the difference before you commit it: it is a change of the published wire.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import {
  type CaseFiles,
  type GivenAcknowledgement,
  type GivenRequest,
  goldenCases,
  goldenFolder,
  readJson,
  type SentCase,
} from './wire/golden-case';
import {
  asJson,
  readAcknowledgement,
  readRequest,
  renderSent,
  replyTo,
  signAcknowledgement,
  signRequest,
} from './wire/render-golden';

function derived({ path, direction }: CaseFiles): [string, Buffer | string][] {
  switch (direction) {
    case 'request': {
      const given = readJson(`${path}.command.json`) as GivenRequest;
      const body = signRequest(readFileSync(`${path}.request.xml`), given);
      const command = readRequest(body, given);
      return [
        [`${path}.request.xml`, body],
        [`${path}.command.json`, asJson(command)],
        [`${path}.reply.xml`, replyTo(body, command)],
      ];
    }
    case 'sent':
      return [[`${path}.xml`, renderSent(readJson(`${path}.json`) as SentCase)]];
    case 'acknowledgement': {
      const body = signAcknowledgement(readFileSync(`${path}.xml`));
      const given = readJson(`${path}.json`) as GivenAcknowledgement;
      return [
        [`${path}.xml`, body],
        [`${path}.json`, asJson(readAcknowledgement(body, given))],
      ];
    }
  }
}

const mayWrite = process.argv.includes('--write');
const changed = goldenCases()
  .flatMap(derived)
  .filter(
    ([path, content]) => !existsSync(path) || !readFileSync(path).equals(Buffer.from(content)),
  );
for (const [path, content] of changed) {
  if (mayWrite) writeFileSync(path, content);
  process.stdout.write(`${mayWrite ? 'written' : 'differs'}  ${relative(goldenFolder, path)}\n`);
}
process.stdout.write(`${String(changed.length)} files ${mayWrite ? 'written' : 'differ'}\n`);
process.exitCode = mayWrite || changed.length === 0 ? 0 : 1;
