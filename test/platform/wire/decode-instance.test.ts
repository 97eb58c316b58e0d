import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Secret } from '../../../src/model/secret.ts';
import { decodeInstance } from '../../../src/platform/wire/decode-instance.ts';
import { createRedactor } from '../../../src/secret/redactor.ts';
import { wireInstance } from '../clients.ts';

function decode(value: unknown) {
  const decoded = decodeInstance(value, createRedactor());
  if (!decoded.ok) throw new Error(decoded.problem);
  return decoded.value;
}

function configurationOf(configuration: unknown) {
  return decode(wireInstance(1, { configuration })).configuration;
}

describe('decodeInstance', () => {
  it('reads what is used and nothing else', () => {
    const instance = decode({
      id: 450,
      name: 'Docs',
      createdDate: '2020-01-01T00:00:00Z',
      token: 'T0ken/=',
      element: { id: 1, key: 'sharefile', hub: 'documents', authentication: { type: 'oauth2' } },
      tags: ['Docs', 'connectorctl/acme'],
      valid: false,
      disabled: true,
      configuration: { 'base.url': 'https://x' },
      user: { id: 3 },
      traceLoggingEnabled: false,
    });
    expect({ ...instance, configuration: new Map(instance.configuration) }).toEqual({
      id: '450',
      connector: 'sharefile',
      name: 'Docs',
      tags: ['Docs', 'connectorctl/acme'],
      disabled: true,
      valid: false,
      authentication: 'oauth2',
      createdDate: '2020-01-01T00:00:00Z',
      token: expect.any(Secret) as unknown,
      configuration: new Map([['base.url', 'https://x']]),
    });
    expect(instance.token?.equals('T0ken/=')).toBe(true);
  });

  it('does not take the words of vendors for secrets that hide other texts', () => {
    const redactor = createRedactor();
    const configuration = {
      'saps4.csrf.token': 'fetch',
      'apikey.user.password.keyname': 'password',
      'x.token': 'T0ken/=',
    };
    const decoded = decodeInstance(wireInstance(1, { configuration }), redactor);
    expect(decoded.ok && decoded.value.configuration?.get('saps4.csrf.token')).toBeInstanceOf(Secret);
    expect(redactor.redact('fetch user.password T0ken/=')).toBe('fetch user.password (secret)');
  });

  it('takes tags as texts or objects, and none for an empty list', () => {
    expect(decode(wireInstance(1, { tags: ['a', { id: 3, name: 'b' }] })).tags).toEqual(['a', 'b']);
    expect(decode(wireInstance(1, { tags: null })).tags).toEqual([]);
    expect(decode(wireInstance(1, { tags: undefined })).tags).toEqual([]);
  });

  it('takes an id as number or text, and never one that JSON has rounded', () => {
    expect(decode(wireInstance(1, { id: '12' })).id).toBe('12');
    for (const id of [2 ** 53, 1.5, -1, '', '1/2', '..', null, {}, true]) {
      expect(decodeInstance(wireInstance(1, { id }), createRedactor()).ok).toBe(false);
    }
  });

  it('makes canonical text of every configuration value', () => {
    const values = { a: 'x', b: true, c: 15, d: null, e: { url: '/x' }, f: [1], g: '' };
    expect(new Map(configurationOf(values))).toEqual(
      new Map(Object.entries({ a: 'x', b: 'true', c: '15', d: null, e: '{"url":"/x"}', f: '[1]', g: '' })),
    );
  });

  it('makes Secrets of values under secret-looking keys, but of the mask, null and empty text', () => {
    const configuration = configurationOf({
      password: 'hunter2',
      'oauth.api.key': '********',
      'oauth.api.secret': null,
      'oauth.user.token': '',
      'jks.password': '*********',
    });
    expect(configuration?.get('password')).toBeInstanceOf(Secret);
    expect(configuration?.get('oauth.api.key')).toBe('********');
    expect(configuration?.get('oauth.api.secret')).toBeNull();
    expect(configuration?.get('oauth.user.token')).toBe('');
    expect(configuration?.get('jks.password')).toBeInstanceOf(Secret);
    expect(JSON.stringify([...(configuration ?? [])])).not.toContain('hunter2');
  });

  it('tells the redactor every secret', () => {
    const redactor = createRedactor();
    decodeInstance(wireInstance(1, { token: 'the-token', configuration: { password: 'the-password' } }), redactor);
    expect(redactor.redact('the-token the-password Instance 1')).toBe('(secret) (secret) Instance 1');
  });

  it('tells no configuration from an empty one', () => {
    expect(configurationOf(undefined)).toBeUndefined();
    expect(configurationOf(null)).toBeUndefined();
    expect(configurationOf({})?.size).toBe(0);
  });

  it('reads keys with a special meaning in JavaScript as any other', () => {
    const value: unknown = JSON.parse(
      '{"id":1,"name":"x","element":{"key":"k"},"configuration":{"__proto__":"a","constructor":"b"}}',
    );
    expect(new Map(decode(value).configuration)).toEqual(
      new Map([
        ['__proto__', 'a'],
        ['constructor', 'b'],
      ]),
    );
    expect(
      decodeInstance(JSON.parse('{"__proto__":{"id":1,"name":"x","element":{"key":"k"}}}'), createRedactor()).ok,
    ).toBe(false);
  });

  it.each([
    ['its id is missing or not a number', { id: undefined }],
    ['instance 1 does not name its connector (element.key)', { element: undefined }],
    ['instance 1 does not name its connector (element.key)', { element: { key: '' } }],
    ['the name of instance 1 is missing or not a string', { name: null }],
    ['the tags of instance 1 are not a list of strings', { tags: { 0: 'a' } }],
    ['the tags of instance 1 are not a list of strings', { tags: ['a', 7] }],
    ['the configuration of instance 1 is not an object', { configuration: ['a'] }],
    ['the configuration of instance 1 is not an object', { configuration: 'x' }],
  ])('says that %s', (problem, fields) => {
    expect(decodeInstance(wireInstance(1, fields), createRedactor())).toEqual({ ok: false, problem });
  });

  it('never throws, whatever it is given', () => {
    const redactor = createRedactor();
    const almost = fc.record(
      {
        id: fc.anything(),
        name: fc.anything(),
        tags: fc.anything(),
        configuration: fc.json().map((text): unknown => JSON.parse(text)),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), almost), (value) => {
        expect(typeof decodeInstance(value, redactor).ok).toBe('boolean');
      }),
    );
  });
});
