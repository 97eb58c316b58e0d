import type { ConnectorEntry } from '../model/connector.ts';
import { isSecretKey, splitWords } from '../model/secret-key.ts';

// What a vendor calls a credential, at the end of the label: `API Key`, `Ecwid Order API Secret`; but not `Token URL`.
const credential = /(?:^| )(?:secret|token|password|passphrase|pass|credentials?)$/;
const credentialKey =
  /(?:^| )(?:access|account|api|app|applicationkey|application|auth|authorization|client|consumer|encoded|encryption|hmac|integration|license|master|partner|private|session|shared|signature|signing|ssh|subscription)(?: ?key)$/;

/**
 * Whether the catalogue, or the key, says that an entry holds a secret (platform-facts B1, B2): its type is PASSWORD, its key is a
 * credential's, or its label is. `username` is the API key itself for Close, Stripe and others, and only the label tells.
 */
export function isSecretEntry({ key, name, type }: Pick<ConnectorEntry, 'key' | 'name' | 'type'>): boolean {
  if (type.startsWith('BOOLEAN')) return false;
  if (type === 'PASSWORD' || isSecretKey(key)) return true;
  const label = splitWords(name);
  return credential.test(label) || credentialKey.test(label);
}

/** Whether a value is none that anybody would hide, whatever its key is called: a switch or a number (platform-facts B). */
export function isPlainValue(text: string): boolean {
  return /^(?:true|false|yes|no|on|off|-?\d{1,9}(?:\.\d{1,9})?)$/i.test(text.trim());
}
