import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { setMain, startGithub } from '../support/fake-github.ts';
import { builtAction, openRunner } from '../support/fake-runner.ts';
import { openRig, sandboxWorkspace } from '../support/rig.ts';
import { copyCheckout } from '../support/source-copy.ts';

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

const built = (name: string): string => readFileSync(path.join(path.dirname(builtAction), name), 'utf8');

describe('the bundle of the Action', () => {
  it('is what its sources give, byte for byte, wherever they stand', () => {
    for (const [name, text] of bundle(copyCheckout(path.join(openRig().directory, 'some/other folder')))) {
      // Not compared as texts: the difference of megabytes would take minutes to print.
      expect({ name, isUpToDate: text === built(name) }).toEqual({ name, isUpToDate: true });
      expect(text).not.toContain(root);
    }
  });

  it('needs nothing beside it but Node.js', () => {
    const imports = [
      ...built('index.mjs').matchAll(/(?:^|[;}\n])import\s*(?:[\w*{][^'"`;]*from\s*)?["']([^"']+)["']/g),
    ];
    const names = new Set(imports.map(([, name = '']) => name.replace(/^node:/, '')));
    expect([...names].filter((name) => !builtinModules.includes(name))).toEqual([]);
    expect(names.has('crypto')).toBe(true);
  });

  it('names the licences of all that is in it', () => {
    const licences = built('LICENSES.txt');
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
