import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { setMain, startGithub } from '../support/fake-github.ts';
import { builtAction, openRunner } from '../support/fake-runner.ts';
import { openRig, sandboxWorkspace } from '../support/rig.ts';

const root = path.join(import.meta.dirname, '../..');

/** Bundles what stands in a folder, by the build itself, and answers the texts by file name. */
function bundle(folder: string): ReadonlyMap<string, string> {
  const module = JSON.stringify(path.join(root, '.ci/bundle.mjs'));
  const code = `const { bundleAction } = await import(${module});
    process.stdout.write(JSON.stringify([...await bundleAction(${JSON.stringify(folder)})]));`;
  const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const entries: readonly (readonly [string, string])[] = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', code], options),
  );
  return new Map(entries);
}

const checkedIn = (name: string): string => readFileSync(path.join(path.dirname(builtAction), name), 'utf8');

describe('the bundle of the Action', () => {
  it('is what its sources give, byte for byte, wherever they stand', () => {
    const copy = path.join(openRig().directory, 'some/other folder');
    mkdirSync(copy, { recursive: true });
    for (const name of ['src', 'schema', 'package.json', 'tsconfig.json'])
      cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    for (const [name, text] of bundle(copy)) {
      // Not compared as texts: the difference of megabytes would take minutes to print.
      expect({ name, isUpToDate: text === checkedIn(name) }).toEqual({ name, isUpToDate: true });
      expect(text).not.toContain(root);
    }
  });

  it('needs nothing beside it but Node.js', () => {
    const imports = [
      ...checkedIn('index.mjs').matchAll(/(?:^|[;}\n])import\s*(?:[\w*{][^'"`;]*from\s*)?["']([^"']+)["']/g),
    ];
    const names = new Set(imports.map(([, name = '']) => name.replace(/^node:/, '')));
    expect([...names].filter((name) => !builtinModules.includes(name))).toEqual([]);
    expect(names.has('crypto')).toBe(true);
  });

  it('names the licences of all that is in it', () => {
    const licences = checkedIn('LICENSES.txt');
    for (const name of ['undici', 'yaml', 'ajv', 'cosmiconfig'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(licences).toContain('Permission is hereby granted');
  });

  it('plans and applies in a process of its own, alone in a folder', async () => {
    const alone = path.join(openRig({ 'action/.keep': '' }).directory, 'action/index.mjs');
    cpSync(builtAction, alone);
    const runner = openRunner({
      'connectorctl.yaml': sandboxWorkspace,
      'instances/one.yaml':
        'connector: actessentials\nname: One\nconfiguration:\n  username: one\n  password: ${{ secrets.PASSWORD }}\n',
    });
    const github = await startGithub();
    setMain(github, 'a'.repeat(40));
    const { env } = github;
    const unreviewed = { 'require-review': 'false' };
    const applied = await runner.run({ on: 'push', built: alone, env, inputs: unreviewed });
    expect(applied.log.text).toContain('Applied: 1 created.');
    expect(applied).toMatchObject({ code: 0, outputs: { create: '1', changes: 'true' } });
    const planned = await runner.run({ on: 'workflow_dispatch', built: alone, env });
    expect(planned).toMatchObject({ code: 0, outputs: { unchanged: '1', changes: 'false' } });
    const refused = await runner.run({ on: 'pull_request_target', built: alone });
    expect(refused).toMatchObject({ code: 6, outputs: { 'exit-code': '6' } });
  });
});
