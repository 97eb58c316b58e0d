import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReviewRecord, renderReviewRecord } from '../../../src/action/review/review-record.ts';

const hash = (length: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: length, maxLength: length });

const records = fc.record({
  digest: hash(64),
  head: hash(40),
  base: hash(40),
  tested: hash(40),
  environment: fc.oneof(fc.constantFrom('a --> <!--', 'a version=9', '--', '%', '\n'), fc.string({ unit: 'grapheme' })),
  version: fc.constantFrom('0.1.0', '1.0.0-beta.1'),
  changes: fc.base64String(),
});

describe('the hidden line of a plan', () => {
  it('is read back as it was written, is one line, and ends where it should', () => {
    fc.assert(
      fc.property(records, (record) => {
        const line = renderReviewRecord(record);
        expect(line).toMatch(/^<!-- [^<>\n]* -->$/);
        expect(line.slice(4, -3)).not.toContain('--');
        expect(parseReviewRecord(line)).toEqual(record);
        expect(parseReviewRecord(`${line}\r`)).toEqual(record);
      }),
    );
  });

  it('is nothing when anything about it is strange', () => {
    fc.assert(
      fc.property(records, fc.nat(400), fc.constantFrom('', ' ', 'x', '<', '0', '\n'), (record, at, text) => {
        const line = renderReviewRecord(record);
        const [before, after] = [line.slice(0, at % line.length), line.slice((at % line.length) + 1)];
        const changed = `${before}${text}${after}`;
        const read = parseReviewRecord(changed);
        // What can be read at all is what it says: it renders to the same line.
        const again = read === undefined ? changed.trimEnd() : renderReviewRecord(read);
        expect(again).toBe(changed.trimEnd());
      }),
    );
    expect(parseReviewRecord(undefined)).toBeUndefined();
    expect(parseReviewRecord('text')).toBeUndefined();
  });
});
