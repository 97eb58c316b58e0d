import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkNode } from '../../src/operation/doctor/check-settings.ts';
import { type SetUp, type SetUpCheck, setUpChecks } from '../../src/model/set-up-check.ts';
import { renderSetUpsText, renderSetUpText } from '../../src/report/doctor/render-set-up-text.ts';
import { runHosted } from '../support/cli-host.ts';
import { git, initRepository } from '../support/git.ts';
import { expectGolden } from '../support/golden.ts';
import type { Answer, ReceivedRequest } from '../support/http-server.ts';
import { credentials, startPlatform } from '../support/platform.ts';
import { openRig, type Rig } from '../support/rig.ts';
import { compileSchema, faultsOf } from '../support/schemas.ts';
import { definitionOf } from '../support/world.ts';

const schema = compileSchema('output');
const key = '9f3c1b7ae84d265f0b8c7d3e1a964f52c8b7d0e3f6a1495c2d8e7b0f3a6c9d12';
const allSet = { ...credentials, CONNECTORCTL_SECRET_PASSWORD: 'pa55 word', CONNECTORCTL_FINGERPRINT_KEY: key };
const workflow = (environments: string): string => `on: push
jobs:
  apply:
    strategy: { matrix: { environment: [${environments}] } }
    steps:
      - uses: ./.github/actions/connectorctl
        with: { command: apply, environment: '\${{ matrix.environment }}' }
`;

interface Clinic {
  readonly rig: Rig;
  readonly requests: () => readonly string[];
  /** Runs `doctor` and answers each check by its name; the environment of the process is what is given on top of all that is needed. */
  readonly examine: (env?: Readonly<Record<string, string>>) => Promise<Examined>;
}

interface Examined {
  readonly code: number;
  readonly of: (name: SetUpCheck['name']) => SetUpCheck;
  readonly unwell: readonly string[];
}

interface ClinicOptions {
  readonly account?: string;
  readonly before?: (request: ReceivedRequest) => Answer | undefined;
  readonly files?: Readonly<Record<string, string>>;
}

async function openClinic({ account, before = () => undefined, files = {} }: ClinicOptions = {}): Promise<Clinic> {
  const platform = await startPlatform({ before });
  const prod = { baseUrl: platform.origin, ...(account === undefined ? {} : { account }) };
  const workspace = { version: 1, workspace: 'acme', defaultEnvironment: 'prod', environments: { prod, stage: prod } };
  const rig = openRig({
    'connectorctl.yaml': JSON.stringify(workspace),
    'instances/ann.yaml': definitionOf('Ann'),
    '.github/workflows/apply.yaml': workflow('prod, stage'),
    ...files,
  });
  const examine: Clinic['examine'] = async (env = {}) => {
    const words = ['doctor', '--format', 'json'];
    const { code, stdout } = await runHosted(words, { cwd: rig.directory, env: { ...allSet, ...env } });
    const document: SetUp = JSON.parse(stdout);
    expect(faultsOf(schema, document)).toEqual([]);
    expect(document.checks.map(({ name }) => name)).toEqual(setUpChecks);
    const of = (name: string) => document.checks.find((one) => one.name === name) ?? fail(name);
    const unwell = document.checks.filter(({ status }) => status !== 'ok').map((one) => `${one.status} ${one.name}`);
    return { code, of, unwell };
  };
  return { rig, examine, requests: () => platform.requests.map(({ method, path: asked }) => `${method} ${asked}`) };
}

function fail(name: string): never {
  throw new Error(`There is no check ${name}.`);
}

