import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const project = path.join(import.meta.dirname, '../..');

const ours = `
  import { loadWorkspace } from './src/config/load-workspace.ts';
  loadWorkspace({ cwd: process.cwd() }).then(({ ok, value, diagnostics }) => {
    console.log(JSON.stringify({ ok, name: value?.name, codes: diagnostics.map(({ code }) => code) }));
  });`;

// As careful as its documentation allows.
const plain = `
  import { cosmiconfig } from 'cosmiconfig';
  const loaders = { '.yaml': () => ({}) };
  cosmiconfig('connectorctl', { searchPlaces: ['connectorctl.yaml'], searchStrategy: 'none', loaders }).search().catch(() => {});`;

let programs: string;
let root: string;
let sprung: string;

beforeAll(async () => {
  programs = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
  for (const [name, contents] of Object.entries({ ours, plain })) {
    const outfile = path.join(programs, `${name}.cjs`);
    const stdin = { contents, resolveDir: project, loader: 'ts' } as const;
    await build({ stdin, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  }
});
afterAll(() => rmSync(programs, { recursive: true, force: true }));

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'connectorctl-')));
  sprung = path.join(root, 'sprung');
  mkdirSync(sprung);
  mkdirSync(path.join(root, 'repository/.git'), { recursive: true });
  mkdirSync(path.join(root, 'repository/.config'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  writeFileSync(path.join(root, 'repository', file), text);
}

/** Code under every name that cosmiconfig would run; running it leaves a file in `sprung`. */
function setTraps(): void {
  for (const name of [
    'connectorctl.config',
    '.connectorctlrc',
    '.config/connectorctlrc',
    '.config/config',
    'connectorctl',
  ]) {
    const mark = (extension: string) => JSON.stringify(path.join(sprung, `${path.basename(name)}.${extension}`));
    write(`${name}.cjs`, `require('node:fs').writeFileSync(${mark('cjs')}, ''); module.exports = {};`);
    for (const extension of ['js', 'mjs', 'ts']) {
      const text = `import { writeFileSync } from 'node:fs'; writeFileSync(${mark(extension)}, ''); export default {};`;
      write(`${name}.${extension}`, text);
    }
  }
  write('.connectorctlrc', '$import: ./connectorctl.cjs\n');
}

/** Runs a program in the repository to its end and answers what it printed. */
function run(program: 'ours' | 'plain'): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(programs, `${program}.cjs`)], {
    cwd: path.join(root, 'repository'),
    env: { HOME: root },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout === '' ? undefined : JSON.parse(stdout);
}

const small = 'version: 1\nworkspace: acme\nenvironments: { sandbox: { platform: sandbox } }\n';

describe('a repository full of traps', () => {
  it('catches cosmiconfig used as documented, although it may read YAML only', () => {
    setTraps();
    rmSync(path.join(root, 'repository/.config/config.js'));
    rmSync(path.join(root, 'repository/.config/config.ts'));
    run('plain');
    expect(readdirSync(sprung)).toEqual(['config.cjs']);
  });

  it('does not catch us', () => {
    setTraps();
    const settings = { searchPlaces: ['connectorctl.cjs'], $import: './connectorctl.cjs' };
    write('package.json', JSON.stringify({ type: 'module', cosmiconfig: settings, connectorctl: {} }));
    write('connectorctl.yaml', small);
    expect(run('ours')).toEqual({ ok: true, name: 'acme', codes: [] });
    expect(readdirSync(sprung)).toEqual([]);
  });

  it('does not catch us without a workspace file either', () => {
    setTraps();
    const workspace = { version: 1, workspace: 'trap', environments: { a: { platform: 'sandbox' } } };
    write('package.json', JSON.stringify({ connectorctl: workspace }));
    mkdirSync(path.join(root, '.config/connectorctl'), { recursive: true });
    writeFileSync(path.join(root, '.config/connectorctl/config.json'), JSON.stringify(workspace));
    expect(run('ours')).toEqual({ ok: false, codes: ['no-workspace'] });
    expect(readdirSync(sprung)).toEqual([]);
  });

  it('does not catch us through an import', () => {
    setTraps();
    write('connectorctl.yaml', `$import: ./connectorctl.cjs\n${small}`);
    expect(run('ours')).toEqual({ ok: false, codes: ['unknown-field'] });
    expect(readdirSync(sprung)).toEqual([]);
  });
});
