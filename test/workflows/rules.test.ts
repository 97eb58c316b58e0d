import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listWorkflows } from '../../src/operation/init/wanted-files.ts';
import type { WorkflowSettings } from '../../src/operation/init/workflow-settings.ts';
import { lintWorkflow } from '../support/actionlint.ts';
import { expectGolden } from '../support/golden.ts';
import { listRules, readWorkflowText } from '../support/workflow-rules.ts';
import { buildFirst } from '../support/workflow-runner/own-workflows.ts';
import { readWorkflow } from '../support/workflow-runner/read-workflow.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const credentials = ['CONNECTORCTL_USER_SECRET', 'CONNECTORCTL_ORGANIZATION_SECRET'];
const sandbox: WorkflowSettings = { environments: [{ name: 'sandbox', secrets: [] }], directory: '.' };
const production: WorkflowSettings = {
  environments: [{ name: 'production', secrets: [...credentials, 'CONNECTORCTL_SECRET_CODE'] }],
  directory: '.',
};
const strange: WorkflowSettings = {
  environments: ['1.0', 'true', 'a.b', 'a_b', 'no'].map((name) => ({ name, secrets: credentials })),
  directory: 'apps/1 crm',
};
const named: WorkflowSettings = { ...production, action: `acme/tools/actions/connectorctl@${'0a'.repeat(20)}` };

const ownHost: WorkflowSettings = {
  environments: [{ name: 'own', secrets: credentials, ownHost: 'api.acme.example' }],
  directory: '.',
};

function textsOf(settings: WorkflowSettings): ReadonlyMap<string, string> {
  const found = listWorkflows('/', settings).map(
    ({ path: file, text }) => [path.basename(file, '.yaml'), text] as const,
  );
  return new Map(found);
}

