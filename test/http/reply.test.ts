import { describe, expect, it } from 'vitest';
import { readRetryAfter } from '../../src/http/reply.ts';

function read(retryAfter?: string, date?: string): number | undefined {
  const headers: Readonly<Record<string, string | undefined>> = { 'retry-after': retryAfter, date };
  return readRetryAfter({ header: (name) => headers[name] });
}

describe('readRetryAfter', () => {
  it('reads seconds', () => {
    expect(read('3')).toBe(3_000);
    expect(read(' 0 ')).toBe(0);
  });

  it("counts an HTTP date from the answer's own date", () => {
    expect(read('Sun, 06 Nov 1994 08:49:47 GMT', 'Sun, 06 Nov 1994 08:49:37 GMT')).toBe(10_000);
  });

  it('never asks to wait for the past', () => {
    expect(read('Sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 06 Nov 1994 08:49:47 GMT')).toBe(0);
    expect(read('Sun, 06 Nov 1994 08:49:37 GMT')).toBe(0);
  });

  it('says nothing when the header is missing or senseless', () => {
    expect([read(), read(''), read('soon'), read('-3.x')]).toEqual([undefined, undefined, undefined, undefined]);
  });
});
