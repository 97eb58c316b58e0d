import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path, { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHosted } from '../support/cli-host.ts';
import { credentials, startPlatform } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';
import { compileSchema, faultsOf } from '../support/schemas.ts';
import { definitionOf } from '../support/world.ts';

const names = ['Ann', 'Ben', 'Cem', 'Dov', 'Eve', 'Fay'];
const shards = ['1/3', '2/3', '3/3'];
const schema = compileSchema('output');

interface Printed {
  readonly exitCode: number;
  readonly plan: { readonly digest: string; readonly summary: Readonly<Record<string, number>> };
  readonly unchanged: readonly unknown[];
  readonly result: { readonly summary: Readonly<Record<string, number>> };
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

interface Sharded {
  readonly directory: string;
  readonly run: (line: string) => ReturnType<typeof runHosted>;
  readonly json: (line: string) => Promise<Printed>;
  /** Runs a command for each shard, and answers the names of the files with what they printed. */
  readonly runShards: (line: string, name: string) => Promise<string>;
  readonly write: (file: string, text: string) => void;
  readonly read: (file: string) => string;
}

async function openSharded(limits: object = {}): Promise<Sharded> {
  const platform = await startPlatform();
  const baseUrl = platform.origin;
  const environments = { dev: { baseUrl, prune: true, limits }, other: { baseUrl } };
  const rig = openRig({
    'connectorctl.yaml': JSON.stringify({ version: 1, workspace: 'acme', defaultEnvironment: 'dev', environments }),
    ...Object.fromEntries(names.map((name) => [`instances/${name.toLowerCase()}.yaml`, definitionOf(name)])),
  });
  const env = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' };
  const run = (line: string) => runHosted(line.split(' '), { cwd: rig.directory, env });
  const write = (file: string, text: string) => writeFileSync(join(rig.directory, file), text);
  const json = async (line: string) => {
    const { stdout, code } = await run(`${line} --format json`);
    const printed: Printed = JSON.parse(stdout);
    expect({ exitCode: printed.exitCode, faults: faultsOf(schema, printed) }).toEqual({ exitCode: code, faults: [] });
    return printed;
  };
  const runShards = async (line: string, name: string) => {
    for (const [index, shard] of shards.entries()) {
      write(`${name}-${index}.json`, (await run(`${line} --shard ${shard} --format json`)).stdout);
    }
    return shards.map((_, index) => `${name}-${index}.json`).join(' ');
  };
  return {
    directory: rig.directory,
    run,
    json,
    runShards,
    write,
    read: (file) => readFileSync(join(rig.directory, file), 'utf8'),
  };
}

describe('the reports of shards', () => {
  it('are one plan, one result and one digest: those of one run', async () => {
    const { run, json, runShards, read } = await openSharded();
    const whole = await json('plan');
    const planned = await runShards('plan', 'plan');
    expect((await json(`report merge ${planned}`)).plan).toEqual(whole.plan);
    expect((await run(`report merge ${planned} --detailed-exitcode`)).code).toBe(2);
    expect((await run(`report merge ${planned} --format markdown`)).stdout).toBe(
      (await run('plan --format markdown')).stdout,
    );
    expect(await run(`report merge ${planned} --out merged.json`)).toMatchObject({ code: 0 });
    expect(await run('plan --out whole.json')).toMatchObject({ code: 0 });
    expect(read('merged.json')).toBe(read('whole.json'));

    const applied = await runShards('apply --yes', 'apply');
    const merged = await json(`report merge ${applied}`);
    expect(merged.result.summary).toMatchObject({ succeeded: 6, failed: 0 });
    expect(merged.plan.digest).toBe(whole.plan.digest);
    expect((await json('plan')).plan.summary).toMatchObject({ create: 0, unchanged: 6 });
    const after = await json(`report merge ${await runShards('plan', 'after')}`);
    expect(after.unchanged).toEqual((await json('plan')).unchanged);
  });

  it('are merged by the built program too, which has its schemas compiled', async () => {
    const { run, directory } = await openSharded();
    expect(await run('plan --shard 1/1 --out one.json')).toMatchObject({ code: 0 });
    const program = path.join(import.meta.dirname, '../../dist/main.js');
    const merged = execFileSync(process.execPath, [program, 'report', 'merge', 'one.json'], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect(merged).toContain('Plan: 6 to create');
  });

  it('are refused by name where they are not one run, or no report at all', async () => {
    const { run, runShards, write, read } = await openSharded();
    await runShards('plan', 'plan');
    const whole = await run('plan --format json');
    write('whole.json', whole.stdout);
    write('broken.json', '{');
    write('foreign.json', '{"hello": 1}');
    write('invalid.json', (await run('plan --only nobody --format json')).stdout);
    write('older.json', read('plan-1.json').replaceAll(/"toolVersion": "[^"]+"/g, '"toolVersion": "0.0.1"'));
    write('unknown.json', read('plan-1.json').replaceAll('"action": "create"', '"action": "created"'));
    const cases: readonly (readonly [files: string, message: string])[] = [
      ['plan-0.json plan-2.json', '2/3 is missing.'],
      ['plan-0.json plan-1.json plan-2.json plan-1.json', 'Shard 2/3 stands in plan-1.json and plan-1.json.'],
      ['plan-0.json whole.json', 'whole.json was made without --shard'],
      ['broken.json', 'It is not JSON. Write one for each shard: connectorctl plan --shard'],
      ['foreign.json', 'It holds no plan of format 1.0.'],
      ['invalid.json', 'It holds no plan, but how the run ended: Environment dev has no definition nobody.'],
      ['plan-0.json older.json plan-2.json', 'It was made by version 0.0.1'],
      ['plan-0.json unknown.json plan-2.json', 'It holds no plan of format 1.0.'],
      ['nowhere.json', 'There is nothing at this path. Write one for each shard:'],
    ];
    for (const [files, message] of cases) {
      const { code, stderr } = await run(`report merge ${files}`);
      expect({ files, code, stderr: stderr.replaceAll(/\s+/g, ' ') }).toEqual({
        files,
        code: 3,
        stderr: expect.stringContaining(message),
      });
    }
    expect((await run('plan --shard 4/3')).code).toBe(3);
  });

  it('obey the limits together: no shard deletes its part of what is too much in all', async () => {
    const { json, run, runShards, write } = await openSharded({ maxDelete: 3, maxDeletePercent: 100 });
    await run('apply --yes');
    for (const name of ['ann', 'ben', 'cem', 'dov'])
      write(`instances/${name}.yaml`, `${definitionOf(name)}environments: [other]\n`);
    const whole = await json('plan');
    expect(whole).toMatchObject({ exitCode: 6, plan: { summary: { delete: 4 } }, error: { code: 'refused' } });
    const refused = await runShards('apply --yes', 'apply');
    const merged = await json(`report merge ${refused}`);
    expect(merged).toMatchObject({ exitCode: 6, plan: { digest: whole.plan.digest } });
    expect(merged.error.hint).toContain(`--allow-limits ${whole.plan.digest}`);
    expect((await json('plan')).plan.summary).toMatchObject({ delete: 4 });

    const allowed = await run(`apply --yes --shard 1/3 --allow-limits ${whole.plan.digest}`);
    expect(allowed.code).toBe(0);
  });
});
