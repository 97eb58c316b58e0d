import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { stripHtml } from '../../src/model/canonical-value.ts';
import type { AppliedEntry, AppliedVector } from '../../src/model/live.ts';
import { decodeApplied, encodeApplied, minMaxTagLength } from '../../src/tags/applied-vector.ts';

const hash = (bytes: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((one) => Buffer.from(one).toString('base64url'));
const isSecret = fc.constantFrom<Pick<AppliedEntry, 'secret'>>({}, { secret: true });
const entry: fc.Arbitrary<AppliedEntry> = fc
  .tuple(
    fc.oneof(
      fc.record({ value: hash(8) }),
      fc.record({ value: hash(8), echo: hash(8) }),
      fc.record({ value: hash(8), assumed: fc.constant<true>(true) }),
      fc.constant<AppliedEntry>({ value: '' }),
    ),
    isSecret,
  )
  .map(([one, secret]) => Object.assign({}, one, secret))
  .chain((one) =>
    one.secret === true && one.value !== ''
      ? fc.constantFrom(one, { ...one, composed: true as const })
      : fc.constant(one),
  )
  .chain((one) =>
    one.secret === true && one.value !== ''
      ? fc.oneof(
          fc.constant(one),
          hash(8).map((reference) => Object.assign({ reference }, one)),
        )
      : fc.constant(one),
  );
const vector: fc.Arbitrary<AppliedVector> = fc.record({
  check: hash(4),
  instance: fc.option(hash(8), { nil: undefined }),
  entries: fc.array(fc.tuple(hash(4), entry), { maxLength: 60 }).map((all) => new Map(all)),
  former: fc.option(
    fc.array(
      fc.record({ check: hash(4), names: fc.uniqueArray(hash(4), { minLength: 1, maxLength: 20 }).map(sortHashes) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    { nil: undefined },
  ),
});

function sortHashes(hashes: readonly string[]): readonly string[] {
  return hashes.toSorted((a, b) => (a < b ? -1 : 1));
}
const maxLength = fc.integer({ min: minMaxTagLength, max: 400 });
const userTag = fc
  .oneof(fc.string(), fc.constantFrom('connectorctl/acme', 'connectorctl/acme/a', 'Docs', 'connectorctl-applied'))
  .filter((tag) => !tag.startsWith('connectorctl-applied/'));

describe('the applied vector in tags', () => {
  it('comes back whole, in whatever order and between whatever tags it stands', () => {
    fc.assert(
      fc.property(vector, maxLength, fc.array(userTag), fc.infiniteStream(fc.nat()), (one, max, userTags, random) => {
        const tags = [...encodeApplied(one, max), ...userTags].map((tag) => ({ tag, at: random.next().value ?? 0 }));
        const shuffled = tags.toSorted((a, b) => a.at - b.at).map(({ tag }) => tag);
        expect(decodeApplied(shuffled)).toEqual(one);
      }),
    );
  });

  it('fits the length of a tag and holds only letters, digits and four signs, which HTML stripping leaves alone', () => {
    fc.assert(
      fc.property(vector, maxLength, (one, max) => {
        const tags = encodeApplied(one, max);
        for (const tag of tags) {
          expect(tag.length).toBeLessThanOrEqual(max);
          expect(tag).toMatch(/^connectorctl-applied\/[A-Za-z0-9_/.-]+$/);
          expect(stripHtml(tag)).toBe(tag);
        }
        expect(new Set(tags).size).toBe(tags.length);
      }),
    );
  });

  it('is the same text whatever order the entries came in', () => {
    fc.assert(
      fc.property(vector, (one) => {
        const reversed = { ...one, entries: new Map([...one.entries].toReversed()) };
        expect(encodeApplied(reversed)).toEqual(encodeApplied(one));
      }),
    );
  });

  it('says damaged after the edit of any character, and never something else', () => {
    fc.assert(
      fc.property(
        vector,
        maxLength,
        fc.nat(),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        (one, max, which, at, character) => {
          const tags = [...encodeApplied(one, max)];
          const index = which % tags.length;
          const tag = tags[index] ?? '';
          const place = at % tag.length;
          fc.pre(tag[place] !== character);
          tags[index] = tag.slice(0, place) + character + tag.slice(place + 1);
          // An edit of the beginning makes it another person's tag: then the rest is incomplete, or nothing is left.
          const isStillOurs = tags.some((left) => left.startsWith('connectorctl-applied/'));
          expect(decodeApplied(tags)).toBe(isStillOurs ? 'damaged' : undefined);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('says damaged when one of several tags is lost', () => {
    fc.assert(
      fc.property(vector, fc.nat(), (one, which) => {
        const tags = encodeApplied(one, minMaxTagLength);
        fc.pre(tags.length > 1);
        expect(decodeApplied(tags.filter((_, index) => index !== which % tags.length))).toBe('damaged');
      }),
    );
  });

  it('says damaged when the tags of two vectors are mixed', () => {
    fc.assert(
      fc.property(vector, vector, (one, other) => {
        const [tags, others] = [encodeApplied(one, 80), encodeApplied(other, 80)];
        fc.pre(tags.some((tag) => !others.includes(tag)) && others.some((tag) => !tags.includes(tag)));
        expect(decodeApplied([...tags, ...others])).toBe('damaged');
      }),
    );
  });

  it.each([
    'connectorctl-applied/',
    'connectorctl-applied/3/1.1/',
    'connectorctl-applied/3/1.1/AAAA',
    'connectorctl-applied/2/1.1/AAAAAAAA',
    'connectorctl-applied/3/0.0/AAAAAAAA',
    'connectorctl-applied/3/9999.9999/AAAAAAAA',
  ])('says damaged of %s', (tag) => {
    expect(decodeApplied([tag])).toBe('damaged');
  });

  it('survives a tag that stands there twice', () => {
    const one: AppliedVector = { check: 'AAAAAA', entries: new Map([['AAAAAA', { value: 'AAAAAAAAAAA' }]]) };
    const tags = encodeApplied(one);
    expect(decodeApplied([...tags, ...tags])).toEqual(one);
  });

  it('is nothing where no tag speaks of it', () => {
    expect(decodeApplied(['Docs', 'connectorctl/acme/a'])).toBeUndefined();
  });

  it('needs 16 characters a field: 40 fields fit three tags', () => {
    const names = Array.from({ length: 40 }, (_, index) => Buffer.from([0, 0, 0, index]).toString('base64url'));
    const entries = new Map(names.map((name) => [name, { value: 'AAAAAAAAAAA' }]));
    expect(encodeApplied({ check: 'AAAAAA', entries })).toHaveLength(3);
  });

  it('needs 11 characters more for a reference: 60 fields with 10 of them fit five tags, as 60 without any do', () => {
    const names = Array.from({ length: 60 }, (_, index) => Buffer.from([0, 0, 0, index]).toString('base64url'));
    const [value, reference] = ['AAAAAAAAAAA', 'AAAAAAAAAAA'];
    const plain = new Map(names.map((name) => [name, { value }]));
    const mixed = new Map<string, AppliedEntry>(plain);
    for (const name of names.slice(0, 10)) mixed.set(name, { value, secret: true, reference });
    expect([plain, mixed].map((entries) => encodeApplied({ check: 'AAAAAA', entries }).length)).toEqual([5, 5]);
  });

  it('tells which values came from a secret without a character more', () => {
    const plain = toVector({ value: 'AAAAAAAAAAA' });
    const secret = toVector({ value: 'AAAAAAAAAAA', secret: true });
    const [tags, secretTags] = [encodeApplied(plain), encodeApplied(secret)];
    expect(secretTags.join('')).toHaveLength(tags.join('').length);
    expect(decodeApplied(secretTags)).toEqual(secret);
    expect(decodeApplied(tags)).toEqual(plain);
  });

  it('says damaged of a kind of entry that it does not know', () => {
    const payload = Buffer.from([0, 0, 0, 0, 0, 2, 0, 0]);
    const sum = createHash('sha256').update(payload).digest().subarray(0, 4);
    const text = Buffer.concat([payload, sum]).toString('base64url');
    expect(decodeApplied([`connectorctl-applied/3/1.1/${text}`])).toBe('damaged');
  });

  it('refuses a limit that leaves no room', () => {
    expect(() => encodeApplied({ check: 'AAAAAA', entries: new Map() }, minMaxTagLength - 1)).toThrow(RangeError);
  });

  it('refuses a hash of another length', () => {
    expect(() => encodeApplied({ check: 'AA', entries: new Map() })).toThrow(RangeError);
  });
});

function toVector(one: AppliedEntry): AppliedVector {
  return { check: 'AAAAAA', entries: new Map([['AAAAAA', one]]) };
}
