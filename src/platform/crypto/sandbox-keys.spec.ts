/** The committed sandbox set holds together: every keystore opens, is listed, and stands beside its certificate. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCertificate } from './certificate';
import { makeSelfSigned, openKeystore } from './keystore';
import { isSandboxKey, sandboxKeyFingerprints } from './sandbox-keys';

const folder = join(__dirname, '..', '..', '..', 'certs-sample');
const owners = readdirSync(folder)
  .filter((file) => file.endsWith('.p12'))
  .map((file) => file.slice(0, -'.p12'.length));
const partyFiles = readdirSync(join(folder, 'parties'));

describe('the sandbox set', () => {
  it('is the gateway and the parties to enrol, and nobody else', () => {
    const codes = partyFiles.map((file) => file.replace('.json', ''));
    expect(owners.toSorted()).toEqual(['gateway', ...codes].toSorted());
    expect(sandboxKeyFingerprints.size).toBe(owners.length);
  });

  it.each(owners)(
    '%s has a keystore that opens, a certificate of its key, and is listed',
    (owner) => {
      const bytes = readFileSync(join(folder, `${owner}.p12`));
      const { certificate } = openKeystore(bytes, 'malipo-sandbox');
      const beside = readCertificate(readFileSync(join(folder, `${owner}-certificate.pem`)));
      expect(beside.fingerprint).toBe(certificate.fingerprint);
      expect(isSandboxKey(certificate.publicKeyFingerprint)).toBe(true);
      expect(certificate).toMatchObject({
        notBefore: '2026-01-01T00:00:00Z',
        notAfter: '2036-01-01T00:00:00Z',
      });
    },
  );

  it.each(partyFiles)('%s names a party and its certificate', (file) => {
    const at = join(folder, 'parties', file);
    const { code, name, certificates } = JSON.parse(readFileSync(at, 'utf8')) as {
      code: string;
      name: string;
      certificates: [string];
    };
    expect(`${code}.json`).toBe(file);
    expect(certificates).toHaveLength(1);
    const { subject } = readCertificate(readFileSync(join(folder, 'parties', certificates[0])));
    expect(subject).toBe(`C=TZ, O=${name}, CN=${code}`);
  });

  it('leaves every other key alone', () => {
    const { certificatePem } = makeSelfSigned(
      { commonName: 'SP70101', organization: 'Hospitali ya Mfano' },
      { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' },
    );
    const { publicKeyFingerprint } = readCertificate(Buffer.from(certificatePem));
    expect(isSandboxKey(publicKeyFingerprint)).toBe(false);
  });
});
