/**
 * Payment notifications, signed before the clock starts: on the thread pool, both cores, and kept in the temporary
 * folder under a digest of all they depend on, so that a second run starts at once. All bodies of a file have one
 * length. Laid out with line breaks, as clients of the field write them.
 */
import { createHash, type KeyObject, sign } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants } from 'node:crypto';
import type { MessageFile } from './load/job';

export interface NotificationSet {
  readonly generation: 'v4' | 'v5';
  readonly pspCode: string;
  readonly key: KeyObject;
  /** Of the certificate, for the name of the file. */
  readonly keyName: string;
  /** Begins every transaction id; sets that meet in one database need different ones. */
  readonly tag: string;
  readonly numbers: readonly string[];
  readonly amount: string;
  readonly paidAt: string;
  readonly resultUrl: string;
  readonly count: number;
}

export interface Wire {
  readonly path: string;
  readonly digest: 'sha1' | 'sha256';
  readonly signatureTag: string;
}

export const wires: Readonly<Record<NotificationSet['generation'], Wire>> = {
  v4: { path: '/api/payment/sigqrequest', digest: 'sha1', signatureTag: 'gepgSignature' },
  v5: { path: '/api/payment/20/posting', digest: 'sha256', signatureTag: 'signature' },
};

/** Long texts, as names of organisations and addresses of the field are; with them a body is about 1.8 kB. */
const payerName =
  'Neema Mollel kwa niaba ya Chama cha Ushirika wa Wakulima na Wafugaji wa Mfano, Tawi la Kaskazini, Kitengo cha Huduma za Pamoja na Malipo';
const payerEmail = 'neema.mollel.malipo.ya.pamoja@ushirika-wa-wakulima-na-wafugaji.mfano.example';
const reference = 'KUMBUKUMBU-YA-MALIPO-TAWI-LA-KASKAZINI-DIRISHA-LA-PILI-';

/** The signed element of one notification. The control number goes round when there are more than bills. */
export function notification(set: NotificationSet, index: number): string {
  const id = `${set.tag}${String(index).padStart(9, '0')}`;
  const number = set.numbers[index % set.numbers.length] ?? '';
  return set.generation === 'v4' ? v4(set, id, number) : v5(set, id, number);
}

function v4(set: NotificationSet, id: string, number: string): string {
  return `<gepgPmtPstReq>
        <PspDtl>
                <PspCode>${set.pspCode}</PspCode>
                <ResultUrl>${set.resultUrl}</ResultUrl>
        </PspDtl>
        <PymtTrxInf>
                <TrxId>${id}</TrxId>
                <spCode></spCode>
                <PayRefId>${reference}${id}</PayRefId>
                <BillCtrNum>${number}</BillCtrNum>
                <PaidAmt>${set.amount}</PaidAmt>
                <CCy>TZS</CCy>
                <CtrAccNum></CtrAccNum>
                <TrxDtTm>${set.paidAt}</TrxDtTm>
                <UsdPayChnl>MOBILE</UsdPayChnl>
                <DptCellNum>255700000001</DptCellNum>
                <DptName>${payerName}</DptName>
                <DptNameEmailAddr>${payerEmail}</DptNameEmailAddr>
        </PymtTrxInf>
</gepgPmtPstReq>`;
}

function v5(set: NotificationSet, id: string, number: string): string {
  return `<pmtReq>
        <PmtHdr>
                <ReqId>REQ${id}</ReqId>
                <PspCode>${set.pspCode}</PspCode>
                <CustCtrNum>${number}</CustCtrNum>
                <ResultUrl>${set.resultUrl}</ResultUrl>
        </PmtHdr>
        <PmtDtl>
                <TrxId>${id}</TrxId>
                <PayRefId>${reference}${id}</PayRefId>
                <PaidAmt>${set.amount}</PaidAmt>
                <Ccy>TZS</Ccy>
                <CollAccNum></CollAccNum>
                <TrxDtTm>${set.paidAt}</TrxDtTm>
                <UsdPayChnl>MOBILE</UsdPayChnl>
                <TrdPtyTrxId></TrdPtyTrxId>
                <PyrCellNum>255700000001</PyrCellNum>
                <PyrName>${payerName}</PyrName>
                <PyrEmail>${payerEmail}</PyrEmail>
        </PmtDtl>
</pmtReq>`;
}

/** The whole body, signed on the pool. */
export function signedBody(set: NotificationSet, element: string): Promise<Buffer> {
  const { digest, signatureTag } = wires[set.generation];
  const bytes = Buffer.from(element);
  return new Promise((resolve, reject) => {
    sign(
      digest,
      bytes,
      { key: set.key, padding: constants.RSA_PKCS1_PADDING },
      (fault, signature) => {
        if (fault !== null) {
          reject(fault);
          return;
        }
        const text = signature.toString('base64');
        resolve(
          Buffer.from(
            `<?xml version="1.0" encoding="UTF-8"?>\n<Gepg>${element}<${signatureTag}>${text}</${signatureTag}></Gepg>`,
          ),
        );
      },
    );
  });
}

const folder = join(tmpdir(), 'malipo-bench-messages');
/** Files of before this are of another day: their payments would be flagged late, which is more work. */
const keptMs = 48 * 3_600_000;
const together = 512;

function forgetOld(now: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (now - statSync(path).mtimeMs > keptMs) rmSync(path);
  }
}

/** Signs what is not there yet. About 3,500 messages a second and core. */
export async function messageFile(set: NotificationSet): Promise<MessageFile> {
  mkdirSync(folder, { recursive: true });
  forgetOld(performance.timeOrigin + performance.now());
  const sample = await signedBody(set, notification(set, 0));
  const hash = createHash('sha256').update(sample);
  for (const number of set.numbers) hash.update(number);
  hash.update(`${set.keyName} ${String(set.count)}`);
  const path = join(folder, `${set.generation}-${hash.digest('hex').slice(0, 24)}`);
  const file = { path, bodyBytes: sample.length, count: set.count };
  if (existsSync(path)) return file;
  const unfinished = `${path}.unfinished`;
  const handle = await open(unfinished, 'w');
  try {
    for (let done = 0; done < set.count; done += together) {
      const bodies = await Promise.all(
        Array.from({ length: Math.min(together, set.count - done) }, (_, i) =>
          signedBody(set, notification(set, done + i)),
        ),
      );
      if (bodies.some((body) => body.length !== file.bodyBytes))
        throw new Error('the messages of one file must have one length');
      await handle.write(Buffer.concat(bodies));
    }
  } finally {
    await handle.close();
  }
  renameSync(unfinished, path);
  return file;
}

/** The same bodies with one byte of the signature changed, and every third one cut off: work for nothing. */
export async function hostileFile(from: MessageFile, count: number): Promise<MessageFile> {
  const path = `${from.path}-hostile-${String(count)}`;
  const file = { ...from, path, count };
  if (existsSync(path)) return file;
  const source = await open(from.path, 'r');
  const target = await open(path, 'w');
  try {
    for (let i = 0; i < count; i++) {
      const body = Buffer.alloc(from.bodyBytes);
      await source.read(body, 0, body.length, (i % from.count) * from.bodyBytes);
      const at = body.lastIndexOf('ignature>') - 60;
      body[at] = body[at] === 0x41 ? 0x42 : 0x41;
      if (i % 3 === 2) body.fill(0x20, body.length - 200);
      await target.write(body);
    }
  } finally {
    await source.close();
    await target.close();
  }
  return file;
}
