/** The folder `certs-sample/requests`, name by name: the request files and the page that lists them. */
import { fileFacts, fileOf } from './sample-request';
import { sampleRequests } from './sample-requests';

const introduction = `# Sample requests

What clients in the field put on the wire, byte for byte: request line, headers as sent, one empty line, then exactly
the body. The shapes are those of real integrations; all values are invented, and each message is signed with the
sandbox key of its party, so that a sandbox gateway answers it. Names of clients are only those of their languages.

| file | party | path | shows |
|---|---|---|---|
`;

const use = `
Dates are fixed (bills of ${fileFacts.generatedAt.slice(0, 10)}, which expire in 2027). The control numbers in the payments, the enquiry and the
reuse belong to no bill. Send one, with the headers that its shape needs:

    f=certs-sample/requests/java-01.http
    sed '1,/^$/d' $f | curl --data-binary @- -H 'Gepg-Code: SP70101' -H 'Gepg-Com: default.sp.in' \\
      -H 'Content-Type: application/xml' http://127.0.0.1:3000/api/bill/sigqrequest

Written by \`tools/make-sample-requests.ts\`; a test compares every byte. After a change of the sandbox keys:

    npm run build && node dist/tools/make-sample-requests.js
`;

export function sampleFiles(): ReadonlyMap<string, Buffer> {
  const requests = sampleRequests(fileFacts);
  const rows = requests.map(
    ({ name, party, path, shows }) => `| ${name} | ${party} | \`${path}\` | ${shows} |\n`,
  );
  return new Map([
    ...requests.map((each) => [`${each.name}.http`, fileOf(each)] as const),
    ['README.md', Buffer.from(introduction + rows.join('') + use)] as const,
    // Line ends are part of what is signed.
    ['.gitattributes', Buffer.from('*.http -text\n')] as const,
  ]);
}
