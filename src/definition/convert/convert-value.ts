import schema from '../../../schema/instance.schema.json' with { type: 'json' };
import { isJsonObject, isStructured, type Json, type JsonObject, toJsonObject, writeJson } from '../../model/json.ts';
import { holdsCredential, isKeyAsUser } from '../../model/credential-inside.ts';
import {
  type Certainty,
  isStandIn,
  looksMasked,
  type Placeholder,
  readPlaceholder,
  replacePlaceholders,
} from '../../model/placeholder.ts';
import { type Pointer, toPointer } from '../../model/position.ts';
import { isSwitch } from '../../model/secret-entry.ts';
import { type NameGiver, placeholderKey, secretName, variableName } from './reference-names.ts';
import { pollerKey } from '../../model/platform-keys.ts';

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

const knownKeys = new Map(Object.entries(schema.$defs.configuration.properties));

/** The platform's usual polling interval in minutes (platform-api §10). */
const usualInterval = 15;
const intervalKey = 'event.poller.refresh_interval';
/** Last segments of keys that hold a quantity. Everything else that is made of digits is an id, a version or a phone number. */
const quantity =
  /(?:^|[._])(?:interval|refresh_interval|timeout|max|limit|size|pagesize|startindex|count|delay|retries|port)$/i;
/** Text that a number gives back unchanged. */
const plainNumber = /^(?:0|[1-9]\d{0,14})$/;
const reference = /\$\{\{\s*(secrets|vars)\.([A-Za-z_]\w*)\s*\}\}/g;

/**
 * Converts one configuration value.
 * A credential becomes a reference to a secret, a placeholder a reference to a variable; text that stands for a boolean or for
 * a quantity becomes one. All other values stay as they are.
 */
export function convertValue(draft: Draft, key: string, value: Json): Json {
  const at = toPointer('configuration', key);
  if (isStructured(value)) return convertNested(draft, [key], value);
  if (typeof value === 'string') return convertText(draft, key, { text: value, at });
  return typeof value === 'number' && draft.isSecretKey(key) ? refer(draft, key, String(value)) : value;
}

/** Every text of `providerData` is a credential or a code that is good for minutes (platform-api §3, §9). */
export function convertProviderData(draft: Draft, providerData: JsonObject): JsonObject {
  const converted = Object.entries(providerData).map(([key, value]): readonly [string, Json] => {
    if (typeof value !== 'string') return [key, isStructured(value) ? writeJson(value) : String(value)];
    if (keepReferences(draft, value, 'secrets')) return [key, value];
    return [key, refer(draft, key, isKnown(value) ? value : undefined)];
  });
  return toJsonObject(converted);
}

/**
 * JSON of the connector's own: converted are the credentials in it, and what validate would refuse.
 * Below the poller configuration a resource may be called `tokens`, so that names say nothing there.
 */
function convertNested(draft: Draft, keys: readonly string[], value: Json): Json {
  if (Array.isArray(value))
    return value.map((item: Json, index) => convertNested(draft, [...keys, String(index)], item));
  if (isJsonObject(value)) {
    return toJsonObject(Object.entries(value).map(([key, item]) => [key, convertNested(draft, [...keys, key], item)]));
  }
  if (typeof value !== 'string') return value;
  const [key = ''] = keys;
  const text = { text: value, at: toPointer('configuration', ...keys), name: keys.join('.') };
  const isCredential = key !== pollerKey && keys.some((part) => draft.isSecretKey(part));
  if (looksMasked(value) || (isCredential && (value !== '' || draft.isSecretKey(key))))
    return convertSecret(draft, text);
  keepReferences(draft, value);
  const placeholder = readPlaceholder(value, 'certain');
  return placeholder ? convertPlaceholder(draft, { ...text, placeholder, certainty: 'certain' }) : value;
}

function convertText(draft: Draft, key: string, { text, at }: { text: string; at: Pointer }): Json {
  if ((draft.isSecretKey(key) && !isSwitch(text)) || looksMasked(text))
    return convertSecret(draft, { text, at, name: key });
  const isReference = keepReferences(draft, text);
  // In a question of the poller `<` and `>` compare.
  const certainty = key.startsWith('event.poller.') ? 'certain' : 'likely';
  const placeholder = readPlaceholder(text, certainty);
  if (placeholder && key === intervalKey) {
    draft.comments.set(at, `${originOf(placeholder)}; ${usualInterval} minutes is common`);
    return usualInterval;
  }
  if (placeholder) return convertPlaceholder(draft, { text, at, name: key, placeholder, certainty });
  if (isReference) return text;
  if (holdsCredential(text) || isKeyAsUser(key, text)) {
    if (holdsCredential(text)) draft.comments.set(at, 'it contained a credential');
    return refer(draft, key, text);
  }
  if (isBoolean(key, text)) return text === 'true';
  if (plainNumber.test(text) && quantity.test(key)) return Number(text);
  return text.replace(/^(https?);\/\//, '$1://');
}

/** Whether the text stands for a boolean. A login name may be `true` as well: where the schema knows the key, the key decides. */
function isBoolean(key: string, text: string): boolean {
  if (text !== 'true' && text !== 'false') return false;
  const kind = knownKeys.get(key);
  return kind === undefined || ('$ref' in kind && kind.$ref === '#/$defs/boolean');
}

interface FoundValue {
  readonly text: string;
  readonly at: Pointer;
  /** What a reference is named after: the key, or the way to a text inside its JSON. */
  readonly name: string;
}

function convertSecret(draft: Draft, { text, at, name }: FoundValue): Json {
  if (text === 'true' || text === 'false') return isBoolean(name, text) ? text === 'true' : text;
  if (!isStandIn(text) && keepReferences(draft, text, 'secrets')) return text;
  const placeholder = readPlaceholder(text);
  if (placeholder?.isOptional === true) draft.comments.set(at, originOf(placeholder));
  // Validate refuses an empty secret, as it would take the credential away.
  if (text.trim() === '') draft.comments.set(at, 'the body had no value');
  return refer(draft, name, isKnown(text) ? text : undefined);
}

interface FoundPlaceholder extends FoundValue {
  readonly placeholder: Placeholder;
  readonly certainty: Certainty;
}

function convertPlaceholder(draft: Draft, { text, at, name, placeholder, certainty }: FoundPlaceholder): string {
  const { found, extent, isCredential } = placeholder;
  draft.comments.set(at, originOf(placeholder));
  if (extent === 'part') return replacePlaceholders(text, certainty, (part) => referTo(draft, part));
  return isCredential ? refer(draft, placeholderKey(found), undefined) : referToVariable(draft, name, name);
}

function referTo(draft: Draft, part: string): string {
  return readPlaceholder(part)?.isCredential === true
    ? refer(draft, placeholderKey(part), undefined)
    : referToVariable(draft, placeholderKey(part), part);
}

function originOf(placeholder: Placeholder): string {
  return `${placeholder.isOptional ? 'optional: ' : 'from the placeholder '}${showPlaceholder(placeholder)}`;
}

/** For a comment: one line, short. */
export function showPlaceholder({ found }: Placeholder): string {
  return found.length > 80 ? `${found.slice(0, 79)}…` : found;
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
  return text.trim() !== '' && !looksMasked(text) && readPlaceholder(text) === undefined;
}
