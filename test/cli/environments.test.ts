import { describe, expect, it } from 'vitest';
import { exitCodes, worstExitCode } from '../../src/operation/exit-code.ts';
import { runHosted } from '../support/cli-host.ts';
import { credentials, startPlatform } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';
import { compileSchema, faultsOf } from '../support/schemas.ts';
import { definitionOf } from '../support/world.ts';

const schema = compileSchema('output');

interface Several {
  readonly run: (line: string) => ReturnType<typeof runHosted>;
  readonly json: (line: string) => Promise<Document>;
  readonly requests: () => readonly string[];
}

interface Document {
  readonly exitCode: number;
  readonly error?: { readonly message: string; readonly hint: string };
  readonly environments: readonly {
    readonly environment: string;
    readonly exitCode: number;
    readonly error?: { readonly code: string };
    readonly plan?: { readonly environment: string; readonly summary: Readonly<Record<string, number>> };
    readonly diagnostics: readonly { readonly code: string }[];
  }[];
}

/** Two environments on one account, and one that cannot be reached for want of a host that may have the credentials. */
async function openSeveral(): Promise<Several> {
  const platform = await startPlatform();
  const { origin: baseUrl } = platform;
  const environments = { dev: { baseUrl }, stage: { baseUrl }, lost: { baseUrl: 'https://lost.example.com' } };
  const rig = openRig({
    'connectorctl.yaml': JSON.stringify({ version: 1, workspace: 'acme', defaultEnvironment: 'dev', environments }),
    'instances/ann.yaml': definitionOf('Ann'),
    'instances/ben.yaml': `${definitionOf('Ben')}environments: [stage]\n`,
  });
  const env = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' };
  const run = (line: string) => runHosted(line.split(' '), { cwd: rig.directory, env });
  const json = async (line: string) => {
    const { stdout, code } = await run(`${line} --format json`);
    const document: Document = JSON.parse(stdout);
    expect({ exitCode: document.exitCode, faults: faultsOf(schema, document) }).toEqual({ exitCode: code, faults: [] });
    return document;
  };
  return { run, json, requests: () => platform.requests.map(({ method, path }) => `${method} ${path}`) };
}

describe('a command for several environments', () => {
  it('warns once of what is the same in each', async () => {
    const { baseUrl } = { baseUrl: (await startPlatform()).origin };
    const environments = { dev: { baseUrl }, stage: { baseUrl } };
    const rig = openRig({
      'connectorctl.yaml': JSON.stringify({ version: 1, workspace: 'acme', environments }),
      'instances/ann.yaml': `${definitionOf('Ann')}  event.notification.enabled: true\n`,
    });
    const env = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' };
    for (const command of ['plan', 'drift', 'status', 'secrets list']) {
      const words = [...command.split(' '), '--all-environments'];
      const { stderr } = await runHosted(words, { cwd: rig.directory, env });
      expect([command, stderr.match(/events-without-callback/g)?.length]).toEqual([command, 1]);
    }
  });

  it('makes a plan for each, in the order given, and ends as the worst of them', async () => {
    const { json } = await openSeveral();
    const plans = await json('plan --env stage,dev --detailed-exitcode');
    expect(plans.exitCode).toBe(2);
    expect(plans.environments).toMatchObject([
      { environment: 'stage', exitCode: 2, plan: { environment: 'stage', summary: { create: 2 } } },
      { environment: 'dev', exitCode: 2, plan: { environment: 'dev', summary: { create: 1 } } },
    ]);
    // Twice the same is once.
    expect((await json('plan --env dev,dev')).environments).toHaveLength(1);
  });

  it('goes on where one of them cannot be asked', async () => {
    const { json, run } = await openSeveral();
    const all = await json('plan --all-environments');
    expect(all.environments.map(({ environment, exitCode }) => [environment, exitCode])).toEqual([
      ['dev', 0],
      ['stage', 0],
      ['lost', 3],
    ]);
    expect(all.exitCode).toBe(3);
    const { code, stdout, stderr } = await run('status --env lost,dev');
    expect(code).toBe(3);
    expect(stdout).toMatch(/^KEY +dev\nann +missing\n/);
    expect(stderr).toContain('── lost ──');
    expect(stderr).toContain('lost.example.com');
  });

  it('has a heading for each in text', async () => {
    const { run } = await openSeveral();
    for (const line of ['plan --env dev,stage', 'validate --env dev,stage', 'secrets check --env dev,stage']) {
      const { stdout, code } = await run(line);
      expect({ line, code }).toEqual({ line, code: 0 });
      expect(stdout.match(/── \w+ ──/g)).toEqual(['── dev ──', '── stage ──']);
    }
    expect((await run('drift --env dev,stage')).stdout).toMatch(/── dev ──[^]*ann[^]*── stage ──[^]*ben/);
  });

  it('tells once what all of them share, in a format that has no environments', async () => {
    const { run } = await openSeveral();
    const sarif = JSON.parse((await run('validate --all-environments --format sarif')).stdout);
    const found: readonly { readonly ruleId: string }[] = sarif.runs[0].results;
    expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(found.length);
    expect(found).toMatchObject([{ ruleId: 'host-not-allowed' }]);
  });

  it('refuses a name that there is none of, before anything is asked', async () => {
    const { run, requests } = await openSeveral();
    const { code, stderr } = await run('plan --env dev,stge');
    expect(code).toBe(3);
    expect(stderr).toContain('Did you mean `stage`?');
    expect(requests()).toEqual([]);
  });

  it.each([
    ['apply --yes --env dev,stage', 'connectorctl apply --env dev'],
    ['import --all --env dev,stage', 'connectorctl import --env dev'],
    ['apply --only a* --yes --env=dev,stage', "\n  connectorctl apply --env dev --only 'a*' --yes\n"],
    ['import --env dev,stage --all', '\n  connectorctl import --env stage --all\n'],
    ['catalog pull --env dev,stage', 'connectorctl catalog pull --env dev'],
    ['plan --env dev --all-environments', 'contradict'],
    ['plan --env ,', 'names no environment'],
    ['plan --env dev,stage --out plan.json', '--out holds the plan of one environment'],
    ['drift --env dev,stage --accept ann', '--accept writes the drift of one environment'],
  ])('is refused where it would not be one thing: %s', async (line, words) => {
    const { run, requests } = await openSeveral();
    const { code, stderr, stdout } = await run(line);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(words);
    expect(requests()).toEqual([]);
  });
});

describe('the worst exit code', () => {
  it('is the one that leaves most unknown, whatever the order', () => {
    const { done, changesPresent, refused, verificationFailed, partlyApplied, invalid, failed } = exitCodes;
    const order = [done, changesPresent, refused, verificationFailed, partlyApplied, invalid, failed];
    expect(new Set(order)).toEqual(new Set(Object.values(exitCodes)));
    for (const [index, worst] of order.entries()) {
      expect(worstExitCode(order.slice(0, index + 1))).toBe(worst);
      expect(worstExitCode(order.slice(0, index + 1).toReversed())).toBe(worst);
    }
    expect(worstExitCode([])).toBe(done);
  });
});
