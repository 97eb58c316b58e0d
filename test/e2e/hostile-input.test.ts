import { appendFileSync, existsSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRig, type Rig, sandboxWorkspace } from '../support/rig.ts';

const sound =
  'connector: actessentials\nname: One\nconfiguration:\n  username: one\n  password: ${{ secrets.PASSWORD }}\n';

/** Memory that is enough for sound files, and for nothing that grows with what a stranger wrote. */
const little = { NODE_OPTIONS: '--max-old-space-size=96' };

const bomb = Array.from(
  { length: 30 },
  (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(9)}*a${level}]`,
);

const bytes = (rig: Rig, file: string, text: string | Uint8Array) => {
  rig.write(file, '');
  writeFileSync(path.join(rig.directory, file), text);
};

/** Each makes `instances/bad.yaml`; the place is what has to be named, the code which rule it is. */
const rows: readonly (readonly [string, (rig: Rig) => void, string, string])[] = [
  [
    'an alias bomb',
    (rig) => rig.write('instances/bad.yaml', `a0: &a0 lol\n${bomb.join('\n')}\n${sound}`),
    'instances/bad.yaml:',
    'alias',
  ],
  [
    'a key that stands twice',
    (rig) => rig.write('instances/bad.yaml', `${sound}name: Two\n`),
    'instances/bad.yaml:6:1',
    'duplicate',
  ],
  [
    'a key that is special to JavaScript',
    (rig) => rig.write('instances/bad.yaml', `${sound}__proto__: { isAdmin: true }\n`),
    'instances/bad.yaml:6:1',
    '',
  ],
  [
    'NUL',
    (rig) => rig.write('instances/bad.yaml', sound.replace('name: One', 'name: "a\0b"')),
    'instances/bad.yaml:2:',
    '',
  ],
  [
    'bytes that are not UTF-8',
    (rig) => bytes(rig, 'instances/bad.yaml', Buffer.from([0x6e, 0x61, 0xff, 0xfe])),
    'instances/bad.yaml:1:1',
    'not-utf8',
  ],
  [
    'a file of 20 MB',
    (rig) => {
      bytes(rig, 'instances/bad.yaml', sound);
      truncateSync(path.join(rig.directory, 'instances/bad.yaml'), 20 * 1024 * 1024);
    },
    'instances/bad.yaml:1:1',
    'file-too-large',
  ],
  [
    'a file as large as may be, of one line',
    (rig) => rig.write('instances/bad.yaml', `name: "${'x'.repeat(1024 * 1024 - 16)}`),
    'instances/bad.yaml:1:',
    '',
  ],
  [
    'a link out of the folder',
    (rig) => symlinkSync('/etc/passwd', path.join(rig.directory, 'instances/bad.yaml')),
    'instances/bad.yaml:1:1',
    'symlink-outside',
  ],
  [
    'a link to itself',
    (rig) => symlinkSync('bad.yaml', path.join(rig.directory, 'instances/bad.yaml')),
    'instances/bad.yaml:1:1',
    'unreadable',
  ],
  [
    'thousands of nested lists',
    (rig) => rig.write('instances/bad.yaml', `${sound}tags: ${'['.repeat(50_000)}\n`),
    'instances/bad.yaml:6:',
    '',
  ],
  [
    'thousands of nested maps',
    (rig) => rig.write('instances/bad.yaml', `${sound}tags: ${'{a: '.repeat(50_000)}\n`),
    'instances/bad.yaml:6:',
    '',
  ],
  [
    'thousands of nested levels, closed',
    (rig) => rig.write('instances/bad.yaml', `${sound}tags: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`),
    'instances/bad.yaml:6:',
    '',
  ],
  [
    'a tag that would run something',
    (rig) => rig.write('instances/bad.yaml', `${sound}enabled: !!js/function "function () { process.exit(0) }"\n`),
    'instances/bad.yaml:6:',
    '',
  ],
  [
    'a merge key',
    (rig) => rig.write('instances/bad.yaml', `${sound}<<: { name: Two }\n`),
    'instances/bad.yaml:6:1',
    '',
  ],
];

