import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderCompletionScript, shells } from '../../src/cli/completion-scripts.ts';
import { runHosted } from '../support/cli-host.ts';
import { expectGolden } from '../support/golden.ts';
import { openRig } from '../support/rig.ts';
import { definitionOf } from '../support/world.ts';

const workspace = `version: 1
workspace: acme
environments:
  dev: { platform: sandbox }
  stage: { baseUrl: https://api.cloud-elements.com }
  prod: { baseUrl: https://api.cloud-elements.com }
`;

const files = {
  'connectorctl.yaml': workspace,
  'instances/ann.yaml': definitionOf('Ann'),
  'instances/crm/ben.yaml': definitionOf('Ben'),
  'instances/many.yaml': `key: own/one\n${definitionOf('One')}---\nkey: "own/two" # the second\n${definitionOf('Two')}`,
  'instances/$(touch pwned).yaml': definitionOf('Evil'),
  'instances/a;touch pwned.yaml': definitionOf('Evil'),
  'schema/connectors/acmeerp.json': '{}',
  'schema/connectors/acmeerp.schema.json': '{}',
  'schema/connectors/%00.json': '{}',
};

/** What is offered for the last word; blanks separate words, and one at the end begins a new one. */
async function offered(line: string): Promise<readonly string[]> {
  const { directory } = openRig(files);
  const { code, stdout, stderr } = await runHosted(['__complete', '--', ...line.split(' ')], {
    cwd: directory,
    env: {},
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').flatMap((one) => (one === '' ? [] : (one.split('\t')[0] ?? [])));
}

describe('what a shell completes', () => {
  it.each<[line: string, words: readonly string[]]>([
    ['pla', ['plan']],
    ['secrets ', ['list', 'check']],
    ['catalog p', ['pull']],
    ['help dri', ['drift']],
    ['plan --de', ['--delete-duplicate', '--detailed-exitcode']],
    ['--en', ['--env']],
    ['plan --env ', ['dev', 'stage', 'prod']],
    ['plan --env=pr', ['--env=prod']],
    ['plan --env = pr', ['prod']],
    ['plan --env dev,', ['dev,stage', 'dev,prod']],
    ['plan --env=dev,s', ['--env=dev,stage']],
    ['apply --env dev,', []],
    ['--env prod plan --only cr', ['crm/ben']],
    ['plan --only ann ', ['ann', 'crm/ben', 'own/one', 'own/two']],
    ['apply --only ann --exclude own', ['own/one', 'own/two']],
    ['drift --accept a', ['ann']],
    ['plan --format ', ['text', 'json', 'markdown']],
    ['plan --format j', ['json']],
    ['explain acme', ['acmeerp']],
    ['explain sharef', ['sharefile']],
    ['init --connector sharef', ['sharefile']],
    ['catalog pull sharefile acme', ['acmeerp']],
    ['validate ', [':files']],
    ['apply ', [':files']],
    ['plan --out ', [':files']],
    ['history run.jsonl ', [':files']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['plan --concurrency ', []],
    ['nonsense --env pr', ['prod']],
    ['status ', []],
  ])('%j', async (line, words) => {
    expect((await offered(line)).toSorted()).toEqual(words.toSorted());
  });

  it('offers all commands, and no hidden one', async () => {
    const words = await offered('');
    expect(words).toContain('doctor');
    expect(words).toContain('help');
    expect(words).not.toContain('__complete');
  });

  it('has nothing to offer, and no complaint, where the workspace cannot be read', async () => {
    for (const text of [undefined, 'version: 1\nworkspce: x\n', '\0', 'a: &a [*a]']) {
      const { directory } = openRig(text === undefined ? {} : { 'connectorctl.yaml': text });
      const run = (words: readonly string[]) => runHosted(['__complete', '--', ...words], { cwd: directory, env: {} });
      expect(await run(['plan', '--env', ''])).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(await run(['plan', '--only', ''])).toEqual({ code: 0, stdout: '', stderr: '' });
    }
  });

  it('offers no name that a shell would not take as it is', async () => {
    expect((await offered('plan --only ')).every((word) => /^[\w./-]+$/.test(word))).toBe(true);
  });
});

describe('the scripts', () => {
  it.each(shells)('are these: %s', (shell) => {
    const script = renderCompletionScript(shell);
    expect(script).toContain('command connectorctl __complete --');
    expectGolden(`completion/${shell}.txt`, script);
  });

  it('complete in bash, and run nothing that is called like something', () => {
    const answers = String.raw`#!/bin/sh
printf '%s\n' "$*" >> "${'$'}{0%/*}/asked"
case "$*" in *files*) echo :files ;; *) printf 'plan\tshow\n$(touch pwned)\na b\n--env=\n' ;; esac
`;
    const rig = openRig({ 'bin/connectorctl': answers, 'script.sh': renderCompletionScript('bash') });
    chmodSync(path.join(rig.directory, 'bin/connectorctl'), 0o755);
    const session = `source ./script.sh
complete -p connectorctl
COMP_WORDS=(connectorctl plan --only ''); COMP_CWORD=3; _connectorctl; printf '<%s>\\n' "\${COMPREPLY[@]}"
COMP_WORDS=(connectorctl files x); COMP_CWORD=2; _connectorctl; echo "\${#COMPREPLY[@]}"
`;
    const env = { PATH: `${path.join(rig.directory, 'bin')}:/usr/bin:/bin` };
    const told = execFileSync('bash', ['--norc', '-c', session], { cwd: rig.directory, env, encoding: 'utf8' });
    expect(told).toBe(
      [
        'complete -F _connectorctl connectorctl',
        '<plan>',
        String.raw`<\$\(touch\ pwned\)>`,
        String.raw`<a\ b>`,
        '<--env=>',
        '0',
        '',
      ].join('\n'),
    );
    expect(rig.read('bin/asked')).toBe('__complete -- plan --only \n__complete -- files x\n');
    expect(readdirSync(rig.directory)).not.toContain('pwned');
  });
});
