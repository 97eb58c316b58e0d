import type { Diagnostic } from '../../model/diagnostic.ts';
import { joinWords } from '../../model/join-words.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { isPlatformPlaceholder, platformPlaceholders } from '../../model/placeholder.ts';

/** Finds polled resources that cannot work as written (platform-api §10, poller object). */
export function findPollerMistakes(resources: Json | undefined): readonly Diagnostic[] {
  if (!isJsonObject(resources)) return [];
  return Object.entries(resources).flatMap(([name, resource]) => checkResource(name, resource));
}

function checkResource(name: string, resource: Json): readonly Diagnostic[] {
  if (!isJsonObject(resource)) return [];
  const fields = Object.keys(resource);
  if (fields.length === 0) return [emptyResource(name)];
  const texts = [...textsOf('', resource)];
  return [
    ...(resource['idField'] === '' ? [emptyIdField(name)] : []),
    ...texts.filter(([, text]) => text.split("'").length % 2 === 0).map(([field]) => unbalanced(name, field)),
    ...texts.filter(([, text]) => hasUnknownPlaceholder(text)).map(([field]) => unknownPlaceholder(name, field)),
  ];
}

/** All texts of a resource with the name of the field they stand in. */
function* textsOf(field: string, value: Json): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [field, value];
  if (isJsonObject(value)) for (const [key, member] of Object.entries(value)) yield* textsOf(key, member);
}

function hasUnknownPlaceholder(text: string): boolean {
  return [...text.matchAll(/(?<!\$)\$\{(?!\{)([^}]*)/g)].some(([, inside = '']) => !isPlatformPlaceholder(inside));
}

function emptyResource(name: string): Diagnostic {
  return warning('poller-without-url', 'Empty polled resource', {
    detail: `The polled resource ${name} has neither url nor idField, so nothing is polled. It was left as it is.`,
    hint: `Fill in ${name}, or remove it.`,
  });
}

function emptyIdField(name: string): Diagnostic {
  return warning('poller-without-id-field', 'Polled resource without an id field', {
    detail: `idField of the polled resource ${name} is empty, so changed objects cannot be told apart. It was left as it is.`,
    hint: `Name the field that contains the id of the objects of ${name}.`,
  });
}

function unbalanced(name: string, field: string): Diagnostic {
  return warning(field === 'url' ? 'poller-url-quotes' : 'date-format-quotes', 'Unmatched quote', {
    detail: `${field} of the polled resource ${name} has an odd number of single quotes. It was left as it is.`,
    hint: `Check the quotes in ${field}.`,
  });
}

function unknownPlaceholder(name: string, field: string): Diagnostic {
  return warning('unknown-platform-placeholder', 'Unknown placeholder of the platform', {
    detail: `${field} of the polled resource ${name} contains a \${..} that is not one of ${joinWords(platformPlaceholders, 'and')}. It was left as it is.`,
    hint: "Write the time of the last poll as the connector expects it, such as ${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}.",
  });
}

function warning(code: string, message: string, words: Pick<Diagnostic, 'detail' | 'hint'>): Diagnostic {
  return { severity: 'warning', code, message, ...words };
}
