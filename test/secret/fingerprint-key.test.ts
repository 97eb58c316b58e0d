import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { UserError } from '../../src/model/user-error.ts';
import { checkFingerprintKey } from '../../src/secret/fingerprint.ts';

const origin = 'CONNECTORCTL_FINGERPRINT_KEY';

function refusalOf(text: string): UserError | undefined {
  try {
    checkFingerprintKey(new Secret(text, origin));
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

describe('a fingerprint key', () => {
  it('may be any 32 bytes or more, as hex, base64 or base64url', () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 80 }).map((one) => Buffer.from(one));
    fc.assert(
      fc.property(bytes, fc.constantFrom('hex', 'base64', 'base64url'), (key, encoding) => {
        expect(refusalOf(key.toString(encoding as BufferEncoding))).toBeUndefined();
      }),
    );
    expect(refusalOf(randomBytes(32).toString('hex').toUpperCase())).toBeUndefined();
  });

  it('counts as not set when it is empty', () => {
    expect(refusalOf('')).toBeUndefined();
  });

  it.each([
    ['a word', 'changeme'],
    ['a sentence', 'a rather long sentence that somebody made up for this purpose'],
    ['31 bytes as hex', 'a1'.repeat(31)],
    ['hex that would be long enough as base64', 'a1'.repeat(25)],
    ['31 bytes as base64', Buffer.alloc(31, 7).toString('base64')],
    ['both alphabets of base64', `${'ab+/'.repeat(11)}_-`],
    ['blanks around it', ` ${'a1'.repeat(32)}`],
    ['a line break at its end', `${'a1'.repeat(32)}\n`],
    ['base64 with something behind its end', `${Buffer.alloc(32, 7).toString('base64')}x`],
  ])('is refused when it is %s, with a way to make one and without itself', (_, text) => {
    const refusal = refusalOf(text);
    expect(refusal).toMatchObject({ code: 'weak-fingerprint-key', kind: 'invalid' });
    const said = `${refusal?.message}\n${refusal?.hint}`;
    expect(said).toContain(origin);
    expect(said).toContain('openssl rand -hex 32');
    expect(said).not.toContain(text);
  });
});
