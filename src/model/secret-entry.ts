import type { Connector, ConnectorEntry } from './connector.ts';
import { isSecretKey, splitWords } from './secret-key.ts';

// What a vendor calls a credential, at the end of the label: `API Key`, `Ecwid Order API Secret`; but not `Token URL`.
const credential = /(?:^| )(?:secret|token|password|passphrase|pass|credentials?)$/;
const credentialKey =
  /(?:^| )(?:access|account|api|app|applicationkey|application|auth|authorization|client|consumer|encoded|encryption|hmac|integration|license|master|partner|private|session|shared|signature|signing|ssh|subscription)(?: ?key)$/;

/** Connectors of which no entries are built in, and whose `username` is the API key itself (platform-facts B2). */
const keyAsUser: ReadonlySet<string> = new Set(['knowledgeowl']);

/** What is known of connectors: the tenant's own entries, pulled ones or built-in ones. Undefined where nothing is. */
export type ConnectorFacts = (connector: string) => Connector | undefined;

/**
 * Whether the value of a configuration key is a secret, as far as that follows from where it stands: the one question for whatever
 * reads, writes or shows values. A mask in the answer, and a reference in a definition, say it as well.
 * @param entry what the catalogue has for the key; undefined when it has none, or is not known
 */
export function isSecretAt(connector: string, key: string, entry: EntryFacts | undefined): boolean {
  if (entry !== undefined) return isSecretEntry(entry);
  return isSecretKey(key) || (key === 'username' && keyAsUser.has(connector.toLowerCase()));
}

/** `isSecretAt` with facts about whole connectors. Remembers its answers, as many instances share them. */
export function askSecrets(facts: ConnectorFacts): (connector: string, key: string) => boolean {
  const answers = new Map<string, (key: string) => boolean>();
  return (connector, key) => {
    const ask = answers.get(connector) ?? askConnector(connector, facts(connector));
    answers.set(connector, ask);
    return ask(key);
  };
}

function askConnector(connector: string, facts: Connector | undefined): (key: string) => boolean {
  const entries = new Map(facts?.entries.map((entry) => [entry.key, entry]));
  const answers = new Map<string, boolean>();
  return (key) => {
    const answer = answers.get(key) ?? isSecretAt(connector, key, entries.get(key));
    answers.set(key, answer);
    return answer;
  };
}

type EntryFacts = Pick<ConnectorEntry, 'key' | 'name' | 'type'>;

/**
 * Whether the catalogue, or the key, says that an entry holds a secret (platform-facts B1, B2): its type is PASSWORD, its key is a
 * credential's, or its label is. `username` is the API key itself for Close, Stripe and others, and only the label tells.
 */
export function isSecretEntry({ key, name, type }: EntryFacts): boolean {
  if (type.startsWith('BOOLEAN')) return false;
  if (type === 'PASSWORD' || isSecretKey(key)) return true;
  const label = splitWords(name);
  return credential.test(label) || credentialKey.test(label);
}

/** Whether a value is none that anybody would hide, whatever its key is called: a switch or a number (platform-facts B). */
export function isPlainValue(text: string): boolean {
  return /^(?:true|false|yes|no|on|off|-?\d{1,9}(?:\.\d{1,9})?)$/i.test(text.trim());
}

/** Whether a value only switches something on or off. No secret does, whatever its key is called. */
export function isSwitch(text: string): boolean {
  return /^(?:true|false|yes|no|on|off)$/i.test(text.trim());
}
