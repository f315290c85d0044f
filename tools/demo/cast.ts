/**
 * The parties of the demonstration: the sample ones, each with an endpoint on this machine, enrolled at the gateway.
 * An endpoint takes the port of the sample file, or a free one where that is in use.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { projectRoot } from '../../src/installation';
import { EnrolParty } from '../../src/parties/enrol-party';
import { type Party, PartyDirectory } from '../../src/parties/party-directory';
import { readPartyFile } from '../../src/parties/party-file.rules';
import { readCertificate } from '../../src/platform/crypto/certificate';
import { sampleKeystore, sampleParty } from '../sandbox/sample-keys';
import type { SandboxParty } from '../sandbox/sandbox-party';
import type { PspCode } from './plan';

/** A gateway in another process looks parties up anew every five seconds. */
const directoryKeepsMs = 5_500;

export interface CastMember {
  readonly party: SandboxParty;
  readonly name: string;
  readonly base: string;
  /** False when the party was enrolled, with this key and endpoint, before. */
  readonly isEnrolledNow: boolean;
}

export interface Cast {
  readonly members: readonly CastMember[];
  readonly hospital: SandboxParty;
  readonly water: SandboxParty;
  psp(code: PspCode): SandboxParty;
  institution(code: 'SP70101' | 'SP70202'): SandboxParty;
  resultUrl(code: PspCode): string;
  close(): Promise<void>;
}

interface PartyJson {
  readonly name: string;
  readonly kind: string;
  readonly certificates: readonly string[];
}

const folder = join(projectRoot, 'certs-sample', 'parties');

async function listen(party: SandboxParty, port: number): Promise<string> {
  try {
    return await party.listen(port);
  } catch (fault) {
    if ((fault as { code?: string }).code !== 'EADDRINUSE') throw fault;
    return party.listen();
  }
}

function isAsWanted(known: Party, code: string, base: string): boolean {
  const { fingerprint } = sampleKeystore(code).certificate;
  if (!known.isActive || !known.keys.some((key) => key.fingerprint === fingerprint)) return false;
  return known.kind === 'service-provider'
    ? known.endpoints.payment === `${base}/payment`
    : known.resultUrl === `${base}/result`;
}

async function enrol(
  app: INestApplicationContext,
  party: SandboxParty,
  samplePort: number,
): Promise<CastMember> {
  const { code } = party;
  const json = JSON.parse(readFileSync(join(folder, `${code}.json`), 'utf8')) as PartyJson;
  const base = await listen(party, samplePort);
  const known = await app.get(PartyDirectory, { strict: false }).find(code);
  if (known !== undefined && isAsWanted(known, code, base))
    return { party, name: json.name, base, isEnrolledNow: false };
  const addresses =
    json.kind === 'service-provider'
      ? {
          endpoints: {
            controlNumber: `${base}/control-number`,
            payment: `${base}/payment`,
            reconciliation: `${base}/reconciliation`,
            cancellation: `${base}/cancellation`,
          },
        }
      : { resultUrl: `${base}/result`, resultUrlPrefix: `${base}/` };
  const certificates = json.certificates.map((each) =>
    readCertificate(readFileSync(join(folder, each))),
  );
  await app
    .get(EnrolParty, { strict: false })
    .execute(readPartyFile({ ...json, ...addresses }), certificates, 'demo');
  return { party, name: json.name, base, isEnrolledNow: true };
}

export async function openCast(app: INestApplicationContext, isOwnProcess: boolean): Promise<Cast> {
  const ports = { SP70101: 4701, SP70202: 4702, PSP701: 4711, PSP702: 4712, PSP703: 4713 };
  const parties = new Map(Object.keys(ports).map((code) => [code, sampleParty(code)] as const));
  const close = async (): Promise<void> => {
    await Promise.all([...parties.values()].map((party) => party.close()));
  };
  const find = (code: keyof typeof ports): SandboxParty => {
    const party = parties.get(code);
    if (party === undefined) throw new Error(`no party ${code}`);
    return party;
  };
  try {
    const members: CastMember[] = [];
    for (const [code, port] of Object.entries(ports))
      members.push(await enrol(app, find(code as keyof typeof ports), port));
    const hasNews = members.some((member) => member.isEnrolledNow);
    if (hasNews && !isOwnProcess) await pause(directoryKeepsMs);
    const baseOf = (code: string): string =>
      members.find((member) => member.party.code === code)?.base ?? '';
    return {
      members,
      hospital: find('SP70101'),
      water: find('SP70202'),
      psp: find,
      institution: find,
      resultUrl: (code) => `${baseOf(code)}/result`,
      close,
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}
