import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Secret } from '../../src/model/secret.ts';
import { createRedactor } from '../../src/secret/redactor.ts';

function redactorOf(...texts: readonly string[]) {
  const redactor = createRedactor();
  for (const text of texts) redactor.add(new Secret(text, 'test'));
  return redactor;
}

/** Holds everything that some encoding changes. */
const awkward = `pa/ss+w=rd "q" & <x>'~`;

const [percent, json] = [encodeURIComponent, (text: string) => JSON.stringify(text).slice(1, -1)];
const html = (text: string) => text.replaceAll(/[^\w ]/g, (found) => `&#${found.charCodeAt(0)};`);
const escaped: Readonly<Record<string, (text: string) => string>> = {
  'percent-encoded twice': (text) => percent(percent(text)),
  'percent-encoded three times': (text) => percent(percent(percent(text))),
  'as JSON in a URL': (text) => percent(json(text)),
  'as HTML in JSON in JSON': (text) => json(json(html(text))),
  'as a URL in HTML': (text) => html(percent(text)),
  'as numbers of characters': (text) =>
    Array.from(text, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  'every byte with a percent sign': (text) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&'),
  'as UTF-8 that was taken for Latin-1': (text) => Buffer.from(text).toString('latin1'),
};

describe('createRedactor', () => {
  it('leaves text alone while it knows no secret', () => {
    expect(createRedactor().redact('nothing to hide')).toBe('nothing to hide');
  });

  it.each([
    ['plain', awkward],
    ['base64 with padding', Buffer.from(awkward).toString('base64')],
    ['base64 without padding', Buffer.from(awkward).toString('base64').replace(/=+$/, '')],
    ['base64url', Buffer.from(awkward).toString('base64url')],
    ['URL-encoded', encodeURIComponent(awkward)],
    ['URL-encoded in lower case', encodeURIComponent(awkward).replaceAll(/%../g, (found) => found.toLowerCase())],
    ['form-encoded', new URLSearchParams({ p: awkward }).toString().slice(2)],
    ['JSON-escaped', JSON.stringify(awkward).slice(1, -1)],
    [
      'JSON with escaped slashes',
      JSON.stringify(awkward)
        .slice(1, -1)
        .replaceAll('/', String.raw`\/`),
    ],
    ['JSON as Gson writes it', String.raw`pa/ss\u002bw\u003drd \"q\" \u0026 \u003cx\u003e\u0027~`],
    ['HTML-escaped', `pa/ss+w=rd &quot;q&quot; &amp; &lt;x&gt;&#39;~`],
    ['HTML with hexadecimal escapes', `pa/ss+w=rd &quot;q&quot; &amp; &lt;x&gt;&#x27;~`],
    ['HTML as Go writes it', `pa/ss&#43;w=rd &#34;q&#34; &amp; &lt;x&gt;&#39;~`],
  ])('takes a secret out that comes back %s', (_form, shown) => {
    expect(redactorOf(awkward).redact(`before ${shown} behind`)).toBe('before (secret) behind');
  });

  it.each([['user'], ['user1'], ['user22']])('finds a secret inside Basic credentials behind the name %s', (name) => {
    const header = Buffer.from(`${name}:correct horse battery:more`).toString('base64');
    const redacted = redactorOf('correct horse battery').redact(`Basic ${header}`);
    expect(redacted).toContain('(secret)');
    const rest = redacted.replace('Basic ', '').split('(secret)');
    expect(rest.map((part) => Buffer.from(part, 'base64').toString()).join(' ')).not.toMatch(/orrect|horse|attery/);
  });

  it.each(Object.entries(escaped))('finds a secret of few letters and digits %s', (_how, encode) => {
    for (const text of ['p@$$/w0"!', 'x7Qp9z', '"!/&<>@#', 'pä"ß!'])
      expect(redactorOf(text).redact(`before ${encode(text)} behind`)).toBe('before (secret) behind');
  });

  const awkwardOne = 'k!9@x#2$m%7^q&4*z "';
  it.each([
    ['percent-encoded', percent(awkwardOne)],
    ['form-encoded', new URLSearchParams({ p: awkwardOne }).toString().slice(2)],
    ['JSON-escaped', json(awkwardOne)],
  ])('finds a secret that is %s inside of base64, wherever it begins there', (_how, shown) => {
    for (const user of ['', 'u', 'us', 'user'])
      expect(redactorOf(awkwardOne).redact(Buffer.from(`${user}:${shown}:`).toString('base64'))).toContain('(secret)');
  });

  it.each([
    ['in another case', 'Sunflowerpower'],
    ['reversed', 'rewoprewolfnus'],
  ])('takes no secret for the word of a sentence that comes back %s', (_how, shown) => {
    expect(redactorOf('sunflowerpower').redact(`before ${shown} behind`)).toBe('before (secret) behind');
  });

  it('takes the longest of several secrets', () => {
    expect(redactorOf('abcd', 'abcdefgh').redact('x abcdefgh y abcd z')).toBe('x (secret) y (secret) z');
  });

  it('leaves no rest of a secret that another one overlaps', () => {
    expect(redactorOf('abcdef', 'efghijkl').redact('-abcdefghijkl-')).toBe('-(secret)-');
  });

  it('leaves no line of a key behind, each of which is a secret too and ends before the whole does', () => {
    const key = '-----BEGIN KEY-----\nAQC7x9/Kd02mWq==\n-----END KEY-----';
    expect(redactorOf(key).redact(`it says ${key} end`)).toBe('it says (secret) end');
    const longer = 'abcdefghijkl';
    expect(redactorOf(longer, 'defg').redact(`it says ${longer} end`)).toBe('it says (secret) end');
  });

  it('takes a short secret out only where it stands alone', () => {
    expect(redactorOf('42', 'a+b').redact('code 42, not 420 and not x42; a+b (42)')).toBe(
      'code (secret), not 420 and not x42; (secret) ((secret))',
    );
  });

  it('leaves the word of a sentence, which a secret happens to have in it, and hides the secret itself', () => {
    const sentence = 'Invalid Organization or User secret';
    expect(redactorOf('an-organization-secret-7').redact(sentence)).toBe(sentence);
    expect(redactorOf('an-organization-secret-7').redact('an-organization-secret-7 is wrong')).toBe(
      '(secret) is wrong',
    );
    expect(redactorOf('organization').redact('the organization is wrong')).toBe('the (secret) is wrong');
  });

  it('reads characters of regular expressions as they are', () => {
    expect(redactorOf('a.*c(', '.*').redact('axxc( a.*c( .*')).toBe('axxc( (secret) (secret)');
  });

  it('ignores an empty secret and one of blanks', () => {
    expect(redactorOf('', '   ').redact('a    b')).toBe('a    b');
  });

  it('knows a secret that is added after the first text', () => {
    const redactor = redactorOf('first one');
    expect(redactor.redact('first one, second one')).toBe('(secret), second one');
    redactor.add(new Secret('second one', 'test'));
    expect(redactor.redact('first one, second one')).toBe('(secret), (secret)');
  });

  it('finds the lines of a key that is wrapped in another way', () => {
    const key = '-----BEGIN KEY-----\nMIIBVQIBADANBgkqhkiG\n9w0BAQEFAASCAT8wggE7\n-----END KEY-----';
    expect(redactorOf(key).redact('got MIIBVQIBADANBgkqhkiG / 9w0BAQEFAASCAT8wggE7')).toBe('got (secret) / (secret)');
  });

  it('can hold a text that is no well-formed Unicode', () => {
    expect(redactorOf('abc\ud800def').redact('abc\ud800def')).toBe('(secret)');
  });

  it('holds tens of thousands of secrets', () => {
    const secrets = Array.from({ length: 20_000 }, (_, index) => `token/${index}+${index * 7919}=`);
    const redactor = redactorOf(...secrets);
    expect(redactor.redact(`${secrets[19_999]} and ${encodeURIComponent(secrets[3] ?? '')} and token`)).toBe(
      '(secret) and (secret) and token',
    );
  });

  it('never lets a secret of four characters or more through, in any form', () => {
    const secret = fc.string({ minLength: 4, maxLength: 40, unit: 'binary' }).filter((text) => text.trim() !== '');
    const form = fc.constantFrom(
      (text: string) => text,
      (text: string) => Buffer.from(text).toString('base64'),
      (text: string) => Buffer.from(text).toString('base64url'),
      (text: string) => encodeURIComponent(text),
      (text: string) => JSON.stringify(text).slice(1, -1),
    );
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 5 }), form, fc.string(), (secrets, encode, around) => {
        const redacted = redactorOf(...secrets).redact(
          secrets.map((text) => `\u0001${around}${encode(text)}`).join(''),
        );
        const leaked = secrets.map(encode).filter((shown) => redacted.includes(shown));
        expect(leaked.filter((shown) => !`(secret)\u0001${around}`.includes(shown))).toEqual([]);
      }),
    );
  });
});
