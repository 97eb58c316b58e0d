import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const folder = fileURLToPath(new URL('../golden/', import.meta.url));

/**
 * What stands in `test/golden/<file>`; first makes it the given text when golden files are being updated.
 * To accept new texts, run the tests once with `UPDATE_GOLDEN=1 npx vitest run test/report`, and read the difference before it is committed.
 */
export function readGolden(file: string, actual: string): string {
  const full = path.join(folder, file);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, actual);
  }
  return readFileSync(full, 'utf8');
}

/** Expects text to be exactly what stands in `test/golden/<file>`; updated as `readGolden` says. */
export function expectGolden(file: string, text: string): void {
  expect(text).toBe(readGolden(file, text));
}
