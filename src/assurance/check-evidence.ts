/**
 * Checks an evidence bundle without a database: the gateway's signature over the list of files, every file against the
 * list, the signature of each message with its sender's certificate, and each event's proof with the blocks of the audit
 * chain. Whose certificate it is, only its fingerprint can tell, compared with what the gateway publishes.
 */
import { verify } from 'node:crypto';
import { type UnzipFileInfo, unzipSync } from 'fflate';
import { Refusal } from '../kernel/refusal';
import { faultOfProof, readProof } from '../platform/audit/prove-event';
import { isSignedByAuditKey } from '../platform/audit/audit-key';
import { type CertificateFacts, readCertificate } from '../platform/crypto/certificate';
import { isDetachedJwsBy } from '../platform/crypto/detached-jws';
import { type Digest, isSignedBy } from '../platform/crypto/signature';
import {
  type BundleFiles,
  certificateName,
  faultsOfFiles,
  manifestName,
  signatureName,
} from './evidence-bundle.rules';
import { signedOf, type SignedPartsReader } from './signed-parts';

export interface EvidenceCheck {
  /** A sentence each, naming the file; none for a bundle that holds. */
  readonly faults: readonly string[];
  readonly fileCount: number;
  readonly messageCount: number;
  readonly proofCount: number;
  /** SHA-256 of the gateway's certificate in the bundle; undefined where there is none that can be read. */
  readonly certificateFingerprint: string | undefined;
}

const mostFiles = 2_000;
const mostBytes = 256 * 1024 * 1024;

/** Refuses: evidence.no-bundle (no ZIP, or one without a list of files), evidence.too-large. */
export function readBundle(zip: Buffer): BundleFiles {
  const names: string[] = [];
  let bytes = 0;
  const isWanted = ({ name, originalSize }: UnzipFileInfo): boolean => {
    names.push(name);
    bytes += originalSize;
    if (names.length > mostFiles || bytes > mostBytes)
      throw new Refusal(
        'evidence.too-large',
        `a bundle has ${String(mostFiles)} files and 256 MiB at most`,
        'too-large',
      );
    return true;
  };
  let read: Record<string, Uint8Array>;
  try {
    read = unzipSync(zip, { filter: isWanted });
  } catch (fault) {
    if (fault instanceof Refusal) throw fault;
    throw new Refusal('evidence.no-bundle', 'the file is no ZIP that can be read');
  }
  if (new Set(names).size < names.length)
    throw new Refusal('evidence.no-bundle', 'the ZIP holds two files of one name');
  return new Map(Object.entries(read).map(([name, each]) => [name, Buffer.from(each)]));
}

/** `parts` finds again in each message what was signed. */
export function checkEvidence(files: BundleFiles, parts: SignedPartsReader): EvidenceCheck {
  const faults = [...faultsOfFiles(files)];
  const certificate = certificateOf(files.get(certificateName));
  const signature = files.get(signatureName);
  if (signature === undefined) faults.push(`${signatureName} is missing`);
  else if (certificate === undefined) faults.push(`${certificateName} holds no certificate`);
  else if (
    !verify('sha256', files.get(manifestName) ?? Buffer.alloc(0), certificate.publicKey, signature)
  )
    faults.push(`${signatureName} is not the gateway's signature over ${manifestName}`);

  const folders = (below: string) =>
    [...files.keys()]
      .filter((name) => name.startsWith(`${below}/`) && name.split('/').length === 3)
      .map((name) => name.slice(0, name.lastIndexOf('/')))
      .filter((name, i, all) => all.indexOf(name) === i);
  const messages = folders('messages');
  for (const folder of messages) {
    const fault = faultOfMessage(files, folder, parts);
    if (fault !== undefined) faults.push(`${folder}: ${fault}`);
  }
  const proofs = folders('audit');
  for (const folder of proofs) {
    const fault = faultOfEvent(files, folder);
    if (fault !== undefined) faults.push(`${folder}: ${fault}`);
  }
  if (!isHeadSound(files)) faults.push('audit/head.json: its signature does not hold');
  return {
    faults,
    fileCount: files.size,
    messageCount: messages.length,
    proofCount: proofs.length,
    certificateFingerprint: certificate?.fingerprint,
  };
}

function certificateOf(pem: Buffer | undefined): CertificateFacts | undefined {
  try {
    return pem && readCertificate(pem, 'rsa or ec');
  } catch (fault) {
    if (fault instanceof Refusal) return undefined;
    throw fault;
  }
}

function objectOf(bytes: Buffer | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes?.toString() ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** undefined also where the message was left out with its payer: there is nothing to verify. */
function faultOfMessage(
  files: BundleFiles,
  folder: string,
  parts: SignedPartsReader,
): string | undefined {
  const facts = objectOf(files.get(`${folder}/facts.json`));
  if (facts['file'] === null) return undefined;
  const body = files.get(`${folder}/${textOf(facts['file'])}`);
  const certificate = certificateOf(files.get(`${folder}/certificate.pem`));
  if (body === undefined) return 'the message is missing';
  if (certificate === undefined) return 'the certificate of its sender is missing';
  if (certificate.fingerprint !== facts['certificateFingerprint'])
    return 'the certificate is not the one that verified it';
  const [candidate, jws] = [textOf(facts['candidate']), textOf(facts['jws'])];
  const signed = signedOf({ candidate, body, jws }, parts);
  if (signed === undefined) return 'it has no such signed bytes';
  if (!files.get(`${folder}/signed.bin`)?.equals(signed.bytes))
    return 'signed.bin is not what was signed in it';
  if (!files.get(`${folder}/signature.bin`)?.equals(signed.signature))
    return 'signature.bin is not its signature';
  const { publicKey } = certificate;
  const digest: Digest = facts['digest'] === 'sha1' ? 'sha1' : 'sha256';
  const holds =
    signed.jws === undefined
      ? isSignedBy(signed.bytes, signed.signature, publicKey, digest)
      : isDetachedJwsBy(signed.jws, body, publicKey);
  return holds ? undefined : "its sender's signature does not hold";
}

function faultOfEvent(files: BundleFiles, folder: string): string | undefined {
  try {
    const proof = readProof(files.get(`${folder}/proof.json`)?.toString() ?? '');
    return faultOfProof(proof);
  } catch (fault) {
    if (fault instanceof Refusal) return fault.detail;
    throw fault;
  }
}

/** Of a trail of which nothing is sealed yet there is no head. */
function isHeadSound(files: BundleFiles): boolean {
  const head = files.get('audit/head.json');
  if (head === undefined) return true;
  const pem = files.get('audit/head-key.pem')?.toString() ?? '';
  const der = Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64');
  return isSignedByAuditKey(head.toString(), files.get('audit/head.sig') ?? Buffer.alloc(0), der);
}
