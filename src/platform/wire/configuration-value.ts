import { writeJson } from '../../model/json.ts';
import { listedMap } from '../../model/listed-map.ts';
import type { LiveInstance } from '../../model/live.ts';
import { isPlatformMask } from '../../model/placeholder.ts';
import { isSwitch } from '../../model/secret-entry.ts';
import { isSecretKey } from '../../model/secret-key.ts';
import { type Redactor, Secret } from '../../model/secret.ts';

interface DecodeOptions {
  /** Told of each secret. */
  readonly redactor: Redactor;
  /** Answers the text that is kept of all that are equal. */
  readonly share: (text: string) => string;
}

/** With these words vendors fill a secret that nobody has set (the catalogue's defaults of S/4HANA's token and of Facebook's): hidden, each would take names and messages with it. */
const fillers: ReadonlySet<string> = new Set(['fetch', 'test']);

/**
 * Configuration of an instance in canonical form: text or null (platform-api §7).
 * Values under a secret-looking key become Secrets at once; the mask and empty text stay text, so that comparing can see them.
 */
export function decodeConfiguration(
  fields: Readonly<Record<string, unknown>>,
  { redactor, share }: DecodeOptions,
): NonNullable<LiveInstance['configuration']> {
  const names = Object.keys(fields);
  return listedMap(
    names,
    names.map((name) => decodeValue(name, toCanonical(fields[name]))),
  );

  function decodeValue(key: string, text: string | null): string | Secret | null {
    if (text === null) return null;
    if (text === '' || isSwitch(text) || isPlatformMask(text) || !isSecretKey(key)) return share(text);
    const secret = new Secret(text, share(`configuration.${key} of an instance`));
    if (!fillers.has(text)) redactor.add(secret);
    return secret;
  }
}

function toCanonical(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  return value === undefined ? null : writeJson(value);
}
