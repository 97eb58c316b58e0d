import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestName } from '../../src/model/nearest-name.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['tag', 'tags', 1],
    ['conector', 'connector', 1],
    ['prodcution', 'production', 1],
    ['kitten', 'sitting', 3],
  ])('from %s to %s is %i', (left, right, distance) => {
    expect(editDistance(left, right, 10)).toBe(distance);
  });

  it('is the same both ways, 0 only for equal texts, and never more than one above the limit', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.nat(9), (left, right, limit) => {
        const distance = editDistance(left, right, limit);
        expect(distance).toBe(editDistance(right, left, limit));
        expect(distance === 0).toBe(left === right);
        expect(distance).toBeLessThanOrEqual(limit + 1);
        expect(distance).toBe(Math.min(editDistance(left, right, 20), limit + 1));
      }),
    );
  });
});

describe('nearestName', () => {
  it('finds the name that was meant', () => {
    const known = ['tags', 'name', 'event.poller.refresh_interval', 'event.notification.callback.url'];
    expect(nearestName('tag', known)).toBe('tags');
    expect(nearestName('Name', known)).toBe('name');
    expect(nearestName('event.poller.interval', known)).toBe('event.poller.refresh_interval');
    expect(nearestName('event.notification.calbackurl', known)).toBe('event.notification.callback.url');
  });

  it('takes a longer name with all the words only where none is nearer', () => {
    const known = [
      'apikey.user.password',
      'apikey.user.password.keyname',
      'oauth.final.callback.url',
      'oauth.callback.url',
    ];
    for (const order of [known, known.toReversed()]) {
      expect(nearestName('apikey_user_password', order)).toBe('apikey.user.password');
      expect(nearestName('OAUTH.CALLBACK.URL', order)).toBe('oauth.callback.url');
      expect(nearestName('apikey.password.keyname', order)).toBe('apikey.user.password.keyname');
    }
  });

  it('takes that with the same capitals of two that are equally near', () => {
    for (const known of [
      ['base.url', 'baseUrl'],
      ['baseUrl', 'base.url'],
    ])
      expect(nearestName('baseeUrl', known)).toBe('baseUrl');
  });

  it('takes no letter for another one', () => {
    expect(nearestName('c', ['a', 'b', 'cd'])).toBeUndefined();
    expect(nearestName('A', ['a', 'b'])).toBe('a');
  });

  it('finds none when nothing is near', () => {
    expect(nearestName('colour', ['tags', 'name'])).toBeUndefined();
    expect(nearestName('', ['tags'])).toBeUndefined();
  });
});
