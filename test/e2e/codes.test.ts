import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, '.github/codes.md'), 'utf8');

describe('the page of all codes', () => {
  it.each(['codes', 'recipes'])('is what the sources say, as that of %s is', (name) => {
    const { status, stderr } = spawnSync(process.execPath, [path.join(root, `.ci/${name}.mjs`), '--check'], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('names every code that a command can end with', () => {
    const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(path.join(root, 'src', file), 'utf8'));
    const codes = sources.flatMap((text) =>
      [...text.matchAll(/new UserError\(\s*'([a-z-]+)'/g)].map(([, code = '']) => code),
    );
    expect(codes.length).toBeGreaterThan(40);
    expect(codes.filter((code) => !page.includes(`| \`${code}\` |`))).toEqual([]);
  });
});
