import type { Definition, Reference } from '../model/definition.ts';
import { isStructured, type Json } from '../model/json.ts';
import { type Pointer, type Position, toPointer } from '../model/position.ts';
import { narrowPosition } from './locate-node.ts';
import { applyOverride } from './merge-overrides.ts';

const open = '${{';
const close = '}}';
const sound = /^(secrets|vars)\.([A-Za-z_][A-Za-z0-9_]*)$/;

/**
 * Finds every `${{` in a text, from left to right.
 * The platform's own placeholders (`${gmtDate:...}`, `${date:...}`, `${epoch}`; platform-api §10) have one brace and are no references.
 */
export function findReferences(text: string): readonly Reference[] {
  const found: Reference[] = [];
  for (let start = text.indexOf(open); start !== -1; start = text.indexOf(open, start + open.length)) {
    found.push(readReference(text, start));
  }
  return found;
}

function readReference(text: string, start: number): Reference {
  const inside = start + open.length;
  const next = text.indexOf(open, inside);
  // Never further than the next reference, so that the work stays linear in a text full of openings.
  const reach = text.slice(inside, next === -1 ? text.length : next);
  const length = reach.indexOf(close);
  if (length === -1) {
    const problem = `The closing \`${close}\` is missing.`;
    return { kind: 'unknown', name: reach.trim(), start, end: inside + reach.length, problem };
  }
  const content = reach.slice(0, length).trim();
  const end = inside + length + close.length;
  const [, kind, name] = sound.exec(content) ?? [];
  if ((kind === 'secrets' || kind === 'vars') && name !== undefined) return { kind, name, start, end };
  return { kind: 'unknown', name: content, start, end, problem: describeProblem(content) };
}

function describeProblem(content: string): string {
  const [kind = '', ...rest] = content.split('.');
  if (kind !== 'secrets' && kind !== 'vars') return 'Only `secrets.NAME` and `vars.NAME` can be used here.';
  if (rest.join('.') === '') return `\`${kind}\` must be followed by a dot and a name.`;
  return 'A name begins with a letter or `_` and contains only letters, digits and `_`.';
}

/** The text with its variables filled in; undefined when one is not set, or when it refers to anything but variables. */
export function fillVariables(text: string, vars: Readonly<Record<string, string>>): string | undefined {
  if (!text.includes(open)) return text;
  let filled = '';
  let done = 0;
  for (const { kind, name, start, end } of findReferences(text)) {
    const value = kind === 'vars' && Object.hasOwn(vars, name) ? vars[name] : undefined;
    if (value === undefined) return undefined;
    filled += text.slice(done, start) + value;
    done = end;
  }
  return filled + text.slice(done);
}

/** A reference and where it stands. */
interface PlacedReference extends Reference {
  /** Pointer into the definition once the override is applied: `/configuration/<key>`. */
  readonly pointer: Pointer;
  /** Where it was written, perhaps in the override. */
  readonly at: Position;
}

/** Every reference that is in force in an environment, in the order name, tags, configuration, providerData. */
export function collectReferences(definition: Definition, environmentName: string): readonly PlacedReference[] {
  const merged = applyOverride(definition, environmentName);
  const { name, tags = [], configuration, providerData = {} } = merged;
  const fields: Record<string, Json> = { name, tags, configuration, providerData };
  return Object.entries(fields).flatMap(([field, value]) => collect(value, toPointer(field), merged));
}

function collect(value: Json, pointer: Pointer, definition: Definition): readonly PlacedReference[] {
  if (typeof value === 'string') {
    return findReferences(value).map((reference) => {
      const at = narrowPosition(definition.at(pointer), value, reference);
      return Object.assign({}, reference, { pointer, at });
    });
  }
  if (!isStructured(value)) return [];
  return Object.entries<Json>(value).flatMap(([key, inner]) => collect(inner, pointer + toPointer(key), definition));
}
