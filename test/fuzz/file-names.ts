import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDefinitionKey } from '../../src/definition/definition-key.ts';
import { importNew } from '../../src/definition/import/import-new.ts';
import { aLive } from '../support/builders.ts';
import { runHosted } from '../support/cli-host.ts';
import { anyForeignText, unseenCharacters } from '../support/foreign-text.ts';
import { checkBounds, expectNone, type Fuzzer, withinBounds } from './fuzzer.ts';

const formats = ['text', 'json', 'github', 'sarif', 'junit'] as const;
const definition = 'connector: actessentials\nname: One\nconfiguration:\n  username: a\n  password: ${{ secrets.A }}\n';
const texts = [definition, 'colour: red\n', '[', '', `${definition}key: a\n`, `${definition}overrides: 1\n`];

/** What a file system takes: everything but a slash and NUL, up to 255 bytes. */
const anyName = fc
  .tuple(anyForeignText, fc.constantFrom('.yaml', '.yml', '.YAML', '', '.yaml ', '.yaml\n'))
  .map(([text, end]) => `${cut(text.replaceAll(/[/\0]/g, '_'))}${end}`)
  .filter((name) => name !== '' && name !== '.' && name !== '..');
const aFile = fc.record({
  folders: fc.array(anyName, { maxLength: 2 }),
  name: anyName,
  text: fc.constantFrom(...texts),
  link: fc.constantFrom(undefined, undefined, undefined, '/etc/passwd', '../connectorctl.yaml', '.', 'nothing'),
});
const inputs = fc.record({
  files: fc.array(aFile, { minLength: 1, maxLength: 3 }),
  format: fc.constantFrom(...formats),
  live: fc.record({
    name: anyForeignText,
    connector: anyForeignText,
    tags: fc.array(anyForeignText, { maxLength: 2 }),
  }),
});

function cut(text: string): string {
  // A lone surrogate cannot stand in a name.
  let short = Buffer.from(text).toString();
  while (Buffer.byteLength(short) > 200) short = Array.from(short).slice(0, -1).join('');
  return short;
}

/** Names of files in a repository, and the names that an import gives to files. */
export const fileNames: Fuzzer = {
  name: 'file-names',
  casesInSuite: 60,
  property: async () =>
    fc.asyncProperty(inputs, async ({ files, format, live }) => {
      const { key } = withinBounds(() => importNew(aLive(live), { isSecretKey: () => false, adopt: false }));
      const directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
      try {
        writeFileSync(
          path.join(directory, 'connectorctl.yaml'),
          'version: 1\nworkspace: acme\nenvironments: { a: { platform: sandbox } }\n',
        );
        for (const file of files) put(directory, file);
        const started = performance.now();
        const { code, stdout, stderr } = await runHosted(['validate', '--no-secrets', '--format', format], {
          cwd: directory,
          env: {},
        });
        checkBounds(started);
        expectNone([
          ...(code === 0 || code === 3 ? [] : [`exit code ${code}: ${stderr}`]),
          ...findFlaws(stdout, format === 'github'),
          ...findFlaws(stderr, false),
          ...(stdout.includes('root:x:0') ? ['what a link leads to is shown'] : []),
          ...(isDefinitionKey(key) ? [] : [`an import names a file ${JSON.stringify(key)}`]),
        ]);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    }),
};

function put(
  directory: string,
  { folders, name, text, link }: { folders: readonly string[]; name: string; text: string; link: string | undefined },
): void {
  const folder = path.join(directory, 'instances', ...folders);
  try {
    mkdirSync(folder, { recursive: true });
    if (link === undefined) writeFileSync(path.join(folder, name), text);
    else symlinkSync(link, path.join(folder, name));
  } catch {
    // A file stands where this one has a folder.
  }
}

function findFlaws(text: string, isForRunner: boolean): readonly string[] {
  const lines = text.split('\n');
  const ours = /^::(?:error|warning|notice)(?: |::)/;
  return lines.flatMap((line) => {
    if (unseenCharacters.test(line)) return [`acts: ${JSON.stringify(line)}`];
    const isOurs = isForRunner && ours.test(line);
    return !isOurs && /^\s*::|##\[/.test(line) ? [`runner command: ${line}`] : [];
  });
}
