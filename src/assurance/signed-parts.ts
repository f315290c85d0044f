/**
 * What a stored message was signed over, and with what. In XML both stand in the body; the protocol edge, which knows the
 * envelope, finds them through the port. The signature of a JSON body travels in a header, over all of it.
 */
import {
  type DetachedJws,
  jwsCandidate,
  readDetachedJws,
  signedBytesOf,
} from '../platform/crypto/detached-jws';

export interface SignedParts {
  readonly bytes: Buffer;
  readonly signature: Buffer;
}

export abstract class SignedPartsReader {
  /** `candidate` is the journal's word for which bytes were signed; undefined where the body has no such ones. */
  abstract read(body: Buffer, candidate: string): SignedParts | undefined;
}

export interface JournalledMessage {
  readonly candidate: string;
  readonly body: Buffer;
  /** What the header of a detached JWS held. */
  readonly jws: string | null | undefined;
}

export interface Signed extends SignedParts {
  /** undefined for XML. */
  readonly jws: DetachedJws | undefined;
}

/** undefined where the message has no such signature. */
export function signedOf(message: JournalledMessage, parts: SignedPartsReader): Signed | undefined {
  if (message.candidate !== jwsCandidate) {
    const found = parts.read(message.body, message.candidate);
    return found && { ...found, jws: undefined };
  }
  const jws = readDetachedJws(message.jws ?? '');
  return jws && { bytes: signedBytesOf(jws, message.body), signature: jws.signature, jws };
}
