import type { Diagnostic } from '../../model/diagnostic.ts';
import { misplacedKeys } from '../../model/definition.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { isPlatformMask, looksMasked } from '../../model/placeholder.ts';
import { findPollerMistakes } from './find-poller-mistakes.ts';
import { pollerKey } from '../../model/platform-keys.ts';

/**
 * Finds what is wrong with a body in ways that the platform's own documentation is wrong: broken addresses, left-over templates,
 * entries of another connector, polled resources that cannot work.
 * The codes are those of validate where it has a rule for the same thing.
 * @param isOwnKey whether the connector is known to have the key: some call one of their own `name`
 * All are warnings. The body is converted all the same, and only a mistake with one possible meaning is put right.
 */
export function findMistakes(
  connector: string,
  configuration: JsonObject,
  isOwnKey: (key: string) => boolean,
): readonly Diagnostic[] {
  const entries = Object.entries(configuration);
  return [
    ...entries.filter(([key]) => !isOwnKey(key)).flatMap(([key, value]) => checkPlace(key, value)),
    ...entries.flatMap(([key, value]) => (typeof value === 'string' ? checkText(connector, key, value) : [])),
    ...findPollerMistakes(configuration[pollerKey]),
  ];
}

function checkPlace(key: string, value: Json): readonly Diagnostic[] {
  if (isJsonObject(value) && key !== pollerKey && ('idField' in value || 'datesConfiguration' in value)) {
    return [
      mistake('poller-resource-in-configuration', 'Polled resource in the wrong place', {
        detail: `configuration.${key} is a polled resource, but it is not inside ${pollerKey}, so it would never be polled.`,
        hint: `Move it into ${pollerKey}.`,
      }),
    ];
  }
  if (key !== 'tags' && !misplacedKeys.has(key)) return [];
  return [
    mistake(key === 'tags' ? 'tags-in-configuration' : 'misplaced-field', 'Field in the wrong place', {
      detail: `${key} is inside configuration. The platform would treat it as a configuration key of the connector.`,
      hint: `Move ${key} out of configuration.`,
    }),
  ];
}

function checkOwner(connector: string, key: string, text: string): readonly Diagnostic[] {
  const [, prefix] = /^([A-Za-z][A-Za-z0-9]*)\.subdomain$/.exec(key) ?? [];
  const [, receiver] = /^https?:\/\/[^/]+\/(?:elements\/)?api-v2\/events\/(\w+)\/?$/.exec(text) ?? [];
  const other = [prefix, receiver].find((named) => named !== undefined && !isRelated(named, connector));
  if (other === undefined) return [];
  return [
    mistake('other-connector', 'Entry of another connector', {
      detail: `configuration.${key} belongs to the connector ${other}, but the body is for ${connector}.`,
      hint: 'Check the whole body: it may be a copy from another connector.',
    }),
  ];
}

function isRelated(one: string, other: string): boolean {
  return one.includes(other) || other.includes(one);
}

function checkText(connector: string, key: string, text: string): readonly Diagnostic[] {
  const found = [...checkOwner(connector, key, text)];
  const address = text.replaceAll(/\$\{\{.*?\}\}/g, 'x');
  if (/^https?;\/\//.test(text)) found.push(brokenScheme(key));
  if (/^https?:\/\/(?:[^/]*:(?:\/|$)|.*[;,]$|[^<]*\s)/.test(address)) found.push(brokenAddress(key));
  if (/\bpage\.elementKey\b|\{\{.*\}\}|\{%/.test(address)) found.push(templateRemains(key));
  if (looksMasked(text) && !isPlatformMask(text)) found.push(masked(key));
  return found;
}

function brokenScheme(key: string): Diagnostic {
  return mistake('broken-url-scheme', 'URL with a semicolon instead of a colon', {
    detail: `The URL in configuration.${key} has a semicolon where the colon belongs. It was corrected in the definition.`,
  });
}

function brokenAddress(key: string): Diagnostic {
  return mistake('broken-url', 'Broken URL', {
    detail: `The URL in configuration.${key} has a colon without a port, a space, or trailing punctuation. It was left as it is.`,
    hint: 'Correct the URL in the definition.',
  });
}

function templateRemains(key: string): Diagnostic {
  return mistake('template-remains', 'Leftover of a template', {
    detail: `configuration.${key} still contains the name of a template variable instead of its value. It was left as it is.`,
    hint: 'Replace it with the value.',
  });
}

function masked(key: string): Diagnostic {
  return mistake('literal-mask', 'A mask instead of a value', {
    detail: `configuration.${key} contains asterisks or dots instead of a value. The definition refers to a secret instead.`,
  });
}

function mistake(code: string, message: string, words: Pick<Diagnostic, 'detail' | 'hint'>): Diagnostic {
  return { severity: 'warning', code, message, ...words };
}
