import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reveal, Secret } from '../../src/model/secret.ts';
import { nameOfSecret, processSecrets } from '../../src/secret/process-secrets.ts';
import { createRedactor } from '../../src/secret/redactor.ts';
import { times } from '../support/seed.ts';

const wrap = (text: string, width: number, by = '\n'): string =>
  text.match(new RegExp(`.{1,${width}}`, 'gsu'))?.join(by) ?? '';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const units = (text: string, encode: (unit: string) => string): string =>
  Array.from({ length: text.length }, (_, index) => encode(text.charCodeAt(index).toString(16).padStart(4, '0'))).join(
    '',
  );
const percentAll = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** What a server, a library or a person makes of a text, by name. */
const ways: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'base64 wrapped at 64': (text) => wrap(base64(text), 64),
  'base64 wrapped at 76 with CR LF': (text) => wrap(base64(text), 76, '\r\n'),
  'base64 in a JSON text': (text) => JSON.stringify(wrap(base64(`user:${text}`), 76)),
  'base64url behind a name': (text) => Buffer.from(`me:${text}`).toString('base64url'),
  hexadecimal: hex,
  'hexadecimal in upper case': (text) => hex(text).toUpperCase(),
  'hexadecimal with colons': (text) => wrap(hex(text), 2, ':'),
  'percent-encoded, each byte': percentAll,
  'percent-encoded twice': (text) => encodeURIComponent(percentAll(text)),
  'percent-encoded three times': (text) => encodeURIComponent(encodeURIComponent(percentAll(text))),
  'escaped as JSON, each unit': (text) => units(text, (code) => String.raw`\u${code}`),
  'escaped as JSON twice': (text) => units(text, (code) => String.raw`\\u${code}`),
  'as HTML entities': (text) => units(text, (code) => `&#x${code};`),
  'broken over lines': (text) => wrap(text, 5),
  'broken over quoted lines': (text) => wrap(text, 5, '\n> '),
  'in upper case': (text) => text.toUpperCase(),
  'in lower case': (text) => text.toLowerCase(),
  reversed: (text) => Array.from(text).toReversed().join(''),
  'cut at the end': (text) => text.slice(0, Math.max(14, text.length >> 1)),
  'cut at the beginning': (text) => text.slice(-Math.max(14, text.length >> 1)),
};

/** Long enough that half of it would be of use. */
const secrets = fc.string({
  minLength: 24,
  maxLength: 80,
  unit: fc.constantFrom(...Array.from('ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789')),
});

const around = fc.constantFrom('', 'Invalid value "', '{"message":"', 'https://example.com/?p=', '\n\t', '⏎ ');

function redactorOf(...texts: readonly string[]) {
  return createRedactor(texts.map((text) => new Secret(text, 'test')));
}

const folded = (text: string): string => text.toLowerCase().replaceAll(/[^a-z\d]/g, '');

describe('a redactor', () => {
  it.each(Object.entries(ways))('hides a secret that comes back %s', (_name, way) => {
    fc.assert(
      fc.property(fc.array(secrets, { minLength: 1, maxLength: 5 }), around, (all, lead) => {
        const shown = all.map(way);
        const redacted = redactorOf(...all).redact(shown.map((one) => `${lead}${one} `).join(''));
        const left = folded(redacted);
        // Nothing that could be put together again: no twelve characters of any of them.
        const leaked = shown
          .map(folded)
          .filter((one) =>
            Array.from({ length: one.length - 11 }, (_, at) => one.slice(at, at + 12)).some((run) =>
              left.includes(run),
            ),
          );
        expect(leaked).toEqual([]);
      }),
      times(60),
    );
  });

  it('leaves what has nothing to do with a secret as it is', () => {
    const texts = fc.lorem({ mode: 'sentences', maxCount: 20 });
    fc.assert(
      fc.property(fc.array(secrets, { minLength: 1, maxLength: 50 }), texts, (all, text) => {
        expect(redactorOf(...all).redact(text)).toBe(text);
      }),
      times(60),
    );
  });

  it('finds the same at a glance as in a full search, which any letter beyond ASCII makes it do', () => {
    const kept = fc.constantFrom('short-1', 'Ab+/=x9', '12345678', 'a1', 'hooks/secret?of=mine&all');
    const parts = fc.tuple(fc.nat(80), fc.integer({ min: 1, max: 40 }), fc.constantFrom('', ' ', '-', '\n', ': '));
    fc.assert(
      fc.property(fc.array(fc.oneof(secrets, kept), { minLength: 1, maxLength: 8 }), fc.array(parts), (all, cuts) => {
        const text = cuts.map(
          ([from, length, end], at) => `${all[at % all.length]?.slice(from % 24, (from % 24) + length)}${end}`,
        );
        const redactor = redactorOf(...all);
        expect(redactor.redact(`${text.join('')} \u00e9`)).toBe(`${redactor.redact(text.join(''))} \u00e9`);
      }),
      times(300),
    );
  });

  it.each([
    [
      'https://hooks.example.com/services/T0000/B1111',
      'see https://hooks.example.com/docs',
      'see https://hooks.example.com/docs',
    ],
    ['-----BEGIN PRIVATE KEY-----\nMIIBVQIBADANBgkqhkiG', '-----BEGIN PRIVATE KEY-----', '-----BEGIN PRIVATE KEY-----'],
    ['prod', 'production and product-1', '(secret)uction and (secret)uct-1'],
    ['a1', 'a1b2 a1 xa1', 'a1b2 (secret) xa1'],
    ['summer26', 'SUMMER26', '(secret)'],
  ])('does not hide what is no secret: %j', (secret, text, shown) => {
    expect(redactorOf(secret).redact(text)).toBe(shown);
  });

  it('looks at each place of a text once, however many secrets there are', () => {
    const text = 'The quick brown fox jumps over the lazy dog. '.repeat(2_000);
    const many = Array.from({ length: 300 }, (_, index) => base64(`secret number ${index}, which is long`));
    expect(redactorOf(...many).redact(`${text}${many[299]}${text}`)).toBe(`${text}(secret)${text}`);
  });
});

