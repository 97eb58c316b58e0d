import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOwnTag, keyTag, ownerTags, readClaims, readOwner, workspaceTag } from '../../src/tags/owner-tags.ts';

describe('owner tags', () => {
  it('name the workspace, and the workspace with the key', () => {
    expect(ownerTags('acme', 'sharefile/polling')).toEqual([
      'connectorctl/acme',
      'connectorctl/acme/sharefile/polling',
    ]);
    expect([workspaceTag('acme'), keyTag('acme', 'sharefile/polling')]).toEqual(ownerTags('acme', 'sharefile/polling'));
  });

  it('are read back whatever stands around them', () => {
    const part = fc.string({ minLength: 1 }).filter((text) => !text.includes('/'));
    const foreign = fc.string().filter((tag) => !isOwnTag(tag));
    fc.assert(
      fc.property(part, fc.string({ minLength: 1 }), fc.array(foreign), (workspace, key, others) => {
        expect(readOwner([...others, ...ownerTags(workspace, key), ...others])).toEqual({ workspace, key });
      }),
    );
  });

  it.each([
    ['no tags', [], undefined],
    ['tags of users', ['Docs', 'connectorctl', 'Connectorctl/acme', 'my connectorctl/acme'], undefined],
    ['an applied vector alone', ['connectorctl-applied/abc'], undefined],
    ['the workspace alone', ['connectorctl/acme'], { workspace: 'acme' }],
    ['the key tag alone', ['connectorctl/acme/a'], { workspace: 'acme', key: 'a' }],
    [
      'the same tags twice',
      ['connectorctl/acme/a', 'connectorctl/acme', 'connectorctl/acme/a'],
      { workspace: 'acme', key: 'a' },
    ],
    ['two keys', ['connectorctl/acme', 'connectorctl/acme/a', 'connectorctl/acme/b'], 'ambiguous'],
    ['two workspaces', ['connectorctl/acme/a', 'connectorctl/other'], 'ambiguous'],
    ['no workspace name', ['connectorctl/'], 'ambiguous'],
    ['no key name', ['connectorctl/acme/'], 'ambiguous'],
  ])('with %s say who owns the instance', (_case, tags, owner) => {
    expect(readOwner(tags)).toEqual(owner);
  });

  it('name all who claim an instance, damaged ones too, each once', () => {
    const tags = [
      'connectorctl/acme',
      'Docs',
      'connectorctl/other/x/y',
      'connectorctl/',
      'connectorctl/acme/',
      'connectorctl/acme',
    ];
    expect(readClaims(tags)).toEqual([
      { workspace: 'acme' },
      { workspace: 'other', key: 'x/y' },
      { workspace: '' },
      { workspace: 'acme', key: '' },
    ]);
    expect(readClaims(['Docs', 'connectorctl-applied/x'])).toEqual([]);
  });

  it('are told apart from the tags of users', () => {
    const tags = [
      'connectorctl/acme',
      'connectorctl/acme/a',
      'connectorctl-applied/x',
      'connectorctl',
      'a connectorctl/b',
    ];
    expect(tags.filter(isOwnTag)).toEqual(['connectorctl/acme', 'connectorctl/acme/a', 'connectorctl-applied/x']);
  });
});
