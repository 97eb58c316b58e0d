import { revealValue, type Secret } from '../model/secret.ts';
import { type SignatureCheck, verifySignature } from './events.ts';
import { explainSignature, type SignatureVerdict } from './explain-signature.ts';

/** What a request says of itself. */
export interface SignedRequest {
  /** As it came over the wire. */
  readonly body: Uint8Array;
  /** All values of the header; as Node.js joins them. */
  readonly signature: string | readonly string[] | undefined;
}

/** Whether one of these keys signed it. */
export function checkSignature({ body, signature }: SignedRequest, keys: readonly Secret[]): SignatureCheck {
  return verifySignature(body, signature, keys.map(revealValue));
}

/** Why it is right or wrong with this key. @param header text of a file, with or without the name of the header */
export function explainSignatureOf(body: Uint8Array, header: string | undefined, key: Secret): SignatureVerdict {
  return explainSignature({ body, header, key: revealValue(key) });
}
