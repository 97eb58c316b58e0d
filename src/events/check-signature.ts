import { revealValue, type Secret } from '../model/secret.ts';
import { signBody, type SignatureCheck, verifySignature } from './events.ts';
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

/** The signature of a body, as the platform would send it. Throws a RangeError for an empty key. */
export function signWith(body: string, key: Secret): string {
  return signBody(body, revealValue(key));
}

/** Name and password that a callback asks for (`event.notification.basic.username` and `.password`). */
export interface CallbackLogin {
  readonly user: Secret | string;
  readonly password: Secret | string;
}

/** The value of `Authorization` with which the platform would come (RFC 7617). */
export function authorizeWith({ user, password }: CallbackLogin): string {
  return `Basic ${Buffer.from(`${revealValue(user)}:${revealValue(password)}`).toString('base64')}`;
}

/** Why it is right or wrong with this key. @param header text of a file, with or without the name of the header */
export function explainSignatureOf(body: Uint8Array, header: string | undefined, key: Secret): SignatureVerdict {
  return explainSignature({ body, header, key: revealValue(key) });
}