describe('doctor', () => {
  it('finds nothing where nothing is wrong, and sends only reads', async () => {
    const { examine, requests } = await openClinic({ account: '1' });
    const first = await examine();
    // The sandbox has an account; which one it is, is asked of the first run.
    const account = /belong to (\d+)/.exec(first.of('account').message)?.[1] ?? '1';
    const clinic = await openClinic({ account });
    const { code, unwell } = await clinic.examine();
    // A test has no certificate.
    expect({ code, unwell }).toEqual({ code: 0, unwell: ['warning connection'] });
    expect(requests().filter((line) => !line.startsWith('GET '))).toEqual([]);
  });

  it('gives the line for the account where it is missing, and fails without reading an instance where it is another', async () => {
    const open = await openClinic();
    const { of, code } = await open.examine();
    expect(code).toBe(0);
    expect(of('account')).toMatchObject({ status: 'warning', hint: expect.stringMatching(/\naccount: "\w+"$/) });

    const other = await openClinic({ account: '4711' });
    const examined = await other.examine();
    expect(examined.code).toBe(1);
    expect(examined.unwell).toEqual([
      'warning connection',
      'failed account',
      'skipped permissions',
      'skipped catalogue',
    ]);
    expect(other.requests().filter((line) => line.includes('/instances'))).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>, SetUpCheck['name'], RegExp]>([
    ['no credentials', { CONNECTORCTL_USER_SECRET: '' }, 'credentials', /CONNECTORCTL_USER_SECRET is not set/],
    ['a host that may not have them', { CONNECTORCTL_ALLOWED_HOSTS: '' }, 'host', /127\.0\.0\.1/],
    ['a weak key', { CONNECTORCTL_FINGERPRINT_KEY: 'hunter2' }, 'fingerprint-key', /256 bits/],
    ['a secret that is not set', { CONNECTORCTL_SECRET_PASSWORD: '' }, 'secrets', /1 not set: PASSWORD/],
    ['wrong credentials', { CONNECTORCTL_USER_SECRET: 'wrong' }, 'connection', /credentials/i],
  ])('fails with %s, and looks at everything else all the same', async (_, env, name, words) => {
    const { examine } = await openClinic();
    const { code, of } = await examine(env);
    expect(code).toBe(1);
    expect(of(name)).toMatchObject({ status: 'failed', message: expect.stringMatching(words) });
    expect(of('workflows').status).toBe('ok');
    expect(of('state-folder').status).toBe('ok');
  });

  it('warns of a key that is derived, and of one that should be gone', async () => {
    const { examine } = await openClinic();
    expect((await examine({ CONNECTORCTL_FINGERPRINT_KEY: '' })).of('fingerprint-key')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('derived'),
    });
    expect((await examine({ CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS: key })).of('fingerprint-key')).toMatchObject({
      status: 'warning',
      message: 'CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS is still set.',
    });
  });

  it.each<[string, (request: ReceivedRequest) => boolean, string, string]>([
    ['to list instances', ({ path: asked }) => asked.endsWith('/instances'), 'failed', 'list instances'],
    ['to see connectors', ({ path: asked }) => asked.includes('/elements/'), 'warning', 'see connectors'],
    ['to see formulas', ({ path: asked }) => asked.includes('/formulas/'), 'warning', 'see formula instances'],
  ])('tells what the user may not do: %s', async (_, isRefused, status, words) => {
    const refusal = { status: 403, json: { message: 'No privileges' } };
    const before = (request: ReceivedRequest) =>
      isRefused({ ...request, path: request.path.replace('/elements/api-v2', '') }) ? refusal : undefined;
    const { examine } = await openClinic({ before });
    expect((await examine()).of('permissions')).toMatchObject({ status, message: expect.stringContaining(words) });
  });

  it('fails where the proxy cannot be used, as every other command does', async () => {
    const host = 'https://api.openconnectors.eu10.ext.hana.ondemand.com';
    const { examine } = await openClinic({
      files: {
        'connectorctl.yaml': JSON.stringify({
          version: 1,
          workspace: 'acme',
          environments: { prod: { baseUrl: host }, stage: { baseUrl: host } },
          defaultEnvironment: 'prod',
        }),
      },
    });
    const { code, of } = await examine({ HTTPS_PROXY: 'socks://me:pa55@proxy.example' });
    expect(code).toBe(1);
    expect(of('connection')).toMatchObject({ status: 'failed', message: expect.stringContaining('HTTPS_PROXY') });
  });

  it('says of a workspace without a folder for definitions that there is none, and counts no files', async () => {
    const { rig, examine } = await openClinic();
    rmSync(path.join(rig.directory, 'instances'), { recursive: true });
    expect((await examine()).of('definitions')).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/^No definitions\. The workspace has no folder `instances\/`/),
    });
    const { stdout } = await runHosted(['validate'], { cwd: rig.directory, env: allSet });
    expect(stdout).toMatch(/\n1 error\n$/);
  });

  it('compares the clocks by the header of an answer', async () => {
    const answer = { headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT' }, json: { id: 1, name: 'Acme' } };
    const { examine } = await openClinic({
      before: ({ path: asked }) => (asked.endsWith('/organizations/me') ? answer : undefined),
    });
    expect((await examine()).of('clock')).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/^The clock of this machine is \d+ s ahead of/),
    });
  });

  it('offers the line of the workflow that an environment is missing from', async () => {
    const { examine } = await openClinic({ files: { '.github/workflows/apply.yaml': workflow('prod') } });
    const { of } = await examine();
    expect(of('workflows')).toMatchObject({
      status: 'failed',
      message: 'stage has no job in apply.yaml: nothing is planned or applied there.',
      hint: expect.stringContaining('environment: [prod, stage]'),
    });
  });

  it('says that the Action in the repository is another one', async () => {
    const stamp = '# Written by connectorctl init 0.0.9 (0123456789abcdef); edit it as you like.\n';
    const { examine } = await openClinic({ files: { '.github/actions/connectorctl/action.yml': stamp } });
    expect((await examine()).of('action')).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('is of version 0.0.9'),
      hint: expect.stringContaining('connectorctl init --upgrade'),
    });
  });

  it('fails where git tracks the state folder', async () => {
    const { examine, rig } = await openClinic({ files: { '.connectorctl/prod.lock': '' } });
    rmSync(path.join(rig.directory, '.git'), { recursive: true });
    initRepository(rig.directory);
    git(rig.directory, 'add', '-f', '.connectorctl/prod.lock');
    expect((await examine()).of('state-folder')).toMatchObject({ status: 'failed' });
  });

  it('says what is wrong with a workspace file that cannot be read, and what that leaves unknown', async () => {
    const { examine, rig } = await openClinic();
    rig.write('connectorctl.yaml', 'version: 1\nworkspce: acme\n');
    const { code, of } = await examine();
    expect(code).toBe(1);
    expect(of('node').status).toBe('ok');
    expect(of('workspace')).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/^connectorctl\.yaml:\d/),
    });
    expect(of('permissions').status).toBe('skipped');
    rmSync(path.join(rig.directory, 'connectorctl.yaml'));
    expect((await examine()).of('workspace')).toMatchObject({ status: 'failed', hint: expect.any(String) });
  });

  it('knows which Node.js is new enough', () => {
    for (const version of ['20.19.0', '20.20.2', '22.0.0', '24.1.0']) expect(checkNode(version).status).toBe('ok');
    for (const version of ['20.18.9', '18.20.0', '9.0.0']) expect(checkNode(version).status).toBe('failed');
  });
});

const setUp = (environment: string, more: Partial<Record<SetUpCheck['name'], Partial<SetUpCheck>>> = {}): SetUp => ({
  environment,
  checks: setUpChecks.map((name) =>
    Object.assign({ name, status: 'ok', message: `What is said of ${name}.` } as const, more[name]),
  ),
});

const prod = setUp('prod', {
  account: {
    status: 'warning',
    message: 'The environment does not say which account it is: any credentials would do. These belong to 4711, Acme.',
    hint: 'If that is right, add to the environment prod in the workspace file:\naccount: "4711"',
  },
  secrets: {
    status: 'failed',
    message: '3 set, 1 not set: PASSWORD.',
    hint: 'Where it is to be set:\nconnectorctl secrets check',
  },
  catalogue: { status: 'skipped', message: 'Not asked.' },
});

describe('the words of doctor', () => {
  const look = { color: false, width: 80 };

  it('are a line for each check, and what to do', () => {
    const text = renderSetUpText(prod, look);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expectGolden('doctor/one.txt', text);
  });

  it('stand side by side for several environments', () => {
    const text = renderSetUpsText([setUp('stage'), prod], look);
    expect(text).toContain('stage  prod');
    expectGolden('doctor/several.txt', text);
  });
});
