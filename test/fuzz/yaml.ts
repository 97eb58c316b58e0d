import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { maxProblems } from '../../src/definition/compose-documents.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { renderDiagnosticsGithub } from '../../src/report/diagnostics/render-github.ts';
import { renderDiagnosticsText } from '../../src/report/diagnostics/render-text.ts';
import { findTextFlaws } from '../support/text-flaws.ts';
import { checkFiles } from '../validation/check-text.ts';
import { aFuzzer, expectNone, withinBounds } from './fuzzer.ts';
import { mutated } from './mutate.ts';

// From the root, as a bundle has no folder of its own.
const corpus = path.resolve('test/corpus');
const texts = ['ok', 'err'].flatMap((folder) =>
  readdirSync(path.join(corpus, folder))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(path.join(corpus, folder, file), 'utf8')),
);

const pieces = [
  '&a ',
  '*a',
  '<<: *a\n',
  '!!binary ',
  '!<tag:x> ',
  '!!js/function ',
  '? ',
  '- ',
  ': ',
  '|\n',
  '>-\n',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '%TAG ! x:\n',
  '${{ secrets.A }}',
  '${{ vars.stage }}',
  '${{',
  '}}',
  '${{ secrets.',
  '$${{ x }}',
  '${{ secrets.A }}${{ vars.B }}',
  '__proto__:',
  'constructor:',
  '{',
  '}',
  '[',
  ']',
  ', ',
  '\t',
  '\r',
  '\u0085',
  '\u2028',
  '"\\x41"',
  "''",
  '0x1F',
  '1e999',
  '.nan',
  '~',
  'yes',
  '2026-01-01',
  'overrides:\n',
  'configuration:\n',
  'connector: ',
  'key: ',
  'adopt: ',
  'tags: [',
  'ignore: [',
  'environments: [',
];

/** A definition file, from its text to what is said about it. */
export const yaml = aFuzzer('yaml', 250, mutated(texts, pieces), (text) => {
  const found = withinBounds(() => checkFiles({ 'instances/a.yaml': text }));
  const lines = text.split(/\r\n|[\n\r]/);
  const told = renderDiagnosticsText(found, { sourceOf: () => text, color: false, width: 90 });
  const commands = renderDiagnosticsGithub(found).trimEnd().split('\n');
  expectNone([
    ...found.flatMap((one) => findPlaceFlaws(one, lines)),
    ...(found.length > 10 * maxProblems ? [`${found.length} problems`] : []),
    ...findTextFlaws(told.trimEnd(), 90).filter((flaw) => !flaw.startsWith('trailing') && !flaw.startsWith('too long')),
    ...commands.filter(
      (line) =>
        line !== '' &&
        !/^::(?:error|warning|notice) [^\p{Cc}]*$/u.test(line) &&
        !/^\d+ /.test(line) &&
        !line.startsWith('No problems'),
    ),
  ]);
});

function findPlaceFlaws({ at, code }: Diagnostic, lines: readonly string[]): readonly string[] {
  if (at === undefined) return [];
  const { line, column } = at;
  const isThere = line >= 1 && line <= lines.length + 1 && column >= 1;
  return isThere ? [] : [`${code} stands at ${line}:${column} of ${lines.length} lines`];
}
