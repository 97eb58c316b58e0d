import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { garbage } from '../../src/sandbox/faults/inject-fault.ts';
import { answersInstead } from '../support/hostile-habits.ts';
import { expectSettled, openHostile } from '../support/hostile-world.ts';
import { openManaged, removed } from '../support/managed.ts';
import { cli } from '../support/rig.ts';
import { definitionOf } from '../support/world.ts';

const people = ['Ann', 'Ben', 'Cid'];

const files = Object.fromEntries(people.map((name) => [`${name.toLowerCase()}.yaml`, definitionOf(name)]));

const forms = Object.entries(garbage);

const isList = ({ method, path: where }: { readonly method: string; readonly path: string }) =>
  method === 'GET' && where.endsWith('/instances');

const isPostOfAnn = ({ method, body }: { readonly method: string; readonly body: string }) =>
  method === 'POST' && body.includes('Ann');

describe('reliability 10: an answer that is no HTTP', () => {
  it.each(forms)('to a list ends in words, not in a crash: %s', async (_, raw) => {
    const world = await openHostile({ files, habits: [answersInstead({ raw }, isList, Infinity)] });
    const { result, said } = await world.plan();
    expect(result.kind).toBe('stopped');
    expect(said).not.toMatch(/fault in connectorctl/i);
  });

  it.each(forms)('to one POST leaves the others alone, and the table whole: %s', async (_, raw) => {
    const world = await openHostile({ files, habits: [answersInstead({ raw }, isPostOfAnn)] });
    const applied = await world.apply();
    expect(Object.keys(applied.statuses).toSorted()).toEqual(['ann', 'ben', 'cid']);
    expect(applied.statuses).toMatchObject({ ben: 'succeeded', cid: 'succeeded' });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.names()).toEqual(people);
    await expectSettled(world);
  });

  it('prints no stack trace', async () => {
    const world = await openManaged({
      before: (request) => (isList(request) ? { raw: garbage['line-feeds'] } : undefined),
    });
    const { code, stdout, stderr } = await world.run(['plan']);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(/^\s+at .+:\d+/m);
    expect(stdout + stderr).not.toMatch(/fault in connectorctl/i);
  });
});

/** Runs the built command with a stdout that nobody reads, or that is a full disk. */
async function runUnread(
  words: readonly string[],
  {
    cwd,
    env,
    isFull,
  }: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly isFull: boolean },
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const stdout = isFull ? openSync('/dev/full', 'w') : ('pipe' as const);
  const child = spawn(process.execPath, [cli, ...words], {
    cwd,
    env: { ...env, PATH: '' },
    stdio: ['ignore', stdout, 'pipe'],
  });
  child.stdout?.destroy();
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stderr };
}

describe('reliability 15 and peers F10: nobody reads the output', () => {
  it('an apply is carried out all the same, with its own exit code and no stack trace', async () => {
    const world = await openManaged();
    const options = { cwd: world.rig.directory, env: world.env, isFull: false };
    const { code, stderr } = await runUnread(['apply', '--yes'], options);
    expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
    expect(code).toBe(0);
    expect(world.platform.sandbox.instances()).toHaveLength(3);
  });

  it('a plan keeps its exit code', async () => {
    const world = await openManaged();
    const options = { cwd: world.rig.directory, env: world.env, isFull: false };
    const { code, stderr } = await runUnread(['plan', '--detailed-exitcode'], options);
    expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
    expect(code).toBe(2);
  });

  it('a full disk behind it is an error in words', async () => {
    const world = await openManaged({ files: removed('two', 'three') });
    const { code, stderr } = await runUnread(['plan'], { cwd: world.rig.directory, env: world.env, isFull: true });
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).toMatch(/ENOSPC|no space/i);
    expect(code).toBe(1);
  });
});
