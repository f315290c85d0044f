/**
 * Port: finds in a stored XML body the bytes that were signed, and the signature. The protocol edge implements it;
 * assurance knows no envelope. The signature of a JSON body travels in a header, over all of it: nothing is to be found.
 */
export interface SignedParts {
  readonly bytes: Buffer;
  readonly signature: Buffer;
}

export abstract class SignedPartsReader {
  /** `candidate` is the journal's word for which bytes were signed; undefined where the body has no such ones. */
  abstract read(body: Buffer, candidate: string): SignedParts | undefined;
}
