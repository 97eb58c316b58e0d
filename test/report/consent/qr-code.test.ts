import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeQr, type QrCode } from '../../../src/report/consent/qr-code.ts';
import { renderQr } from '../../../src/report/consent/render-qr.ts';

const address = 'https://app.example.com/?state=';

function digest(code: QrCode | undefined): string {
  const rows = code?.map((row) => row.map((isDark) => (isDark ? '1' : '0')).join('')) ?? [];
  return createHash('sha256').update(rows.join('\n')).digest('hex').slice(0, 16);
}

/** Squares that a terminal shows, two rows to a line. */
function squaresOf(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => [
      line.replaceAll(/[▀█]/g, '1').replaceAll(/[▄ ]/g, '0'),
      line.replaceAll(/[▄█]/g, '1').replaceAll(/[▀ ]/g, '0'),
    ]);
}

describe('a QR code', () => {
  // Compared square by square with those of another encoder, and read by a decoder, when they were written down.
  it.each([
    ['a', 21, '56bb324cb2e86a13'],
    [`${address}${'x'.repeat(100)}`, 41, '21aea3ba4cafa6bc'],
    [`${address}${'é'.repeat(200)}`, 73, '3ad43a3ec6ffa39c'],
    ['b'.repeat(1500), 129, '6b45bd7b5a45e7c7'],
  ])('holds a text: %#', (text, size, known) => {
    const code = encodeQr(text);
    expect([code?.length, digest(code)]).toEqual([size, known]);
  });

  it('holds at most 2953 bytes', () => {
    expect(encodeQr('a'.repeat(2954))).toBeUndefined();
    expect(renderQr('a'.repeat(2954), { columns: 500, color: false })).toContain('too long');
  });

  it('is shown with light squares drawn and a quiet zone of two around it, on black where colours may be used', () => {
    const plain = renderQr('a', { columns: 25, color: false });
    const rows = squaresOf(plain).slice(0, 25);
    expect(rows.slice(0, 2)).toEqual(['1'.repeat(25), '1'.repeat(25)]);
    expect(rows.slice(2, 23).map((row) => row.slice(2, 23))).toEqual(
      encodeQr('a')?.map((row) => row.map((isDark) => (isDark ? '0' : '1')).join('')),
    );
    expect(plain).not.toContain('\u001B');
    const colored = renderQr('a', { columns: 25, color: true });
    expect(colored).toContain('\u001B[40m');
  });

  it('says how wide a terminal has to be for it', () => {
    expect(renderQr('a', { columns: 24, color: false })).toBe(
      'No QR code: it needs 25 columns, and the terminal has 24. Make the window wider or its letters smaller, or open the address.\n',
    );
  });
});