const env = {
  CONNECTORCTL_SECRET_ONE: 'secret-number-one',
  CONNECTORCTL_USER_SECRET: 'user-secret-value',
  CONNECTORCTL_USER_SECRET_PROD: 'user-secret-of-prod',
  CONNECTORCTL_ORGANIZATION_SECRET_PREVIOUS_PROD: 'former-secret-of-prod',
  CONNECTORCTL_SECRETS_PROD: 'THREE=secret-number-three',
  CONNECTORCTL_PRODUCTION_ORGANIZATION_SECRET: 'organization-secret-value',
  CONNECTORCTL_FINGERPRINT_KEY: 'fingerprint-key-value',
  CONNECTORCTL_FINGERPRINT_KEY_OLD: 'old-fingerprint-key-value',
  CONNECTORCTL_SECRETS: '{"TWO":"secret-number-two","DEEP":{"a":1}}',
  GITHUB_TOKEN: 'ghs_0123456789',
  HTTPS_PROXY: 'http://me:p%40ssword-of-proxy@proxy.example.com:8080',
  VAULT_TOKEN: 'hvs.0123456789',
  SOPS_AGE_KEY: 'AGE-SECRET-KEY-1QQQQQQ',
};

describe('the secrets of a process', () => {
  it('are all known, whether a definition names them or not', () => {
    const found = processSecrets(env).map((secret) => reveal(secret));
    for (const text of [
      ...Object.values(env).filter((one) => !/proxy\.|^\{|^THREE=/.test(one)),
      'secret-number-two',
      'secret-number-three',
      'p@ssword-of-proxy',
      'p%40ssword-of-proxy',
    ]) {
      expect(found).toContain(text);
    }
    expect(found.join(' ')).not.toContain('proxy.example.com');
  });

  it.each([
    ['http://me:password-of-proxy@proxy.example.com:8080', ['password-of-proxy']],
    ['me:password-of-proxy@proxy.example.com:8080', ['password-of-proxy']],
    ['me:pass:word@of-proxy@proxy.example.com', ['pass:word@of-proxy']],
    ['http://token-of-proxy@proxy.example.com', ['token-of-proxy']],
    ['http://proxy.example.com:8080', []],
    ['proxy.example.com:8080', []],
  ])('are the password of a proxy, however it is written: %s', (address, passwords) => {
    expect(processSecrets({ https_proxy: address }).map((secret) => reveal(secret))).toEqual(passwords);
  });

  it('are read from lines too, and are no settings', () => {
    const lines = '# many\nexport ONE="first-secret"\nTWO = second-secret \n\n';
    const all = processSecrets({
      CONNECTORCTL_SECRETS: lines,
      CONNECTORCTL_ALLOWED_HOSTS: 'a.example.com',
      PATH: '/usr/bin',
      HOME: '/home/me',
    });
    expect(all.map((secret) => reveal(secret))).toEqual(['first-secret', 'second-secret']);
  });

  it.each([
    ['JSON', '{"DYNAMICS_USER_PASSWORD":"xK3vQ9rT7mW2","ACI_MODELBANK_KEY":"zL8nB4cF6hJ1"}'],
    ['lines', 'DYNAMICS_USER_PASSWORD=xK3vQ9rT7mW2\nACI_MODELBANK_KEY=zL8nB4cF6hJ1'],
  ])('do not hide what their names in a bundle of %s say', (_form, bundle) => {
    const redactor = createRedactor(processSecrets({ CONNECTORCTL_SECRETS: bundle }));
    const text = 'dynamics user.password of ACI Modelbank key';
    expect(redactor.redact(text)).toBe(text);
    expect(redactor.redact(`as ${bundle}`)).not.toMatch(/xK3vQ9rT7mW2|zL8nB4cF6hJ1/);
  });

  it('are a whole bundle of which a line is no entry', () => {
    const redactor = createRedactor(processSecrets({ CONNECTORCTL_SECRETS: 'A=first-secret\nrest-of-a-broken-key' }));
    expect(redactor.redact('rest-of-a-broken-key')).toBe('(secret)');
  });

  it('hide nothing when they are too short to be secrets', () => {
    expect(
      processSecrets({ CONNECTORCTL_SECRET_A: '1', CONNECTORCTL_SECRET_B: '  ', CONNECTORCTL_SECRET_C: '' }),
    ).toEqual([]);
  });

  it('are known by name, unless the text is too short to be no chance', () => {
    expect(nameOfSecret(env, 'secret-number-one')).toBe('ONE');
    expect(nameOfSecret(env, 'secret-number')).toBeUndefined();
    expect(nameOfSecret({ CONNECTORCTL_SECRET_A: 'true' }, 'true')).toBeUndefined();
  });
});
