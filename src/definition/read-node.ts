import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, ParsedNode, Scalar, YAMLMap } from 'yaml';

import { toNumber } from '../model/exact-number.ts';
import { emptyRecord, type Json } from '../model/json.ts';
import { maxDepth, maxProblems } from './compose-documents.ts';
import type { YamlProblem } from './yaml-problem.ts';

/** How much text one document may stand for after its aliases are followed, in UTF-16 code units. */
const maxExpanded = 1024 * 1024;

interface Anchored {
  readonly value: Json;
  readonly size: number;
  readonly height: number;
}

interface Reading {
  readonly problems: YamlProblem[];
  readonly anchors: Map<string, Anchored>;
  /** Text read so far, what aliases stand for included. */
  size: number;
  /** The deepest level below the node that is being read. */
  deepest: number;
}

// eslint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]|\p{Surrogate}/u;

/** Offset of the first character that no text may hold (NUL, ESC, half a surrogate pair, ...); -1 when there is none. */
export function findForbidden(text: string): number {
  return text.search(forbidden);
}

/**
 * Turns a syntax tree into plain data with null-prototype objects.
 * - A number keeps its digits: where JavaScript would write it otherwise (`1.10`, `007`, `0x1F`, `1e3`, what is too large), it
 *   is an `ExactNumber`, of which `settleNumbers` knows what is meant.
 * - Refuses duplicate keys, keys that are no text, `<<`, tags outside the YAML core, unknown aliases and alias bombs.
 * An alias shares the value of its anchor: nothing is copied, and what it would expand to is only counted.
 */
export function readNode(node: ParsedNode | null): { readonly value: Json; readonly problems: readonly YamlProblem[] } {
  const reading: Reading = { problems: [], anchors: new Map(), size: 0, deepest: 0 };
  const value = read(node, 1, reading);
  return { value, problems: reading.problems };
}

function read(node: ParsedNode | null, depth: number, reading: Reading): Json {
  if (node === null) return null;
  if (isAlias(node)) return followAlias(node, depth, reading);
  if (node.tag !== undefined && !fitsTag(node, node.tag)) report(reading, node, badTag(node.tag));
  if (node.anchor === undefined) return readValue(node, depth, reading);

  const { size, deepest } = reading;
  reading.deepest = depth;
  reading.anchors.delete(node.anchor);
  const value = readValue(node, depth, reading);
  reading.anchors.set(node.anchor, { value, size: reading.size - size, height: reading.deepest - depth });
  reading.deepest = Math.max(deepest, reading.deepest);
  return value;
}

function readValue(node: Exclude<ParsedNode, Alias.Parsed>, depth: number, reading: Reading): Json {
  reading.deepest = Math.max(reading.deepest, depth);
  if (isMap(node)) return readMap(node, depth, reading);
  if (isSeq(node)) return node.items.map((item) => read(item, depth + 1, reading));
  return readScalar(node, reading);
}

function readScalar(node: Scalar.Parsed, reading: Reading): Json {
  const { value, source } = node;
  reading.size += source.length + 1;
  if (typeof value === 'number') return toNumber(source);
  if (typeof value === 'boolean' || value === null) return value;
  if (findForbidden(source) !== -1) report(reading, node, forbiddenEscape);
  return source;
}

function readMap(map: YAMLMap.Parsed, depth: number, reading: Reading): Json {
  const result = emptyRecord<Json>();
  const seen = new Map<string, ParsedNode>();
  for (const pair of map.items) {
    const key = readKey(pair.key, depth, reading);
    const value = read(pair.value, depth + 1, reading);
    if (key === undefined) continue;
    const first = seen.get(key);
    if (first) {
      reportDuplicate(reading, { key, first, second: pair.key });
    } else {
      seen.set(key, pair.key);
      result[key] = value;
    }
  }
  return result;
}

