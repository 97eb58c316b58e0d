import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import type { AppliedVector, Owner } from '../../src/model/live.ts';
import { decodeApplied, encodeApplied } from '../../src/tags/applied-vector.ts';
import { isOwnTag, isReservedTag, mayBecomeOwnTag, ownerTags, readOwner } from '../../src/tags/owner-tags.ts';
import { stripHtml } from '../../src/model/canonical-value.ts';
import { anyForeignText } from '../support/foreign-text.ts';
import { aFuzzer, expectNone, withinBounds } from './fuzzer.ts';
import { mutated } from './mutate.ts';

const hash = (length: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('base64url'));
const entry = fc.record({ value: fc.oneof(fc.constant(''), hash(8)), echo: fc.option(hash(8), { nil: undefined }) });
const vectors: fc.Arbitrary<AppliedVector> = fc.record({
  check: hash(4),
  instance: fc.option(hash(8), { nil: undefined }),
  entries: fc.array(fc.tuple(hash(4), entry), { maxLength: 60 }).map((all) => new Map(all)),
});

const key = 'some/key';
const owner: Owner = { workspace: 'acme', environment: 'test', key };
const written = [...ownerTags(owner, key), 'Docs', 'connectorctl-applied/3/1.1/AAAA', 'ＣＯＮＮＥＣＴＯＲＣＴＬ/acme'];
const pieces = [
  'connectorctl/',
  'connectorctl-applied/3/',
  '/',
  '<i></i>',
  '<',
  '>',
  '&lt;',
  '&#99;',
  '\u00ad',
  '1.2',
  '=',
  ' ',
];
const anyTag = fc.oneof(mutated(written, pieces), anyForeignText);

const inputs = fc.record({
  vector: vectors,
  limit: fc.integer({ min: 64, max: 300 }),
  strangers: fc.array(anyTag, { maxLength: 4 }),
  /** What happens to one tag of the vector. */
  harm: fc.record({ nth: fc.nat(), kind: fc.constantFrom('lose', 'double', 'flip', 'cut'), at: fc.nat() }),
});

/** Tags as people, other tools and the platform leave them on an instance. */
export const tags = aFuzzer('tags', 1_000, inputs, ({ vector, limit, strangers, harm }) => {
  const own = encodeApplied(vector, limit);
  const user = strangers.filter((tag) => !isOwnTag(tag));
  const all = [...user, ...ownerTags(owner, key), ...own.toReversed()];
  const read = withinBounds(() => readOwner(all));
  const decoded = withinBounds(() => decodeApplied(all));
  const harmed = decodeApplied(harmOne(own, harm));
  withinBounds(() => readOwner(strangers));
  withinBounds(() => decodeApplied(strangers));
  expectNone([
    ...(isOwner(read) ? [] : [`the owner is ${JSON.stringify(read)}`]),
    ...(isVector(decoded) && encodeApplied(decoded, limit).join('|') === own.join('|')
      ? []
      : ['another vector is read']),
    ...(isVector(harmed) ? ['a damaged vector is read as if it were whole'] : []),
    ...strangers.flatMap(findGateFlaws),
  ]);
});

function isVector(read: ReturnType<typeof decodeApplied>): read is AppliedVector {
  return read !== undefined && read !== 'damaged';
}

function isOwner(read: ReturnType<typeof readOwner>): boolean {
  return typeof read === 'object' && read.workspace === 'acme' && read.environment === 'test' && read.key === key;
}

/** What the platform is known to make of a tag must not be ours when a person may write the tag. */
function findGateFlaws(tag: string): readonly string[] {
  const kept = [
    tag,
    tag.trim(),
    stripHtml(tag),
    stripHtml(tag).trim(),
    stripHtml(stripHtml(tag)).trim(),
    tag.normalize('NFKC'),
  ];
  const isOurs = kept.some(isOwnTag);
  return [
    ...(isOurs && !withinBounds(() => isReservedTag(tag)) ? [`may be written: ${JSON.stringify(tag)}`] : []),
    ...(isOurs && !isOwnTag(tag) && !mayBecomeOwnTag(tag) ? [`may be sent: ${JSON.stringify(tag)}`] : []),
  ];
}

function harmOne(
  own: readonly string[],
  { nth, kind, at }: { nth: number; kind: string; at: number },
): readonly string[] {
  const index = nth % own.length;
  const tag = own[index] ?? '';
  const others = own.filter((_, place) => place !== index);
  // The head of a tag says which it is; what follows is content.
  const place = tag.lastIndexOf('/') + 1 + (at % Math.max(1, tag.length - tag.lastIndexOf('/') - 1));
  if (kind === 'lose') return others.length === 0 ? [`${tag}A`] : others;
  if (kind === 'double') return [...own, `${tag.slice(0, -1)}${tag.endsWith('A') ? 'B' : 'A'}`];
  if (kind === 'cut') return [...others, tag.slice(0, place)];
  return [...others, `${tag.slice(0, place)}${tag[place] === 'A' ? 'B' : 'A'}${tag.slice(place + 1)}`];
}
