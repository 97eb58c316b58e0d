import { createHmac, hkdfSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fingerprinter } from '../../src/model/hashing.ts';
import { createFingerprinter, sha256Hex } from '../../src/secret/fingerprint.ts';
import { aSecret } from '../support/builders.ts';

interface Options {
  readonly key?: string;
  readonly workspace?: string;
  readonly environment?: string;
  readonly host?: string;
}

function make({ key = 'a key', ...rest }: Options = {}): Fingerprinter {
  return createFingerprinter(aSecret(key), {
    workspace: 'acme',
    environment: 'production',
    host: 'api.example',
    ...rest,
  });
}

function place(fields: readonly string[]): string {
  return fields.map((one) => `${Buffer.byteLength(one)}:${one}`).join('');
}

const scope = { key: 'a', id: '7' };
const pointer = '/configuration/password';

describe('a fingerprinter', () => {
  it('gives the same hashes for the same key', () => {
    const [one, other] = [make(), make()];
    expect(one.check).toBe(other.check);
    expect(one.instance('7')).toBe(other.instance('7'));
    expect(one.name('/name')).toBe(other.name('/name'));
    expect(one.value(scope, pointer, 'x')).toBe(other.value(scope, pointer, 'x'));
  });

  it('hashes as HMAC-SHA-256 does, however long a value is', () => {
    const info = `connectorctl fingerprint v2 ${sha256Hex(place(['acme', 'production', 'api.example']))}`;
    const key = new Uint8Array(hkdfSync('sha256', 'a key', '', info, 32));
    const one = make();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(1, 100, 3_000), (text, times) => {
        const value = text.repeat(times);
        const signed = createHmac('sha256', key)
          .update(place(['value', scope.key, scope.id, pointer, value]))
          .digest();
        expect(one.value(scope, pointer, value)).toBe(signed.toString('base64url', 0, 8));
        const named = createHmac('sha256', key)
          .update(place(['name', value]))
          .digest();
        expect(one.name(value)).toBe(named.toString('base64url', 0, 4));
      }),
    );
  });

  it('gives hashes of 4 bytes for the key and for names and of 8 bytes for ids and values', () => {
    const one = make();
    const lengths = [one.check, one.name('/name'), one.instance('7'), one.value(scope, '/name', '')].map(
      (hash) => Buffer.from(hash, 'base64url').length,
    );
    expect(lengths).toEqual([4, 4, 8, 8]);
  });

  it('keeps giving the hashes that stand in tags already', () => {
    const one = make({ key: 'fixed' });
    expect([
      one.check,
      one.instance('7'),
      one.name('/name'),
      one.value(scope, '/tags', 'x'),
      one.value(scope, '/name', 'x'),
    ]).toMatchInlineSnapshot(`
      [
        "8q0z7Q",
        "hZcanf3QVtE",
        "McHhyQ",
        "LSAU8hS97aw",
        "6RCnbg_Xs8s",
      ]
    `);
  });

  it.each<readonly [string, Options]>([
    ['key', { key: 'another' }],
    ['workspace', { workspace: 'another' }],
    ['environment', { environment: 'staging' }],
    ['host', { host: 'api.other.example' }],
  ])('gives other hashes for another %s', (_, options) => {
    const [one, other] = [make(), make(options)];
    expect(one.check).not.toBe(other.check);
    expect(one.instance('7')).not.toBe(other.instance('7'));
    expect(one.name('/name')).not.toBe(other.name('/name'));
    expect(one.value(scope, pointer, 'x')).not.toBe(other.value(scope, pointer, 'x'));
    expect(one.value(scope, '/name', 'x')).not.toBe(other.value(scope, '/name', 'x'));
  });

  it('gives the hash of a name that no definition and no instance is bound to, so that renamed files are looked up by it', () => {
    const one = make();
    expect(one.value({ key: 'b', id: '8' }, '/name', 'x')).toBe(one.value(scope, '/name', 'x'));
  });

  it('gives the same hash for a text and for a secret with that text', () => {
    const one = make();
    expect(one.value(scope, '/configuration/username', aSecret('bob'))).toBe(
      one.value(scope, '/configuration/username', 'bob'),
    );
  });

  it('takes a workspace, an environment and a host of any length', () => {
    const long = 'x'.repeat(5000);
    expect(make({ host: `${long}a` }).check).not.toBe(make({ host: `${long}b` }).check);
  });

  it('never gives two different places or values the same hash, wherever one part ends and the next begins', () => {
    const fingerprinter = make();
    const part = fc.string({ unit: 'binary' });
    const parts = fc.tuple(part, fc.string(), fc.string(), fc.string());
    const hash = ([key, id, at, value]: readonly [string, string, string, string]): string =>
      fingerprinter.value({ key, id }, `/${at}`, value);
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other) && one[2] !== 'name');
        expect(hash(one)).not.toBe(hash(other));
      }),
    );
    expect(hash(['a', 'b', 'c', 'd'])).not.toBe(hash(['ab', '', 'c', 'd']));
    expect(hash(['a', '1:b', 'c', 'd'])).not.toBe(hash(['a1', 'b', 'c', 'd']));
  });

  it('never gives two instances the same hash, of a value or of the id itself', () => {
    const one = make();
    const id = fc.integer({ min: 1, max: 10 ** 9 }).map(String);
    fc.assert(
      fc.property(id, id, fc.string(), (first, second, value) => {
        fc.pre(first !== second);
        expect(one.instance(first)).not.toBe(one.instance(second));
        expect(one.value({ key: 'a', id: first }, pointer, value)).not.toBe(
          one.value({ key: 'a', id: second }, pointer, value),
        );
      }),
    );
  });

  it('gives hashes of ids, names and values that have nothing to do with each other', () => {
    const one = make();
    const short = Buffer.from(one.instance('/name'), 'base64url').subarray(0, 4).toString('base64url');
    expect(one.name('/name')).not.toBe(short);
    expect(one.instance('7')).not.toBe(one.value({ key: '', id: '' }, '/name', '7'));
  });

  it('cannot be guessed from the value alone: a plain hash of it stands nowhere', () => {
    const plain = Buffer.from(sha256Hex('1234'), 'hex').subarray(0, 8).toString('base64url');
    expect(make().value(scope, pointer, aSecret('1234'))).not.toBe(plain);
  });
});
