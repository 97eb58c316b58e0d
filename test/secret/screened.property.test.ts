import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { createRedactor } from '../../src/secret/redactor.ts';
import { times } from '../support/seed.ts';

const alphabets = [
  'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789',
  'abcdef+/=',
  'aB3%&<>"\'\\ -_.',
  'a1äß😀\n',
  '!$%&/()=?',
] as const;

const secrets = fc.oneof(
  ...alphabets.map((letters) =>
    fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom(...Array.from(letters)) }),
  ),
  fc.constantFrom(
    'https://example.com/callback?code=abcdefghijkl',
    '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKB\n-----END PRIVATE KEY-----',
    'Organization',
    '12345678',
    'abcdefgh12345678\n!$%&/()=?!$%&/()=?',
    'abcdefgh-ijk',
  ),
);

const units = (text: string, encode: (code: string) => string): string =>
  Array.from({ length: text.length }, (_, at) => encode(text.charCodeAt(at).toString(16).padStart(4, '0'))).join('');

/** What may become of a secret on its way into a text. */
const ways: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`user:${text}`).toString('base64url'),
  (text) => Buffer.from(text).toString('hex').toUpperCase(),
  (text) => encodeURIComponent(encodeURIComponent(Buffer.from(text).toString())),
  (text) => JSON.stringify(JSON.stringify(text)),
  (text) => text.replaceAll('&', '&amp;').replaceAll("'", '&#x27;').replaceAll('=', '&#x3D;'),
  (text) => Array.from(text).toReversed().join(''),
  (text) => text.split('\n').join('\r\n'),
  (text) => text.split('\n').at(-1) ?? '',
  (text) => units(text, (code) => String.raw`\\u${code}`),
  (text) => units(text, (code) => `&#x${code};`),
  (text) => text.slice(3),
  (text) => text.slice(0, 13),
  (text) => text.toUpperCase(),
  (text) => text.replaceAll(/(.{5})/g, '$1\n'),
];

/** So many others that it is worth while to hold all against the texts first. */
const others = Array.from({ length: 300 }, (_, index) =>
  Buffer.from(`${index * 7_919}-token-${index}`)
    .toString('base64')
    .repeat(2),
);

const shown = fc.record({
  of: fc.nat(),
  way: fc.constantFrom(...ways),
  before: fc.constantFrom('', 'Invalid value "', 'x', '9', '{"message":"'),
  behind: fc.constantFrom('', '"', 'x', '.'),
});

describe('texts that are redacted together', () => {
  it('come out as each would alone', () => {
    fc.assert(
      fc.property(
        fc.array(secrets, { minLength: 1, maxLength: 4 }),
        fc.array(shown, { minLength: 1, maxLength: 6 }),
        (own, places) => {
          const all = [...others.slice(0, 150), ...own, ...others.slice(150)];
          const pick = (of: number): string => (of % 3 === 0 ? others[of % others.length] : own[of % own.length]) ?? '';
          const texts = places.map(({ of, way, before, behind }) => before + way(pick(of)) + behind);
          const together = redactorOf(all).forTexts(() => texts);
          const alone = redactorOf(all);
          for (const text of texts) expect(together(text)).toBe(alone.redact(text));
        },
      ),
      times(40),
    );
  });

  it('show no line of a secret that has neither letters nor digits', () => {
    const line = '!$%&/()=?!$%&/()=?';
    const together = redactorOf([...others, `abcdefgh12345678\n${line}`]).forTexts(() => [`see ${line}`]);
    expect(together(`see ${line}`)).toBe('see (secret)');
  });

  it('show no secret that comes after them', () => {
    const redactor = redactorOf(others);
    const late = 'late-secret-0123456789';
    const together = redactor.forTexts(() => [`the ${late}`]);
    expect(together(`the ${late}`)).toBe(`the ${late}`);
    redactor.add(new Secret(late, 'test'));
    expect(together(`the ${late}`)).toBe('the (secret)');
  });

  it('leave any other text to the whole search', () => {
    const together = redactorOf(others).forTexts(() => ['nothing']);
    expect(together(`a ${others[7]}`)).toBe('a (secret)');
  });
});

function redactorOf(texts: readonly string[]) {
  return createRedactor(texts.map((text) => new Secret(text, 'test')));
}
