/**
 * Who sent a message: the party that header or body names and whose key verifies the signed bytes. Nothing of the
 * content counts before that. Rules: SIG-6 and SIG-9 of the security design; gepg-decisions A2, A16; rulings.md §2, §10.
 */
import { Injectable } from '@nestjs/common';
import { instantNow, type Party, PartyDirectory, type PartyKey } from '../parties/party-directory';
import { isKeyValid } from '../parties/party-key.rules';
import type { Digest } from '../parties/profile.rules';
import { isMadeBy, isSignedBy } from '../platform/crypto/signature';
import type { Claims } from './codec';
import type { SignedMessage } from './envelope';
import { digestOf } from './signer';

export interface Sender {
  readonly party: Party;
  readonly key: PartyKey;
  readonly digest: Digest;
  readonly candidate: SignedMessage['candidates'][number]['kind'];
}

export type SenderFault = 'gepg.header-missing' | 'gepg.party-unknown' | 'gepg.signature-wrong';

/** A group has at most a few dozen members, and nobody may make us verify against thousands. */
const maxCandidates = 32;
const partyCode = /^[A-Z0-9]{2,12}$/;
const groupCode = /^SPG\d{1,8}$/;
/** The only value of Gepg-Alg ever seen: SHA-256. */
const sha256Word = '00S2';

@Injectable()
export class IdentifySender {
  constructor(private readonly directory: PartyDirectory) {}

  async execute(
    message: SignedMessage,
    claims: Claims,
    headers: { readonly code: string; readonly algorithm: string },
  ): Promise<Sender | { readonly fault: SenderFault; readonly code: string }> {
    const codes = await this.candidates(claims, headers.code);
    if (codes.length === 0) return { fault: 'gepg.header-missing', code: '' };
    const found = await Promise.all(codes.map((code) => this.directory.find(code)));
    const parties = found.filter((party) => party !== undefined);
    const [first] = parties;
    if (first === undefined) return { fault: 'gepg.party-unknown', code: codes[0] ?? '' };
    const { signature } = message;
    for (const party of parties) {
      // Without a header a stranger may name many parties over megabytes: those that did not sign must cost nothing.
      if (parties.length > 1 && !isMadeByOne(signature, party.keys)) continue;
      const verified = verify(message, party, headers.algorithm);
      if (verified !== undefined) return { party, ...verified };
    }
    return { fault: 'gepg.signature-wrong', code: first.code };
  }

  /**
   * The header's code; for a group's, and without a header, those that the body names and the group's members. Once a
   * header names a party, nobody else's signature counts.
   */
  private async candidates(claims: Claims, headerCode: string): Promise<readonly string[]> {
    if (headerCode !== '' && !groupCode.test(headerCode)) {
      return partyCode.test(headerCode) ? [headerCode] : ['?'];
    }
    const group = headerCode || claims.groupCode;
    const members = groupCode.test(group) ? await this.directory.membersOf(group) : [group];
    const codes = [...claims.codes, ...members].filter((code) => partyCode.test(code));
    const distinct = [...new Set(codes)].slice(0, maxCandidates);
    return distinct.length === 0 && headerCode !== '' ? ['?'] : distinct;
  }

  /**
   * Whether the codes of header and body belong together, and the sender to every group that they name. A v5 header may
   * name the group or the institution, and a group that nobody enrolled is let pass (rulings.md §10).
   */
  async isCodeAgreed(
    party: Party,
    claims: Claims,
    headerCode: string,
  ): Promise<'same' | 'different' | 'group-unknown'> {
    const named = [...claims.codes, claims.groupCode].filter((code) => code !== '');
    const isNamed = headerCode === '' || named.length === 0 || named.includes(headerCode);
    const isOfGroup = claims.codes.length === 0 && groupCode.test(claims.groupCode);
    if (!isNamed && !isOfGroup) return 'different';
    const groups = [headerCode, claims.groupCode].filter((code) => groupCode.test(code));
    const members = await Promise.all(groups.map((code) => this.directory.membersOf(code)));
    if (members.some((codes) => codes.length > 0 && !codes.includes(party.code)))
      return 'different';
    return members.some((codes) => codes.length === 0) ? 'group-unknown' : 'same';
  }
}

function isMadeByOne(signature: Buffer | undefined, keys: readonly PartyKey[]): boolean {
  return signature !== undefined && keys.some((key) => isMadeBy(signature, key.publicKey));
}

/** Only keys of the party that hold now, only digests its profile allows; the header's or the generation's own first. */
function verify(
  { signature, candidates, generation }: SignedMessage,
  party: Party,
  algorithm: string,
): Omit<Sender, 'party'> | undefined {
  if (signature === undefined) return undefined;
  const first = algorithm === sha256Word ? 'sha256' : digestOf[generation];
  const digests = [...party.profile.digests[generation]].sort(
    (a, b) => Number(b === first) - Number(a === first),
  );
  const at = instantNow(party);
  const keys = party.keys.filter((key) => isKeyValid(key, at));
  for (const { kind, bytes } of candidates) {
    for (const digest of digests) {
      const key = keys.find((each) => isSignedBy(bytes, signature, each.publicKey, digest));
      if (key !== undefined) return { key, digest, candidate: kind };
    }
  }
  return undefined;
}