/** Every workflow in the Markdown of the repository. */
function listExamples(): readonly (readonly [string, string])[] {
  const below = ['src', 'docs', '.github']
    .filter((folder) => existsSync(path.join(root, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    );
  const files = ['README.md', ...below.filter((name) => name.endsWith('.md'))];
  return files.flatMap((file) => findExamples(read(file)).map((text) => [file, text] as const));
}

function findExamples(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
  return blocks.filter((text) => /^jobs:/m.test(text));
}

const shipped: readonly (readonly [string, string])[] = [
  ...['plan', 'apply', 'drift', 'ci', 'release'].map(
    (name) => [`our ${name}`, read(`.github/workflows/${name}.yaml`)] as const,
  ),
  ...Object.entries({ production, strange, named, ownHost }).flatMap(([kind, settings]) =>
    [...textsOf(settings)].map(([name, text]) => [`${name} for ${kind}`, text] as const),
  ),
  ...listExamples(),
];

const action: { readonly inputs: object } = parse(read('.github/actions/connectorctl/action.yml'));
const rules = listRules(new Set(Object.keys(action.inputs)));

/** How many lines each has. */
function linesOf(texts: ReadonlyMap<string, string>): readonly (readonly [string, number])[] {
  return [...texts].map(([name, text]) => [name, text.trimEnd().split('\n').length]);
}

describe('a workflow that we ship', () => {
  it.each(shipped)('%s is fine by actionlint and by the parser of GitHub', async (name, text) => {
    expect(await lintWorkflow(text)).toEqual([]);
    if (name !== 'our ci') await readWorkflow(text);
  });

  it.each(shipped)('%s keeps every rule', (_name, text) => {
    const workflow = readWorkflowText(text);
    expect(rules.flatMap((rule) => rule.find(workflow).map((found) => `${rule.name}: ${found}`))).toEqual([]);
  });

  it('is what init writes for this repository, and builds the Action first', () => {
    for (const [name, text] of textsOf(sandbox)) expectGolden(`../../.github/workflows/${name}.yaml`, buildFirst(text));
    expect(readdirSync(path.join(root, '.github/workflows')).toSorted()).toEqual([
      'apply.yaml',
      'ci.yaml',
      'drift.yaml',
      'plan.yaml',
      'release.yaml',
    ]);
  });

  it('has a run for each environment, and takes names for texts', () => {
    const { jobs } = readWorkflowText(textsOf(strange).get('apply') ?? '');
    expect(jobs['apply']).toMatchObject({
      strategy: { 'fail-fast': false, matrix: { environment: ['1.0', 'true', 'a.b', 'a_b', 'no'] } },
      environment: '${{ matrix.environment }}',
    });
  });

  it('is of as few lines with many environments and secrets as with one, and under 60', () => {
    const names = Array.from({ length: 20 }, (_, index) => `stage-${index}`);
    const secrets = [...credentials, ...Array.from({ length: 180 }, (_, index) => `CONNECTORCTL_SECRET_${index}`)];
    const many = textsOf({ environments: names.map((name) => ({ name, secrets })), directory: '.' });
    const few = textsOf({
      environments: [{ name: 'stage', secrets: [...credentials, 'CONNECTORCTL_SECRET_0'] }],
      directory: '.',
    });
    expect(linesOf(many)).toEqual(linesOf(few));
    expect(linesOf(many).filter(([, count]) => count >= 60)).toEqual([]);
  });

  it('is found in Markdown', () => {
    expect(findExamples('```yaml\njobs:\n  a: 1\n```\n\n```yaml\nversion: 1\n```\n')).toEqual(['jobs:\n  a: 1\n']);
  });
});

type Break = readonly [
  rule: string,
  workflow: 'plan' | 'apply' | 'authorize' | OwnName,
  from: string | RegExp,
  to: string,
];

/** Workflows of this repository; `plan`, `apply` and `authorize` are those that init writes. */
type OwnName = 'ci' | 'release' | 'our plan' | 'our apply';

const breaks: readonly Break[] = [
  ['dangerous triggers', 'plan', '  pull_request:', '  pull_request_target:'],
  ['dangerous triggers', 'apply', '  push:', '  workflow_run:'],
  ['dangerous triggers', 'plan', /^on:\n(?: .*\n)+/m, 'on: pull_request_target\n'],
  ['dangerous triggers', 'plan', /^on:\n(?: .*\n)+/m, 'on: [push, pull_request_target]\n'],
  ['dangerous triggers', 'apply', '  push:', '  issue_comment:'],
  ['unpinned uses', 'plan', /uses: actions\/checkout@\S+/, '"uses": actions/checkout@v7'],
  ['unpinned uses', 'plan', /@[0-9a-f]{40} # v7\.0\.1/, '@v7'],
  ['unpinned uses', 'plan', ' # v7.0.1', ''],
  ['unpinned uses', 'apply', './.github', 'acme/.github'],
  ['excessive permissions', 'plan', 'permissions: {}', 'permissions: read-all'],
  ['excessive permissions', 'plan', 'contents: read', 'contents: write'],
  ['excessive permissions', 'apply', 'checks: read', 'id-token: write'],
  ['excessive permissions', 'apply', 'checks: read', 'checks: write'],
  ['excessive permissions', 'ci', /permissions:\n\s+contents: read/, 'permissions: write-all'],
  ['excessive permissions', 'release', 'id-token: write', 'id-token: write\n      packages: write'],
  ['excessive permissions', 'release', 'contents: read #', 'contents: write #'],
  ['persisted credentials', 'release', 'persist-credentials: false', 'fetch-depth: 0'],
  ['persisted credentials', 'plan', 'persist-credentials: false', 'persist-credentials: true'],
  ['persisted credentials', 'apply', 'persist-credentials: false', 'fetch-depth: 1'],
  ['template injection', 'plan', 'echo "$message"', 'echo "${{ github.head_ref }}"'],
  ['all secrets at once', 'apply', '${{ secrets.CONNECTORCTL_USER_SECRET }}', '${{ toJSON(secrets) }}'],
  ['all secrets at once', 'apply', 'runs-on:', 'secrets: inherit\n    runs-on:'],
  ['secrets outside of an environment', 'apply', '    environment: ${{ matrix.environment }}\n', ''],
  ['secrets outside of an environment', 'apply', 'with: { persist', 'with: { token: "${{ secrets.PAT }}", persist'],
  [
    'secrets outside of an environment',
    'plan',
    '    steps:',
    '    env:\n      A: ${{ secrets.CONNECTORCTL_USER_SECRET }}\n    steps:',
  ],
  [
    'conditions on who somebody says to be',
    'apply',
    'if: github.ref',
    "if: github.actor == 'dependabot[bot]' && github.ref",
  ],
  ['caches and artifacts as input', 'apply', /actions\/checkout/, 'actions/download-artifact'],
  ['caches and artifacts as input', 'ci', 'package-manager-cache: false', 'cache: npm'],
  ['writes to GITHUB_ENV', 'plan', '$GITHUB_STEP_SUMMARY', '$GITHUB_ENV'],
  ['jobs without an end', 'plan', '    timeout-minutes: 15\n', ''],
  ['the tool of the pull request', 'plan', './.connectorctl-trusted/.github', './.github'],
  ['the tool of the pull request', 'our plan', 'npm run --prefix .connectorctl-trusted', 'npm run'],
  ['a checkout into what the pull request brought', 'plan', 'rm -rf -- .connectorctl-trusted', 'rm -rf .cache'],
  ['a checkout into what the pull request brought', 'our plan', 'rm -rf -- ', 'rm -rf -- x/'],
  ['install scripts beside secrets or rights to write', 'our plan', ' --ignore-scripts', ''],
  ['install scripts beside secrets or rights to write', 'our apply', ' --ignore-scripts', ''],
  ['install scripts beside secrets or rights to write', 'release', ' --ignore-scripts', ''],
  ['applies that are cancelled', 'apply', 'cancel-in-progress: false', 'cancel-in-progress: true'],
  ['applies that are cancelled', 'apply', '      queue: max\n', ''],
  ['applies that are cancelled', 'authorize', '      queue: max\n', ''],
  ['excessive permissions', 'authorize', 'contents: read', 'contents: write'],
  ['secrets outside of an environment', 'authorize', '    environment: ${{ inputs.environment }}\n', ''],
  [
    'an answer that a runner prints',
    'authorize',
    'command: authorize',
    'command: authorize\n          only: ${{ inputs.redirect }}',
  ],
  ['unknown inputs', 'plan', 'command: plan', 'comand: plan'],
  ['another machine than a fresh one', 'plan', 'runs-on: ubuntu-latest', 'runs-on: [self-hosted, linux]'],
  ['another machine than a fresh one', 'apply', 'runs-on: ubuntu-latest', 'runs-on: ${{ github.event.label.name }}'],
  ['a container', 'apply', '    runs-on:', '    container: node:24\n    runs-on:'],
  ['rights without a reason', 'plan', ' # the result on the commit', ''],
  ['runs at the same time', 'plan', /^concurrency:\n(?: .*\n)+/m, ''],
  ['conditions that are always true', 'apply', /if: github\.ref.*/, 'if: ${{ github.ref }} == refs/heads/main'],
  ['conditions that are always true', 'apply', /if: (github\.ref.*)/, 'if: |\n      $1'],
  ['conditions that are always true', 'apply', /if: github\.ref.*/, "if: contains('refs/heads/main', github.ref)"],
  [
    'a secret taken out of another',
    'apply',
    '${{ secrets.CONNECTORCTL_USER_SECRET }}',
    '${{ fromJSON(secrets.ALL).user }}',
  ],
  ['commands that GitHub switched off', 'plan', '::notice title=connectorctl::', '::set-output name=a::'],
  [
    'commands that GitHub switched off',
    'plan',
    '    steps:',
    "    env:\n      ACTIONS_ALLOW_UNSECURE_COMMANDS: 'true'\n    steps:",
  ],
  ['a name for each workflow and job', 'plan', 'name: connectorctl plan\n', ''],
  ['a name for each workflow and job', 'plan', '    name: plan ${{ matrix.environment }}\n', ''],
  ['text from outside as a shell', 'plan', '        run: |', '        shell: ./sh {0}\n        run: |'],
  ['a path that hides what is used', 'plan', 'actions/checkout@', 'actions/checkout/../checkout@'],
  ['a token for a registry', 'release', '          VERSION: ', '          NODE_AUTH_TOKEN: x\n          VERSION: '],
  ['template injection', 'plan', 'with: { fetch-depth: 0,', 'with: { script: "${{ github.head_ref }}",'],
  ['an action that nobody looked at', 'plan', 'actions/checkout@', 'tj-actions/changed-files@'],
  ['an action that nobody looked at', 'apply', 'actions/checkout@', 'actions/create-github-app-token@'],
  [
    'a checkout of what a pull request names',
    'plan',
    'with: { fetch-depth: 0,',
    'with: { ref: "${{ github.event.pull_request.head.sha }}",',
  ],
  ['a checkout of what a pull request names', 'plan', 'fetch-depth: 0,', 'ref: "${{ github.head_ref }}",'],
  ['tools fetched over the network', 'our plan', 'npm run --prefix', 'npx --yes esbuild; npm run --prefix'],
];

describe('a rule', () => {
  it.each(breaks)('finds %s in %s once %s is %s', (name, kind, from, to) => {
    const good = textsOf(production).get(kind) ?? read(`.github/workflows/${kind.replace('our ', '')}.yaml`);
    const bad = good.replace(from, to);
    expect(bad).not.toBe(good);
    expect(rules.find((rule) => rule.name === name)?.find(readWorkflowText(bad))).not.toEqual([]);
  });

  it('is broken by an example each', () => {
    expect(new Set(breaks.map(([name]) => name))).toEqual(new Set(rules.map(({ name }) => name)));
  });
});

describe('actionlint', () => {
  it('finds what is wrong, also in what is newer than it', async () => {
    const good = textsOf(production).get('apply') ?? '';
    expect(await lintWorkflow(good.replace('queue: max', 'qeue: max'))).toEqual([
      expect.stringContaining('unexpected key "qeue"'),
    ]);
    expect(await lintWorkflow(good.replace('github.ref ==', 'github.reff =='))).toEqual([
      expect.stringContaining('"reff"'),
    ]);
    await expect(readWorkflow(good.replace('queue: max', 'queue: most'))).rejects.toThrow(
      'GitHub refuses the workflow',
    );
  });
});

describe('Dependabot', () => {
  const { updates }: { readonly updates: readonly { readonly cooldown: Readonly<Record<string, number>> }[] } = parse(
    read('.github/dependabot.yml'),
  );

  it('waits some days before it proposes a new version, and runs no code of others', () => {
    const days = updates.map(({ cooldown }) => cooldown['default-days'] ?? 0);
    expect(Math.min(...days)).toBeGreaterThanOrEqual(7);
    expect(JSON.stringify(updates)).not.toContain('insecure-external-code-execution');
  });
});
