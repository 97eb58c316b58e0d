import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDiagnosticsText } from '../../src/report/diagnostics/render-text.ts';
import { rules } from '../../src/validation/rules.ts';
import { expectGolden } from '../support/golden.ts';
import { builtIn, checkFiles, toLine } from './check-text.ts';

const corpus = path.join(import.meta.dirname, '../corpus');

function check(folder: 'ok' | 'err', name: string): string {
  const text = readFileSync(path.join(corpus, folder, `${name}.yaml`), 'utf8');
  const changes = name.startsWith('catalogue-') ? { catalogue: builtIn } : {};
  return checkFiles({ [`instances/${name}.yaml`]: text }, changes)
    .map((diagnostic) => `${toLine(diagnostic)}\n`)
    .join('');
}

function namesIn(folder: 'ok' | 'err'): readonly string[] {
  return readdirSync(path.join(corpus, folder))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length));
}

function expected(name: string): string {
  return readFileSync(path.join(corpus, 'err', `${name}.out`), 'utf8');
}

describe('definitions that are right', () => {
  it.each(namesIn('ok'))('says nothing about %s', (name) => {
    expect(check('ok', name)).toBe('');
  });

  it('says nothing when all of them are checked together', () => {
    const files = namesIn('ok').map((name): [string, string] => [
      `instances/${name}.yaml`,
      readFileSync(path.join(corpus, 'ok', `${name}.yaml`), 'utf8'),
    ]);
    expect(checkFiles(Object.fromEntries(files)).map(toLine)).toEqual([]);
  });
});

describe('definitions with mistakes', () => {
  // To accept new texts: UPDATE_GOLDEN=1 npx vitest run test/validation/corpus.test.ts
  it.each(namesIn('err'))('finds every mistake in %s, and nothing else', (name) => {
    const found = check('err', name);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path.join(corpus, 'err', `${name}.out`), found);
    expect(found).toBe(expected(name));
    expect(found).not.toBe('');
  });

  it('tells all of it to a person', () => {
    const text = readFileSync(path.join(corpus, 'err', 'everything-at-once.yaml'), 'utf8');
    const found = checkFiles({ 'instances/everything-at-once.yaml': text });
    const told = renderDiagnosticsText(found, { sourceOf: () => text, color: false, width: 90 });
    expectGolden('diagnostics/everything-at-once.txt', told);
    expect(told).toContain('\n6 errors, 3 warnings in 1 file\n');
  });

  it('has a mistake for every rule', () => {
    const all = namesIn('err').map(expected).join('');
    expect(rules.map(({ code }) => code).filter((code) => !all.includes(`[${code}]`))).toEqual([]);
  });
});
