import { isJsonObject } from '../../model/json.ts';
import type { LiveInstance } from '../../model/live.ts';
import type { FormulaInstance } from '../../model/platform.ts';
import { type Redactor, Secret } from '../../model/secret.ts';
import { decodeConfiguration } from './configuration-value.ts';
import { type Decoded, readField, readText, undecodable } from './json.ts';

/** Longest name and longest tag, in characters, and most tags and keys: far more than the platform takes, and little enough to be shown. */
const mostText = 100_000;
const mostTags = 2_000;
const mostKeys = 10_000;

/**
 * Reads an instance as the platform answers it (platform-api §3, §4).
 * Strict about what decides identity, ownership and comparison; whatever else the answer holds is ignored.
 * Every secret in it is known to the redactor afterwards.
 * @param share answers the text that is kept of all that are equal
 */
export function decodeInstance(
  value: unknown,
  redactor: Redactor,
  share: (text: string) => string = (text) => text,
): Decoded<LiveInstance> {
  const id = decodeId(readField(value, 'id'));
  if (id === undefined) return undecodable('its id is missing or not a number');
  const element = readField(value, 'element');
  const connector = readText(element, 'key');
  if (connector === undefined) return undecodable(`instance ${id} does not name its connector (element.key)`);
  const name = readField(value, 'name');
  if (typeof name !== 'string') return undecodable(`the name of instance ${id} is missing or not a string`);
  if (name.length > mostText) return undecodable(`the name of instance ${id} is longer than ${mostText} characters`);
  const tags = decodeTags(readField(value, 'tags'));
  if (tags === undefined) return undecodable(`the tags of instance ${id} are not a list of strings`);
  if (tags.length > mostTags || tags.some((tag) => tag.length > mostText)) {
    return undecodable(`instance ${id} has more than ${mostTags} tags, or one longer than ${mostText} characters`);
  }
  const configuration = readField(value, 'configuration') ?? undefined;
  if (configuration !== undefined && !isJsonObject(configuration)) {
    return undecodable(`the configuration of instance ${id} is not an object`);
  }
  if (configuration !== undefined && Object.keys(configuration).length > mostKeys) {
    return undecodable(`the configuration of instance ${id} has more than ${mostKeys} keys`);
  }

  return {
    ok: true,
    value: {
      id,
      connector: share(connector),
      name,
      tags: tags.map(share),
      disabled: readSwitch(value, 'disabled') === true,
      configuration: configuration === undefined ? undefined : decodeConfiguration(configuration, { redactor, share }),
      valid: readSwitch(value, 'valid'),
      token: decodeToken(readText(value, 'token'), redactor),
      authentication: readText(readField(element, 'authentication'), 'type'),
      createdDate: readText(value, 'createdDate'),
    },
  };
}

/** A boolean, or one as text, as the platform answers those of a configuration (platform-api §7, Types). */
function readSwitch(value: unknown, name: string): boolean | undefined {
  const field = readField(value, name);
  const text = typeof field === 'string' ? field.toLowerCase() : field;
  if (text === true || text === 'true') return true;
  return text === false || text === 'false' ? false : undefined;
}

// Texts since about 2015, objects `{id, name}` before (platform-api §3). Ownership hangs on them, so no entry is skipped.
function decodeTags(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const tags = value.map((tag: unknown) => (typeof tag === 'string' ? tag : readField(tag, 'name')));
  return tags.every((tag) => typeof tag === 'string') ? tags : undefined;
}

function decodeToken(text: string | undefined, redactor: Redactor): Secret | undefined {
  if (text === undefined) return undefined;
  const token = new Secret(text, 'token of an instance');
  redactor.add(token);
  return token;
}

/**
 * Reads an entry of `GET /formulas/instances` (platform-api §12).
 * @param show makes foreign text fit to be shown
 */
export function decodeFormulaInstance(value: unknown, show: (text: string) => string): Decoded<FormulaInstance> {
  const id = decodeId(readField(value, 'id'));
  if (id === undefined) return undecodable('its id is missing or not a number');
  return { ok: true, value: { id, name: show(readText(value, 'name') ?? '') } };
}

/**
 * An id as text; undefined for anything that cannot be one.
 * A number that JSON cannot carry exactly is refused, and so is text that would change the path of a URL.
 */
export function decodeId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  return typeof value === 'string' && isId(value) ? value : undefined;
}

/** Whether the text can be an id: numeric on the platform (platform-api §0), a plain word elsewhere. */
export function isId(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}
