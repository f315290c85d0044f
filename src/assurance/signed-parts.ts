/**
 * Port: finds in a stored body the bytes that were signed, and the signature. The protocol edge implements it; assurance
 * knows no envelope.
 */
export interface SignedParts {
  readonly signature: Buffer | undefined;
  /** The bytes a candidate stands for; undefined where the body has no such candidate. */
  bytesOf(candidate: string): Buffer | undefined;
}

export abstract class SignedPartsReader {
  /** Undefined for bytes that are no signed message. */
  abstract read(body: Buffer): SignedParts | undefined;
}
