import type { Diagnostic } from '../model/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { didYouMean } from '../model/nearest-name.ts';
import { fromPointer, type ParsedDocument, type Pointer, toPointer } from '../model/position.ts';

/** A document under check, and what was found wrong with it so far. */
export interface FieldCheck {
  readonly document: ParsedDocument;
  readonly diagnostics: Diagnostic[];
}

export type FieldProblem = Pick<Diagnostic, 'code' | 'message' | 'detail' | 'hint'>;

/** Reports an error at a place in the document. */
export function complain(check: FieldCheck, pointer: Pointer, words: FieldProblem, part?: 'key'): void {
  check.diagnostics.push({ severity: 'error', ...words, at: check.document.at(pointer, part) });
}

/** Reports that a value is not what it must be: `must be a whole number`. */
export function complainType(check: FieldCheck, pointer: Pointer, must: string): void {
  const detail = `${nameOf(pointer)} ${must}.`;
  complain(check, pointer, { code: 'wrong-type', message: 'Wrong kind of value', detail });
}

/** The fields of a map whose names are all known; undefined when it is not a map. Unknown names are errors. */
export function readFields(
  check: FieldCheck,
  value: Json | undefined,
  { pointer, known }: { readonly pointer: Pointer; readonly known: readonly string[] },
): JsonObject | undefined {
  const fields = readMap(check, value, pointer);
  for (const name of Object.keys(fields ?? {}).filter((key) => !known.includes(key))) {
    const words = looksLikeCredential(name) ? credential(name) : unknownField(name, known);
    complain(check, pointer + toPointer(name), words, 'key');
  }
  return fields;
}

/** The members of a map with any names; undefined when it is not a map. */
export function readMap(check: FieldCheck, value: Json | undefined, pointer: Pointer): JsonObject | undefined {
  if (isJsonObject(value)) return value;
  if (value !== undefined) complainType(check, pointer, 'must be a mapping of names to values');
  return undefined;
}

function nameOf(pointer: Pointer): string {
  return pointer === '' ? 'The file' : `\`${fromPointer(pointer).join('.')}\``;
}

function looksLikeCredential(name: string): boolean {
  return /secret|passw|token|credential|authorization|api[-_.]?key/i.test(name);
}

function unknownField(name: string, known: readonly string[]): FieldProblem {
  return {
    code: 'unknown-field',
    message: 'Unknown field',
    detail: `\`${name}\` is not a known field. Known fields are ${known.map((field) => `\`${field}\``).join(', ')}.`,
    hint: didYouMean(name, known) ?? 'Remove it, or correct its name.',
  };
}

/** The error for a credential in the workspace file. Names the field, never its value. */
export function credential(name: string): FieldProblem {
  return {
    code: 'credential-in-workspace',
    message: 'Credential in the workspace file',
    detail: `\`${name}\` looks like a credential. This file is in the repository, where everyone can read it.`,
    hint: 'Remove it, change the credential, and set CONNECTORCTL_USER_SECRET and CONNECTORCTL_ORGANIZATION_SECRET in the process environment.',
  };
}
