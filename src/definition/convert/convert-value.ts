import { isJsonObject, type Json, type JsonObject, toJsonObject } from '../../model/json.ts';
import { type Pointer, toPointer } from '../../model/position.ts';
import { pollerKey } from './find-poller-mistakes.ts';
import { isMask, type Placeholder, readPlaceholder, replacePlaceholders } from './placeholder.ts';
import { type NameGiver, placeholderKey, secretName, variableName } from './reference-names.ts';

/** A definition in the making: what its values need, and what was gathered so far. */
export interface Draft {
  readonly connector: string;
  readonly isSecretKey: (key: string) => boolean;
  readonly nameSecret: NameGiver;
  readonly nameVariable: NameGiver;
  readonly comments: Map<Pointer, string>;
  readonly secrets: Set<string>;
  readonly vars: Set<string>;
}

/** The platform's usual polling interval in minutes (platform-api §10). */
const usualInterval = 15;
const intervalKey = 'event.poller.refresh_interval';
/** Last segments of keys that hold a quantity. Everything else that is made of digits is an id, a version or a phone number. */
const quantity =
  /(?:^|[._])(?:interval|refresh_interval|timeout|max|limit|size|pagesize|startindex|count|delay|retries|port)$/i;
/** Text that a number gives back unchanged. */
const plainNumber = /^(?:0|[1-9]\d{0,14})$/;
const reference = /\$\{\{\s*(secrets|vars)\.([A-Za-z_]\w*)\s*\}\}/g;
/** A password in an address or a credential among its parameters. */
const credentialInside =
  /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@|[?&;](?:api_?key|access_token|token|client_secret|secret|password|pwd|sig)=[^&<$\s]/i;

/**
 * Converts one configuration value.
 * A credential becomes a reference to a secret, a placeholder a reference to a variable; text that stands for a boolean or for
 * a quantity becomes one. All other values stay as they are, the polled resources as a whole.
 */
export function convertValue(draft: Draft, key: string, value: Json): Json {
  const at = toPointer('configuration', key);
  if (key === pollerKey && typeof value !== 'string') return value;
  if (typeof value === 'object' && value !== null) return convertNested(draft, [key], value);
  if (typeof value === 'string') return convertText(draft, key, { text: value, at });
  return typeof value === 'number' && draft.isSecretKey(key) ? refer(draft, key, String(value)) : value;
}

/** Every text of `providerData` is a credential or a code that is good for minutes (platform-api §3, §9). */
export function convertProviderData(draft: Draft, providerData: JsonObject): JsonObject {
  const converted = Object.entries(providerData).map(([key, value]): readonly [string, Json] => {
    if (typeof value !== 'string') return [key, typeof value === 'object' ? JSON.stringify(value) : String(value)];
    if (keepReferences(draft, value, 'secrets')) return [key, value];
    return [key, refer(draft, key, isKnown(value) ? value : undefined)];
  });
  return toJsonObject(converted);
}

/** Only the credentials inside a list or an object are converted: it is JSON of the connector's own. */
function convertNested(draft: Draft, keys: readonly string[], value: Json): Json {
  if (Array.isArray(value))
    return value.map((item: Json, index) => convertNested(draft, [...keys, String(index)], item));
  if (isJsonObject(value)) {
    return toJsonObject(Object.entries(value).map(([key, item]) => [key, convertNested(draft, [...keys, key], item)]));
  }
  if (typeof value !== 'string' || value === '') return value;
  const isCredential = isMask(value) || keys.some((key) => draft.isSecretKey(key));
  if (!isCredential || keepReferences(draft, value, 'secrets')) return value;
  return refer(draft, keys.join('.'), isKnown(value) ? value : undefined);
}

function convertText(draft: Draft, key: string, { text, at }: { text: string; at: Pointer }): Json {
  const placeholder = readPlaceholder(text);
  if (draft.isSecretKey(key) || isMask(text)) return convertSecret(draft, key, { text, at, placeholder });
  const isReference = keepReferences(draft, text);
  // In a question of the poller `<` and `>` compare.
  const isQuestion = key.startsWith('event.poller.') && placeholder?.extent === 'part';
  if (placeholder && !isQuestion) return convertPlaceholder(draft, key, { text, at, placeholder });
  if (isReference) return text;
  if (credentialInside.test(text)) {
    draft.comments.set(at, 'the URL contained a credential');
    return refer(draft, key, text);
  }
  if (text === 'true' || text === 'false') return text === 'true';
  if (plainNumber.test(text) && quantity.test(key)) return Number(text);
  return text.replace(/^(https?);\/\//, '$1://');
}

interface Found<P> {
  readonly text: string;
  readonly at: Pointer;
  readonly placeholder: P;
}

function convertSecret(draft: Draft, key: string, { text, at, placeholder }: Found<Placeholder | undefined>): Json {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === '' || keepReferences(draft, text, 'secrets')) return text;
  if (placeholder?.isOptional === true) draft.comments.set(at, `optional: ${placeholder.shown}`);
  return refer(draft, key, isKnown(text) ? text : undefined);
}

function convertPlaceholder(draft: Draft, key: string, { text, at, placeholder }: Found<Placeholder>): Json {
  const { shown, extent, isOptional, isCredential } = placeholder;
  const origin = `${isOptional ? 'optional: ' : 'from the placeholder '}${shown}`;
  if (key === intervalKey) {
    draft.comments.set(at, `${origin}; ${usualInterval} minutes is common`);
    return usualInterval;
  }
  draft.comments.set(at, origin);
  if (extent === 'whole' && !isCredential) return referToVariable(draft, key, key);
  return replacePlaceholders(text, (part) =>
    readPlaceholder(part)?.isCredential === true
      ? refer(draft, placeholderKey(part), undefined)
      : referToVariable(draft, placeholderKey(part), part),
  );
}

function refer(draft: Draft, key: string, value: string | undefined): string {
  const name = draft.nameSecret(secretName(draft.connector, key), value);
  draft.secrets.add(name);
  return `\${{ secrets.${name} }}`;
}

function referToVariable(draft: Draft, key: string, holder: string): string {
  const name = draft.nameVariable(variableName(draft.connector, key), `${draft.connector}/${holder}`);
  draft.vars.add(name);
  return `\${{ vars.${name} }}`;
}

/** Whether the text refers to something already; notes what. */
function keepReferences(draft: Draft, text: string, kind?: 'secrets' | 'vars'): boolean {
  const found = [...text.matchAll(reference)].filter(([, of]) => kind === undefined || of === kind);
  for (const [, of, name = ''] of found) (of === 'secrets' ? draft.secrets : draft.vars).add(name);
  return found.length > 0;
}

/** Whether the text is a value that somebody uses, and not something in its place. */
function isKnown(text: string): boolean {
  return !isMask(text) && readPlaceholder(text) === undefined;
}
