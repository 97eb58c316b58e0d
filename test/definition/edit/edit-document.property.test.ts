import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDocument } from '../../../src/definition/edit/edit-document.ts';
import type { Edit } from '../../../src/definition/edit/edit.ts';
import { parseDocuments } from '../../../src/definition/parse-documents.ts';
import { canonicalJson, type Json } from '../../../src/model/json.ts';
import { toPointer } from '../../../src/model/position.ts';
import { times } from '../../support/seed.ts';
import { keys, type Sample, samples, values } from './yaml-texts.ts';

type Path = readonly (string | number)[];
/** Without a value it takes away. */
interface Request {
  readonly path: Path;
  readonly value?: Json;
}

const runs = times(150);

function membersOf(data: Json): readonly (readonly [string | number, Json])[] {
  if (Array.isArray(data)) return data.map((item: Json, index) => [index, item] as const);
  return typeof data === 'object' && data !== null ? Object.entries(data) : [];
}

/** Every place in the data but the whole. */
function pathsOf(data: Json, path: Path = []): readonly Path[] {
  return membersOf(data).flatMap(([key, value]) => {
    const here: Path = path.concat(key);
    return [here].concat(pathsOf(value, here));
  });
}

function valueAt(data: Json, path: Path): Json {
  return path.reduce<Json>((value, key) => membersOf(value).find(([name]) => name === key)?.[1] ?? null, data);
}

/** The data with the request carried out. */
function carryOut(data: Json, { path: [key, ...rest], ...request }: Request): Json {
  if (key === undefined) return request.value ?? null;
  const isGone = rest.length === 0 && request.value === undefined;
  const members = membersOf(data);
  const kept = members.filter(([name]) => !isGone || name !== key);
  const changed = kept.map(
    ([name, value]) => [name, name === key ? carryOut(value, { path: rest, ...request }) : value] as const,
  );
  const isNew = members.every(([name]) => name !== key);
  const all = isNew && !isGone ? [...changed, [key, carryOut(null, { path: rest, ...request })] as const] : changed;
  if (Array.isArray(data)) return all.map(([, value]) => value);
  const map: Record<string, Json> = Object.create(null);
  for (const [name, value] of all) map[name] = value;
  return map;
}

function toEdit({ path, value }: Request): Edit {
  const at = toPointer(...path);
  return value === undefined ? { at, remove: true } : { at, value };
}

/** A change, a new key or item, or a removal. */
function requestFor(data: Json): fc.Arbitrary<Request> {
  const paths = pathsOf(data);
  const holders = [[], ...paths].filter((path) => typeof valueAt(data, path) === 'object');
  const added = fc.constantFrom<Path>(...holders).chain((path) => {
    const holder = valueAt(data, path);
    const key: fc.Arbitrary<string | number> = Array.isArray(holder)
      ? fc.constant(holder.length)
      : fc.constantFrom(...keys);
    return fc.record({ path: key.map((last) => path.concat(last)), value: values });
  });
  if (paths.length === 0) return added;
  const existing = fc.constantFrom<Path>(...paths);
  return fc.oneof(
    fc.record({ path: existing, value: values }),
    added,
    existing.map((path) => ({ path })),
  );
}

const changes = samples.chain((sample) => requestFor(sample.data).map((request) => ({ sample, request })));

function edited(sample: Sample, request: Request): readonly string[] {
  const { text, refused } = editDocument(sample.text, { index: sample.index, edits: [toEdit(request)] });
  expect(refused).toEqual([]);
  return text.split('\n');
}

/** The longest of the generated texts has three lines, and one more for its key. */
const mostLinesOfText = 4;

/** How many lines at both ends two texts share. */
function countCommon(a: readonly string[], b: readonly string[]): number {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  return head + tail;
}

describe('editDocument, over generated texts', () => {
  it('gives the old data with the edits applied, and leaves the other documents alone', () => {
    const several = samples.chain((sample) =>
      fc
        .tuple(requestFor(sample.data), fc.infiniteStream(fc.nat()))
        .map(([first, stream]) => ({ sample, first, stream })),
    );
    fc.assert(
      fc.property(several, fc.array(values, { maxLength: 3 }), ({ sample, first, stream }, more) => {
        let wanted = carryOut(sample.data, first);
        const requests: Request[] = [first];
        for (const value of more) {
          const paths = pathsOf(wanted);
          const path = paths[(stream.next().value ?? 0) % Math.max(paths.length, 1)];
          if (path === undefined) continue;
          const request = { path, value };
          wanted = carryOut(wanted, request);
          requests.push(request);
        }
        const { text, refused } = editDocument(sample.text, { index: sample.index, edits: requests.map(toEdit) });
        expect(refused).toEqual([]);
        const before = parseDocuments('a.yaml', sample.text);
        const after = parseDocuments('a.yaml', text);
        expect(before.diagnostics).toEqual([]);
        expect(after.diagnostics).toEqual([]);
        const expected = before.documents.map(({ value }, index) => (index === sample.index ? wanted : value));
        expect(after.documents.map(({ value }) => canonicalJson(value))).toEqual(
          expected.map((value) => canonicalJson(value)),
        );
        expect(text.startsWith('\uFEFF')).toBe(sample.text.startsWith('\uFEFF'));
        expect(text.endsWith('\n')).toBe(sample.text.endsWith('\n'));
        expect(text).not.toMatch(sample.text.includes('\r\n') ? /[^\r]\n/ : /\r\n/);
      }),
      runs,
    );
  });

  it('keeps every line outside the value, and every comment but those of what goes', () => {
    fc.assert(
      fc.property(changes, ({ sample, request }) => {
        const isSingle = typeof valueAt(sample.data, request.path) !== 'object' && typeof request.value !== 'object';
        const isNew = !pathsOf(sample.data).some((path) => toPointer(...path) === toPointer(...request.path));
        fc.pre(isSingle && !isNew && request.value !== undefined);
        const before = sample.text.split('\n');
        const after = edited(sample, request);
        expect(before.length - countCommon(before, after)).toBeLessThanOrEqual(mostLinesOfText);
        for (const comment of sample.comments) expect(after.join('\n')).toContain(comment);
      }),
      runs,
    );
  });

  it('takes no comment and no line away when it adds', () => {
    fc.assert(
      fc.property(changes, ({ sample, request }) => {
        const exists = pathsOf(sample.data).some((path) => toPointer(...path) === toPointer(...request.path));
        fc.pre(!exists);
        const text = edited(sample, request).join('\n');
        for (const comment of sample.comments) expect(text).toContain(comment);
        const before = sample.text.split('\n');
        expect(before.length - countCommon(before, text.split('\n'))).toBeLessThanOrEqual(1);
      }),
      runs,
    );
  });

  it('only takes lines away when it removes from a block', () => {
    fc.assert(
      fc.property(changes, ({ sample, request }) => {
        const isLast = membersOf(valueAt(sample.data, request.path.slice(0, -1))).length === 1;
        fc.pre(request.value === undefined && !isLast);
        const after = edited(sample, request);
        const before = sample.text.split('\n');
        expect(after.length).toBeLessThanOrEqual(before.length);
        expect(after.length - countCommon(before, after)).toBeLessThanOrEqual(1);
      }),
      runs,
    );
  });
});
