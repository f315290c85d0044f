/**
 * The public keys of certs-sample, whose private keys everybody has; production refuses them.
 * Written by tools/make-sandbox-certificates.ts: run that, do not edit this.
 */

/** SHA-256 of each DER public key (SPKI), in lower-case hexadecimal. */
export const sandboxKeyFingerprints: ReadonlySet<string> = new Set([
  // gateway
  'ea772db7581a06d00d6b148514df953010edd4938d88c47862b651f33eac2ae1',
  // PSP701
  'd752139a1ecb963c8426cdf8eb2b009b91fbadb5bea45f06891c81925b2cfb3a',
  // PSP702
  'cad942e76e724491b86cbf9d784faedd687d32ee9b1f101719291f757d00d8a3',
  // PSP703
  '5856fb77d42ada83070c581a78eaca1eae780b12e25819555bb85d26b8c2e002',
  // SP70101
  '1542e5954d8d1ef4f624b7c631a9174b727c710bc6e765bb6a36dae45183fbae',
  // SP70202
  '4ac41d8a79430a670ec2ae40e195cdbebb7e5d72afe2f940053867e7dac39f4f',
]);

export function isSandboxKey(publicKeyFingerprint: string): boolean {
  return sandboxKeyFingerprints.has(publicKeyFingerprint);
}
