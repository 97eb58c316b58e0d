import { describe, expect, it } from 'vitest';
import { isRespelling } from '../../src/model/respelling.ts';

describe('whether a value is another spelling of the wanted one', () => {
  it.each([
    ['New & 1', 'Old & 1'],
    ['New 1', 'Old 2'],
    ['https://a1.example.com', 'https://b1.example.com'],
    ['v1', 'x1'],
    ['0', 'no digits'],
    ['0', 'a1'],
  ])('is not, though both hold digits: %s, %s', (wanted, shown) => {
    expect(isRespelling(wanted, shown)).toBe(false);
    expect(isRespelling(shown, wanted)).toBe(false);
  });

  it.each([
    ['015', '15'],
    ['15', '15.0'],
    ['1e3', '1000'],
    ['+7', '7'],
    ['.5', '0.5'],
    ['R&D 1', 'r&amp;d 1'],
  ])('is, where only the writing differs: %s, %s', (wanted, shown) => {
    expect(isRespelling(wanted, shown)).toBe(true);
  });
});
