import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConsentPlace, readState, signState } from '../../src/consent/state.ts';
import { createConsentSigner } from '../../src/secret/fingerprint.ts';
import { aSecret } from '../support/builders.ts';
import { times } from '../support/seed.ts';

const signer = createConsentSigner(aSecret('a key of the environment'));
const place: ConsentPlace = { workspace: 'acme', environment: 'test', host: 'api.example', key: 'docs', settings: 's' };
const claims = { nonce: 'n'.repeat(22), expires: 2_000_000_000_000, live: undefined };
const state = signState(claims, place, signer);

function read(text: string | undefined, other: Partial<ConsentPlace> = {}, now = 0) {
  return readState(text, { place: { ...place, ...other }, now, signer });
}

describe('the state of a consent', () => {
  it('is read where it belongs, until it is too old', () => {
    expect(read(state)).toMatchObject({ ok: true, claims: { nonce: claims.nonce, expires: claims.expires } });
    expect(read(state, {}, claims.expires - 1).ok).toBe(true);
    expect(read(state, {}, claims.expires)).toEqual({ ok: false, fault: 'expired' });
  });

  it.each([undefined, '1001', 'none', ''])('is for the instance %j, and for no other one', (live) => {
    const result = read(signState({ ...claims, live }, place, signer));
    for (const one of [undefined, '1001', 'none', '', '1002']) {
      expect(result.ok && result.claims.isFor(one)).toBe(one === live);
    }
  });

  it.each([
    ['other-environment', { workspace: 'other' }],
    ['other-environment', { environment: 'other' }],
    ['other-environment', { host: 'other' }],
    ['other-definition', { key: 'other' }],
    ['settings-changed', { settings: 'other' }],
  ])('is refused as %s with %j', (fault, other) => {
    expect(read(state, other)).toEqual({ ok: false, fault });
  });

  it('is refused with any other character in it, and with another key', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: state.length - 1 }),
        fc.constantFrom(...Array.from('abcxyzABC019_-.~ %')),
        (at, letter) => {
          const changed = `${state.slice(0, at)}${letter}${state.slice(at + 1)}`;
          // The last letter of each part carries bits that mean nothing to Base64; the text counts, so that there is one spelling only.
          expect(read(changed).ok).toBe(changed === state);
        },
      ),
      times(100),
    );
    const other = createConsentSigner(aSecret('another key'));
    expect(readState(state, { place, now: 0, signer: other })).toEqual({ ok: false, fault: 'forged' });
    for (const text of [undefined, '']) expect(read(text)).toEqual({ ok: false, fault: 'missing' });
    for (const text of ['sharefile', `${state}.`, `x${state}`, `${state}\n`, state.toUpperCase()]) {
      expect(read(text)).toMatchObject({ ok: false, fault: 'malformed' });
    }
  });

  it('says nothing of what it is for, in letters that need no escape', () => {
    const long = { ...place, key: 'a/very/long/key/'.repeat(30), workspace: 'w'.repeat(200) };
    const text = signState(claims, long, signer);
    expect(text).toMatch(/^[\w.-]{1,140}$/);
    for (const word of ['long', 'acme', 'docs', 'api']) expect(text).not.toContain(word);
  });
});
