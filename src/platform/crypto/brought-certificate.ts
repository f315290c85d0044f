/**
 * A certificate as somebody brings it: PEM, DER, or inside a PKCS#12 file, of which the public part alone is read. A key
 * that is in the file is neither opened nor kept.
 */
import { Refusal } from '../../kernel/refusal';
import { type CertificateFacts, readCertificate } from './certificate';
import { readCertificates } from './keystore';

const derSequence = 0x30;

/**
 * Of a PKCS#12 file with a chain, the certificate that issued none of the others. Refuses: what `readCertificate` and
 * `readCertificates` refuse, certificate.ambiguous.
 */
export function readBroughtCertificate(bytes: Buffer, password: string): CertificateFacts {
  try {
    return readCertificate(bytes, 'rsa or ec');
  } catch (fault) {
    const isOther = fault instanceof Refusal && fault.code === 'certificate.unreadable';
    if (!isOther || bytes[0] !== derSequence) throw fault;
  }
  const all = readCertificates(bytes, password);
  const [leaf, ...others] = all.filter(
    (each) => !all.some((other) => other !== each && other.checkIssued(each)),
  );
  if (leaf === undefined || others.length > 0) {
    throw new Refusal(
      'certificate.ambiguous',
      `the file holds ${String(all.length)} certificates, and which one is meant cannot be told; bring that one alone`,
      'unprocessable',
    );
  }
  return readCertificate(leaf.raw, 'rsa or ec');
}
