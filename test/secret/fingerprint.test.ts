import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fingerprinter } from '../../src/model/hashing.ts';
import { createFingerprinter, sha256Hex } from '../../src/secret/fingerprint.ts';
import { aSecret } from '../support/builders.ts';

const organizationSecret = aSecret('organisation secret');

function make(
  options: { readonly key?: string; readonly organization?: string; readonly workspace?: string } = {},
): Fingerprinter {
  const { key, organization, workspace = 'acme' } = options;
  return createFingerprinter({
    ...(key === undefined ? {} : { key: aSecret(key) }),
    organizationSecret: organization === undefined ? organizationSecret : aSecret(organization),
    workspace,
  });
}

describe('a fingerprinter', () => {
  it('gives the same hashes for the same key', () => {
    const [one, other] = [make(), make()];
    expect(one.check).toBe(other.check);
    expect(one.name('/name')).toBe(other.name('/name'));
    expect(one.value('a', '/name', 'x')).toBe(other.value('a', '/name', 'x'));
  });

  it('gives hashes of 4 bytes for the key and for names and of 8 bytes for values', () => {
    const one = make();
    const lengths = [one.check, one.name('/name'), one.value('a', '/name', '')].map(
      (hash) => Buffer.from(hash, 'base64url').length,
    );
    expect(lengths).toEqual([4, 4, 8]);
  });

  it('keeps giving the hashes that stand in tags already', () => {
    const one = make({ key: 'fixed' });
    expect([one.check, one.name('/name'), one.value('a', '/tags', 'x')]).toMatchInlineSnapshot(`
      [
        "zG5UGg",
        "dRAGdw",
        "_3eono7fnE4",
      ]
    `);
  });

  it.each([
    ['key', { key: 'another' }],
    ['organisation secret', { organization: 'another' }],
    ['workspace', { workspace: 'another' }],
  ])('gives other hashes for another %s', (_, options) => {
    const [one, other] = [make(), make(options)];
    expect(one.check).not.toBe(other.check);
    expect(one.name('/name')).not.toBe(other.name('/name'));
    expect(one.value('a', '/name', 'x')).not.toBe(other.value('a', '/name', 'x'));
  });

  it('does not look at the organisation secret when a key is given', () => {
    expect(make({ key: 'k' }).check).toBe(make({ key: 'k', organization: 'rotated' }).check);
  });

  it('takes an empty key for none', () => {
    expect(make({ key: '' }).check).toBe(make().check);
  });

  it('gives the same hash for a text and for a secret with that text', () => {
    const one = make();
    expect(one.value('a', '/configuration/username', aSecret('bob'))).toBe(
      one.value('a', '/configuration/username', 'bob'),
    );
  });

  it('never gives two different places or values the same hash, wherever one part ends and the next begins', () => {
    const fingerprinter = make();
    const parts = fc.tuple(fc.string({ unit: 'binary' }), fc.string(), fc.string());
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(fingerprinter.value(...one)).not.toBe(fingerprinter.value(...other));
      }),
    );
    expect(fingerprinter.value('a', 'b', 'c')).not.toBe(fingerprinter.value('ab', '', 'c'));
    expect(fingerprinter.value('a', '1:b', 'c')).not.toBe(fingerprinter.value('a1', 'b', 'c'));
  });

  it('cannot be guessed from the value alone: a plain hash of it stands nowhere', () => {
    const plain = Buffer.from(sha256Hex('1234'), 'hex').subarray(0, 8).toString('base64url');
    expect(make().value('a', '/configuration/password', aSecret('1234'))).not.toBe(plain);
  });
});
