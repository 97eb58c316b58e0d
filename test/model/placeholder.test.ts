import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findPlaceholder,
  isPlatformMask,
  looksMasked,
  readPlaceholder,
  replacePlaceholders,
} from '../../src/model/placeholder.ts';
import { aSecret } from '../support/builders.ts';

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
    ['xxxxx', 'xxxxx'],
    ['https://xxxxxx.example.com', 'xxxxxx'],
    ['%HOST%', '%HOST%'],
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
    'axxxxxxb',
    '${{ secrets.YOUR_API_KEY }}',
    'Bearer ${{ secrets.BOX_XXXXXX }}',
    '/hubs/a?where=b>1',
  ])('finds none in %s', (text) => {
    expect(findPlaceholder(text)).toBeUndefined();
  });

  it('takes every angle bracket in an address for one', () => {
    expect(findPlaceholder('https://<shop>.example.com')).toBeUndefined();
    expect(findPlaceholder('https://<shop>.example.com', true)).toBe('<shop>');
  });
});

describe('looksMasked', () => {
  it('knows masks, and leaves wildcards alone', () => {
    const masks = ['********', ' ****** ', 'Bearer ********', '••••', '***', 'pre********post', 'a ●●●●●●●● b'];
    expect(masks.filter((text) => !looksMasked(text))).toEqual([]);
    expect(['*', '**', '*.example.com', 'a***b', '', '•'].filter(looksMasked)).toEqual([]);
  });

  it('asks a secret without opening it', () => {
    expect(looksMasked(aSecret(' ******** '))).toBe(true);
    expect(looksMasked(aSecret('hunter2'))).toBe(false);
  });
});

describe('isPlatformMask', () => {
  it('is what the platform documents and nothing else, so that the differ compares every other value', () => {
    expect(isPlatformMask('********')).toBe(true);
    expect(isPlatformMask(aSecret('********'))).toBe(true);
    const values = [' ******** ', '***', '•••', 'pre********post', '*********', '', null, undefined, aSecret('***')];
    expect(values.filter(isPlatformMask)).toEqual([]);
  });
});

describe('readPlaceholder', () => {
  it.each([
    ['axxxxxxb', 'xxxxxx', 'whole'],
    ['https://<HOST>/<path>', '<HOST>', 'part'],
    ['where a<b>c', '<b>', 'part'],
    ['your-domain', 'your-domain', 'whole'],
    ['%HOST%', '%HOST%', 'whole'],
  ])('takes %s for one in an example', (text, found, extent) => {
    expect(readPlaceholder(text)).toMatchObject({ found, extent });
  });

  it('finds all that validate refuses, and what it replaces holds none any more', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '<HOST>',
      '<1>',
      '<a b>',
      'xxxxx',
      'X',
      'your',
      '-domain',
      '_key',
      'YOUR_',
      'A',
      '%',
      '__',
      '...',
      '[redacted]',
      'redacted',
      ' ',
      '@',
      '/',
      '.',
      'change',
      'me',
      '\n',
      'insert ',
      '${{ secrets.YOUR_KEY }}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        const extent = readPlaceholder(text)?.extent;
        expect(extent === undefined && findPlaceholder(text, true) !== undefined).toBe(false);
        const replaced = extent === 'part' ? replacePlaceholders(text, 'likely', () => '${{ vars.v }}') : '';
        expect(findPlaceholder(replaced, true)).toBeUndefined();
      }),
      { numRuns: 5000, seed: 9 },
    );
  });
});

it('reads a text that is full of openings once', () => {
  for (const part of ['${{', '${{ x', '${{ secrets.'])
    expect(readPlaceholder(`your ${part.repeat(100_000)}`)).toBeUndefined();
});