function readKey(node: ParsedNode, depth: number, reading: Reading): string | undefined {
  if (isScalar(node) && node.type === 'PLAIN' && node.source === '<<') {
    report(reading, node, mergeKey);
    return undefined;
  }
  const key = isAlias(node) ? undefined : read(node, depth + 1, reading);
  if (typeof key === 'string' && (!isScalar(node) || typeof node.value === 'string')) return key;
  report(reading, node, keyNotText);
  return undefined;
}

function followAlias(alias: Alias.Parsed, depth: number, reading: Reading): Json {
  const target = reading.anchors.get(alias.source);
  if (!target) {
    report(reading, alias, unknownAlias(alias.source));
    return null;
  }
  if (reading.size + target.size > maxExpanded || depth + target.height > maxDepth) {
    report(reading, alias, aliasBomb);
    return null;
  }
  reading.size += target.size + 1;
  reading.deepest = Math.max(reading.deepest, depth + target.height);
  return target.value;
}

type Words = Pick<YamlProblem, 'code' | 'message' | 'detail' | 'hint'>;

function report(reading: Reading, node: ParsedNode, words: Words): void {
  const [start, end] = node.range;
  if (reading.problems.length < maxProblems) reading.problems.push({ ...words, start, end });
}

function reportDuplicate(
  reading: Reading,
  { key, first, second }: { key: string; first: ParsedNode; second: ParsedNode },
): void {
  if (reading.problems.length >= maxProblems) return;
  const [start, end] = second.range;
  reading.problems.push({
    code: 'duplicate-key',
    message: 'Key is set twice',
    detail: `\`${key}\` appears twice in this mapping, but only one can be meant.`,
    start,
    end,
    related: { message: 'First set here', start: first.range[0], end: first.range[1] },
  });
}

const corePrefix = 'tag:yaml.org,2002:';

/** What the tags of the YAML core say of a value. */
const coreTags = new Map<string, (node: ParsedNode) => boolean>([
  ['map', isMap],
  ['seq', isSeq],
  ['str', (node) => isScalar(node) && typeof node.value === 'string'],
  ['int', (node) => isScalar(node) && typeof node.value === 'number'],
  ['float', (node) => isScalar(node) && typeof node.value === 'number'],
  ['bool', (node) => isScalar(node) && typeof node.value === 'boolean'],
  ['null', (node) => isScalar(node) && node.value === null],
]);

function fitsTag(node: ParsedNode, tag: string): boolean {
  const fits = tag.startsWith(corePrefix) ? coreTags.get(tag.slice(corePrefix.length)) : undefined;
  return fits !== undefined && fits(node);
}

function badTag(tag: string): Words {
  return {
    code: 'yaml-tag',
    message: 'Tag cannot be used',
    detail: `\`${tag}\` is a YAML tag that has no meaning here or does not fit its value.`,
    hint: 'Remove the tag; quote the value if it should begin with an exclamation mark.',
  };
}

function unknownAlias(name: string): Words {
  return {
    code: 'yaml-unknown-alias',
    message: 'Unknown alias',
    detail: `\`*${name}\` repeats a value marked \`&${name}\` above it, but there is no such anchor.`,
    hint: 'Quote the value if it should begin with an asterisk.',
  };
}

const aliasBomb: Words = {
  code: 'yaml-alias-bomb',
  message: 'Aliases expand too far',
  detail: `With its aliases expanded, the document would contain more than ${maxExpanded / 1024 / 1024} MiB of text or more than ${maxDepth} levels.`,
};

const forbiddenEscape: Words = {
  code: 'control-character',
  message: 'Control character in a value',
  detail:
    'The value contains a control character, written as an escape. The platform and terminals may interpret it as a command.',
};

const mergeKey: Words = {
  code: 'yaml-merge-key',
  message: 'Merge keys are not supported',
  detail: 'YAML 1.2 has no merge key `<<`; it would be sent as a key with that name.',
  hint: 'Write the keys out, or repeat one value with an alias.',
};

const keyNotText: Words = {
  code: 'yaml-key-not-text',
  message: 'Key is not a string',
  detail: 'A key must be a string. Numbers, true, false, null, lists and mappings cannot be keys.',
  hint: 'Quote the key.',
};