describe('validate, of hostile files', () => {
  it.each(rows)('ends with 3 and names the place: %s', async (_name, make, place, code) => {
    const rig = openRig({ 'connectorctl.yaml': sandboxWorkspace, 'instances/good.yaml': sound.replace('One', 'Good') });
    make(rig);
    const { code: exit, stdout, stderr } = await rig.run(['validate'], { env: little });
    expect(stderr.replaceAll(/^The sandbox generates .*\n/gm, '')).toBe('');
    expect(exit).toBe(3);
    expect(stdout).toContain(place);
    expect(stdout).toContain(code);
    expect(stdout.length).toBeLessThan(50_000);
    expect(stdout).not.toContain('root:');
  });

  it('says all of it at once', async () => {
    const rig = openRig({ 'connectorctl.yaml': sandboxWorkspace });
    rig.write('instances/twice.yaml', `${sound}name: Two\n`);
    rig.write('instances/open.yaml', `${sound}tags: [\n`);
    rig.write('instances/wrong.yaml', `${sound}colour: red\nenabled: perhaps\n`);
    const { code, stdout } = await rig.run(['validate', '--format', 'json']);
    expect(code).toBe(3);
    const { diagnostics }: { readonly diagnostics: readonly { readonly file: string }[] } = JSON.parse(stdout);
    expect(diagnostics.map(({ file }) => file).toSorted()).toEqual([
      'instances/open.yaml',
      'instances/twice.yaml',
      'instances/wrong.yaml',
      'instances/wrong.yaml',
    ]);
  });

  it('shows the line of the workspace file that was named, not of another one', async () => {
    const rig = openRig({ 'connectorctl.yaml': sandboxWorkspace, 'instances/good.yaml': sound });
    rig.write('other/connectorctl.yaml', sandboxWorkspace.replace('version: 1', 'version: 2 # other'));
    const { code, stdout } = await rig.run(['validate', '--config', 'other/connectorctl.yaml']);
    expect(code).toBe(3);
    expect(stdout).toContain('version: 2 # other');
  });

  it('says the same of a hostile workspace file', async () => {
    const files = {
      'an alias bomb': `a0: &a0 lol\n${bomb.join('\n')}\n`,
      'a key twice': `${sandboxWorkspace}version: 1\n`,
      'a special key': `${sandboxWorkspace}__proto__: {}\n`,
      'an import': `$import: ./trap.cjs\n${sandboxWorkspace}`,
    };
    const all = await Promise.all(
      Object.values(files).map((text) =>
        openRig({ 'connectorctl.yaml': text, 'instances/good.yaml': sound }).run(['validate'], { env: little }),
      ),
    );
    for (const { code, stdout } of all) {
      expect(code).toBe(3);
      expect(stdout).toMatch(/^connectorctl\.yaml:\d+:\d+/m);
    }
  });
});

describe('a repository full of traps', () => {
  it('runs nothing in any command', async () => {
    const rig = openRig({ 'connectorctl.yaml': sandboxWorkspace, 'instances/one.yaml': sound });
    const sprung = path.join(rig.directory, 'sprung');
    const trap = `require('node:fs').appendFileSync(${JSON.stringify(sprung)}, __filename + '\\n');`;
    const module = `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(sprung)}, import.meta.url + '\\n');`;
    for (const name of [
      'connectorctl.config',
      '.connectorctlrc',
      '.config/connectorctlrc',
      '.config/config',
      'connectorctl',
    ]) {
      rig.write(`${name}.cjs`, trap);
      for (const extension of ['js', 'mjs', 'ts']) rig.write(`${name}.${extension}`, module);
    }
    rig.write('.connectorctlrc', '$import: ./connectorctl.cjs\n');
    rig.write('package.json', JSON.stringify({ type: 'module', connectorctl: { $import: './connectorctl.cjs' } }));
    rig.write('node_modules/yaml/index.js', trap);
    rig.write('instances/two.js', trap);
    rig.write('body.json', '{ "element": { "key": "actessentials" }, "name": "One", "configuration": {} }');

    for (const words of [['validate'], ['plan'], ['apply', '--yes'], ['convert', 'body.json']]) {
      expect(await rig.run(words)).toMatchObject({ code: 0 });
    }
    expect(existsSync(sprung)).toBe(false);
    appendFileSync(sprung, '');
    expect(readdirSync(rig.directory)).toContain('sprung');
  });
});
