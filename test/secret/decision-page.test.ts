import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, '.github/decisions/0001-applied-vector.md'), 'utf8');
const script = path.join(root, '.ci/applied-vector-figures.mjs');

describe('the decision page of the applied vector', () => {
  it('holds the figures that the script prints, word for word', () => {
    const figures = execFileSync(process.execPath, [script], { encoding: 'utf8' });
    expect(figures).toContain('Characters in tags');
    expect(page).toContain(`\`\`\`\n${figures}\`\`\``);
  });
});
