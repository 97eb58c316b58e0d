import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  environmentTag,
  isOwnTag,
  isReservedTag,
  keyTag,
  listOwnerTags,
  mayBecomeOwnTag,
  missingTagOf,
  ownerTags,
  readOwner,
} from '../../src/tags/owner-tags.ts';

const acme = { workspace: 'acme', environment: 'prod' };
const tag = 'connectorctl/acme/prod';

describe('owner tags', () => {
  it('name the environment of the workspace, and both with the key', () => {
    expect(ownerTags(acme, 'sharefile/polling')).toEqual([tag, `${tag}/sharefile/polling`]);
    expect([environmentTag(acme), keyTag(acme, 'sharefile/polling')]).toEqual(ownerTags(acme, 'sharefile/polling'));
  });

  it('are read back whatever stands around them', () => {
    const part = fc.string({ minLength: 1 }).filter((text) => !text.includes('/'));
    const foreign = fc.string().filter((one) => !isOwnTag(one));
    fc.assert(
      fc.property(part, part, fc.string({ minLength: 1 }), fc.array(foreign), (workspace, environment, key, others) => {
        const owner = { workspace, environment };
        expect(readOwner([...others, ...ownerTags(owner, key), ...others])).toEqual({ ...owner, key });
      }),
    );
  });

  it('are never those of another environment or key', () => {
    const name = fc.stringMatching(/^[a-z][a-z._-]{0,3}$/);
    const key = fc.stringMatching(/^[a-z]{1,2}(\/[a-z]{1,2}){0,2}$/);
    fc.assert(
      fc.property(name, name, key, name, name, key, (...[a, b, c, x, y, z]) => {
        const isSame = a === x && b === y && c === z;
        const one = ownerTags({ workspace: a, environment: b }, c);
        const other = ownerTags({ workspace: x, environment: y }, z);
        expect(one[1] === other[1]).toBe(isSame);
        expect(one[0] === other[1]).toBe(false);
      }),
    );
  });

  it.each([
    ['no tags', [], undefined],
    ['tags of users', ['Docs', 'connectorctl', 'Connectorctl/acme/prod', `my ${tag}`], undefined],
    ['an applied vector alone', ['connectorctl-applied/abc'], undefined],
    ['the environment alone', [tag], acme],
    ['both', [tag, `${tag}/a`], { ...acme, key: 'a' }],
    ['the same tags twice', [`${tag}/a`, tag, `${tag}/a`], { ...acme, key: 'a' }],
    ['the key tag alone', [`${tag}/a`], 'ambiguous'],
    ['a key tag and another environment', [`${tag}/a`, 'connectorctl/acme/test'], 'ambiguous'],
    ['two keys', [tag, `${tag}/a`, `${tag}/b`], 'ambiguous'],
    ['two environments', [tag, 'connectorctl/acme/test'], 'ambiguous'],
    ['two workspaces', [tag, `${tag}/a`, 'connectorctl/other/prod'], 'ambiguous'],
    ['a workspace without an environment', ['connectorctl/acme'], 'ambiguous'],
    ['one more damaged tag', [tag, `${tag}/a`, 'connectorctl/acme'], 'ambiguous'],
    ['no workspace name', ['connectorctl/'], 'ambiguous'],
    ['no environment name', ['connectorctl/acme/'], 'ambiguous'],
    ['no environment name but a key', ['connectorctl/acme/', 'connectorctl/acme//a'], 'ambiguous'],
    ['no key name', [tag, `${tag}/`], 'ambiguous'],
  ])('with %s say who owns the instance', (_case, tags, owner) => {
    expect(readOwner(tags)).toEqual(owner);
  });

  it('name all who claim an instance, damaged ones too, each once', () => {
    const tags = [tag, 'Docs', 'connectorctl/', tag, 'connectorctl-applied/x'];
    expect(listOwnerTags(tags)).toEqual([tag, 'connectorctl/']);
  });

  it('name the tag that a key tag lacks, and nothing where that is not what is wrong', () => {
    expect(missingTagOf([`${tag}/a/b`])).toBe(tag);
    expect([[tag], [`${tag}/a`, 'connectorctl/'], ['connectorctl/acme'], []].map(missingTagOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are told apart from the tags of users', () => {
    const tags = [tag, `${tag}/a`, 'connectorctl-applied/x', 'connectorctl', 'a connectorctl/b'];
    expect(tags.filter(isOwnTag)).toEqual([tag, `${tag}/a`, 'connectorctl-applied/x']);
  });
});

const zeroWidth = '\u200B';
const forged = [
  tag,
  'connectorctl',
  'Connectorctl/acme/prod',
  'CONNECTORCTL-APPLIED/1',
  '  connectorctl/x',
  '<i></i>connectorctl/team-b/crm',
  'con<b>nectorctl</b>/x',
  '<<i>i>connectorctl/x',
  '<i<i>>connectorctl/x',
  `${'<'.repeat(60)}${'a>'.repeat(60)}connectorctl/x`,
  '<!-- x -->connectorctl/x',
  '<1>connectorctl/x',
  '&#99;onnectorctl/x',
  '&#x63;onnectorctl/x',
  '&lt;i&gt;connectorctl/x',
  'connector\u00ADctl/x',
  `con${zeroWidth}nectorctl/x`,
  '\u2060connectorctl/x',
  '\uFEFFconnectorctl/x',
  'connect\u200Dorctl/x',
  '\u202Econnectorctl/x',
  'connectorctl\u034F/x',
  'con\u{E0020}nectorctl/x',
  'conn\u0000ectorctl/x',
  '\u00A0connectorctl/x',
  '\uFF43onnectorctl/x',
  'ｃｏｎｎｅｃｔｏｒｃｔｌ/x',
  '𝐜onnectorctl/x',
  'ⓒonnectorctl/x',
];

describe('reserved tags', () => {
  it.each(forged)('are refused however they are written: %j', (one) => {
    expect(isReservedTag(one)).toBe(true);
  });

  it.each(['Docs', 'my connectorctl/x', 'connector', 'ctl', 'connectors/x', 'a < b > c', '<b>Docs</b>', 'a & b', ''])(
    'are not those of people: %j',
    (one) => {
      expect([isReservedTag(one), mayBecomeOwnTag(one)]).toEqual([false, false]);
    },
  );

  it('may become ours while the platform can still take something out of them', () => {
    const settled = ['connectorctl', 'Connectorctl/acme/prod', 'CONNECTORCTL-APPLIED/1', tag];
    expect(forged.filter((one) => !mayBecomeOwnTag(one))).toEqual([
      tag,
      'connectorctl',
      'Connectorctl/acme/prod',
      'CONNECTORCTL-APPLIED/1',
    ]);
    expect(settled.some(mayBecomeOwnTag)).toBe(false);
  });

  it('are judged in one pass, however long the text is', () => {
    const long = ['<a'.repeat(200_000), '<'.repeat(400_000), '&#'.repeat(200_000), '<a>'.repeat(100_000)];
    expect(long.map((one) => isReservedTag(`${one}connectorctl`))).toEqual([false, false, false, true]);
  });
});
