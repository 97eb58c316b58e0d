import { describe, expect, it } from 'vitest';
import { findPlaceholder, isMask } from '../../src/validation/placeholder.ts';

describe('findPlaceholder', () => {
  it.each([
    ['</ROOT_DIR>', '</ROOT_DIR>'],
    ['<iContact Api version>', '<iContact Api version>'],
    ['XXXXXXXX', 'XXXXXXXX'],
    ['[REDACTED]', '[REDACTED]'],
    ['INSERT_TOKEN_HERE', 'INSERT_TOKEN_HERE'],
    ['key=YOUR_KEY', 'YOUR_KEY'],
    ['your-api-key', 'your-api-key'],
    ['change_me', 'change_me'],
    ['host <insert host here>:1', '<insert host here>'],
  ])('finds the one in %s', (text, found) => {
    expect(findPlaceholder(text)).toBe(found);
  });

  it.each([
    'My Drive',
    'your',
    'Your company',
    'xxl',
    'a<b',
    'changes',
    'a < b > c',
    '%',
    'INSERT',
    '/hubs/a?where=b>1',
  ])('finds none in %s', (text) => {
    expect(findPlaceholder(text)).toBeUndefined();
  });

  it('takes every angle bracket in an address for one', () => {
    expect(findPlaceholder('https://<shop>.example.com')).toBeUndefined();
    expect(findPlaceholder('https://<shop>.example.com', true)).toBe('<shop>');
  });
});

describe('isMask', () => {
  it('knows masks, and leaves wildcards alone', () => {
    expect(['********', ' ****** ', 'Bearer ********', '••••'].filter((text) => !isMask(text))).toEqual([]);
    expect(['*', '**', '*.example.com', 'a***b'].filter(isMask)).toEqual([]);
  });
});
