/**
 * The other ends of the sustained chain: an institution that acknowledges confirmations and a PSP that acknowledges
 * final results, on one port. Their acknowledgements are constant and signed once, so that they cost the machine
 * little; what they received is told when asked.
 */
import { createServer } from 'node:http';
import { wrapSigned } from '../../../src/gepg/envelope';
import { writeElement } from '../../../src/gepg/xml';
import { signBytes } from '../../../src/platform/crypto/signature';
import { sampleKeystore } from '../../sandbox/sample-keys';

function ack(code: string, root: string, element: string): Buffer {
  const body = writeElement(root, { [element]: '7101' });
  return wrapSigned(body, signBytes(body, sampleKeystore(code).privateKey, 'sha1'), 'v4');
}

const institution = ack('SP70101', 'gepgPmtSpInfoAck', 'TrxStsCode');
const psp = ack('PSP701', 'gepgPmtFinRespAck', 'PayStsCode');
const counts = { confirmations: 0, results: 0 };

const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  request.resume();
  request.on('end', () => {
    const isResult = request.url?.startsWith('/psp/') ?? false;
    if (isResult) counts.results += 1;
    else counts.confirmations += 1;
    const body = isResult ? psp : institution;
    response.writeHead(200, { 'content-type': 'application/xml', 'content-length': body.length });
    response.end(body);
  });
});

process.on('message', (order: { kind: 'listen'; port: number } | { kind: 'counts' }) => {
  if (order.kind === 'counts') {
    const { user, system } = process.cpuUsage();
    process.send?.({ ...counts, cpuMs: (user + system) / 1_000 });
    return;
  }
  server.listen(order.port, '127.0.0.1', () => process.send?.({ ready: true }));
});
process.on('disconnect', () => {
  process.exit(0);
});
