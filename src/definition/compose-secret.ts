import { isExactNumber } from '../model/exact-number.ts';
import { emptyRecord, isStructured, type Json, writeJson } from '../model/json.ts';
import { joinSecrets, quoteSecret, Secret } from '../model/secret.ts';

/** JSON with secrets in the places of texts. */
export type SecretJson = Json | Secret | readonly SecretJson[] | SecretJsonObject;

interface SecretJsonObject {
  readonly [key: string]: SecretJson;
}

/** The JSON text of a value with secrets inside, as one secret. */
export function toSecretJson(value: SecretJson): Secret {
  const parts: (Secret | string)[] = [];
  write(value, parts);
  return joinSecrets(parts);
}

/** Adds the parts of the JSON text, as `writeJson` would write it. */
function write(value: SecretJson, parts: (Secret | string)[]): void {
  if (value instanceof Secret) {
    parts.push(quoteSecret(value));
  } else if (isExactNumber(value) || typeof value !== 'object' || value === null) {
    parts.push(writeJson(value));
  } else {
    const isArray = isList(value);
    let before = isArray ? '[' : '{';
    for (const [key, member] of Object.entries<SecretJson>(value)) {
      parts.push(isArray ? before : `${before}${JSON.stringify(key)}:`);
      write(member, parts);
      before = ',';
    }
    if (before !== ',') parts.push(before);
    parts.push(isArray ? ']' : '}');
  }
}

/** Changes every member of a list or an object, and answers anything else as it is. New objects have a null prototype. */
export function mapJson(value: Json, change: (member: Json, key: string) => SecretJson): SecretJson {
  if (!isStructured(value)) return value;
  if (isList(value)) return value.map((member: Json, index) => change(member, String(index)));
  const result = emptyRecord<SecretJson>();
  for (const [key, member] of Object.entries<Json>(value)) result[key] = change(member, key);
  return result;
}

/** Whether no secret is inside. */
export function isPlain(value: SecretJson): value is Json {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return true;
  return !(value instanceof Secret) && Object.values<SecretJson>(value).every((member) => isPlain(member));
}

function isList<T>(value: readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}
