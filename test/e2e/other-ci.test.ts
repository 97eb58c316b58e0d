import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { credentials, startPlatform, type TestPlatform } from '../support/platform.ts';
import { cli } from '../support/rig.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../.github/docs/other-ci.md'), 'utf8');
const { version }: { readonly version: string } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8'),
);

/** The first block of a language below a heading of the page. */
function blockOf(heading: string, language: string): string {
  const below = page.slice(page.indexOf(`\n## ${heading}\n`));
  return new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(below)?.[1] ?? '';
}

interface Bench {
  readonly platform: TestPlatform;
  /** Runs lines in the shell of a pipeline, in the checkout. Answers the exit code. */
  readonly run: (script: string, env?: Readonly<Record<string, string>>) => Promise<number>;
}

/** A checkout with one definition, a platform, and a PATH on which `connectorctl` is the built program and `npm` installs nothing. */
async function openBench(): Promise<Bench> {
  const platform = await startPlatform();
  const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-ci-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [tools, upstream, checkout] = ['tools', 'upstream', 'checkout'].map((name) => path.join(folder, name));
  if (tools === undefined || upstream === undefined || checkout === undefined) throw new Error('three folders');
  mkdirSync(tools);
  for (const [name, text] of [
    ['connectorctl', `exec ${process.execPath} ${cli} "$@"`],
    ['npm', `test "$*" = 'install --global --ignore-scripts connectorctl@${version}'`],
  ] as const) {
    writeFileSync(path.join(tools, name), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(tools, name), 0o755);
  }
  mkdirSync(path.join(upstream, 'instances'), { recursive: true });
  writeFileSync(path.join(upstream, '.gitignore'), '.connectorctl/\n');
  writeFileSync(
    path.join(upstream, 'connectorctl.yaml'),
    `version: 1\nworkspace: acme\nenvironments: { dev: { baseUrl: "${platform.origin}" } }\n`,
  );
  writeFileSync(
    path.join(upstream, 'instances/one.yaml'),
    'connector: actessentials\nname: One\nconfiguration:\n  username: user\n  password: ${{ secrets.PASSWORD }}\n',
  );
  const git = (...words: readonly string[]): void =>
    void execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...words], { cwd: folder });
  git('init', '--quiet', '--initial-branch=main', upstream);
  git('-C', upstream, 'add', '.');
  git('-C', upstream, 'commit', '--quiet', '--message', 'One');
  git('clone', '--quiet', upstream, checkout);
  const known = {
    ...credentials,
    HOME: folder,
    PATH: [tools, path.dirname(process.execPath), process.env['PATH'] ?? ''].join(path.delimiter),
    CONNECTORCTL_SECRETS: '{"PASSWORD": "pw-canary-1"}',
    CONNECTORCTL_FINGERPRINT_KEY: 'ab'.repeat(32),
  };
  return {
    platform,
    run: (script, env = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn('bash', ['-e', '-c', script], {
          cwd: checkout,
          env: { ...known, ...env },
          stdio: 'ignore',
        });
        child.on('error', reject);
        child.on('close', (code) => resolve(code ?? -1));
      }),
  };
}

interface GitlabJob {
  readonly stage: string;
  readonly extends?: string;
  readonly script: readonly string[];
  readonly environment?: { readonly name: string; readonly action?: string };
  readonly resource_group?: string;
  readonly rules?: readonly { readonly if: string; readonly when?: string }[];
}

describe('the recipe', () => {
  it('for GitLab plans with reads alone, applies the saved plan by hand on the default branch, and looks for drift', async () => {
    const recipe = parse(blockOf('GitLab CI', 'yaml'));
    const job = (name: string): GitlabJob => recipe[name];
    for (const name of ['plan', 'apply', 'drift']) expect(job(name).extends).toBe('.environments');
    expect(recipe['.environments'].parallel.matrix).toEqual([{ ENVIRONMENT: ['dev', 'prod'] }]);
    expect(job('apply').rules).toEqual([expect.objectContaining({ when: 'manual' })]);
    expect(job('apply')).toMatchObject({
      environment: { name: '$ENVIRONMENT' },
      resource_group: 'connectorctl-$ENVIRONMENT',
    });
    expect(['plan', 'drift'].map((name) => job(name).environment?.action)).toEqual(['access', 'access']);

    const { platform, run } = await openBench();
    const script = (name: string): string => [...recipe.default.before_script, ...job(name).script].join('\n');
    const ENVIRONMENT = 'dev';
    expect(await run(script('check'))).toBe(0);
    expect(await run(script('plan'), { ENVIRONMENT })).toBe(0);
    expect(platform.writes()).toEqual([]);
    expect(await run(script('apply'), { ENVIRONMENT })).toBe(0);
    expect(platform.sandbox.instances()).toHaveLength(1);
    expect(await run(script('drift'), { ENVIRONMENT })).toBe(0);
    // The plan of before is carried out: what was applied meanwhile is not done again.
    expect(await run(script('apply'), { ENVIRONMENT })).not.toBe(0);
    expect(platform.sandbox.instances()).toHaveLength(1);
  });

  it('for Azure DevOps plans, and applies the saved plan in a deployment to the environment', async () => {
    const text = blockOf('Azure DevOps', 'yaml');
    const [, ...rest] = text.split(/^ {2}- \$\{\{ each environment in parameters\.environments \}\}:\n/m);
    // What the template comes to for one environment.
    const stages: readonly AzureStage[] = parse(rest.join('').replaceAll('${{ environment }}', 'dev'));
    expect(stages.map(({ stage }) => stage)).toEqual(['plan_dev', 'apply_dev']);
    expect(stages[1]?.condition).toContain("eq(variables['Build.SourceBranch'], 'refs/heads/main')");
    const deploy = stages[1]?.jobs[0];
    expect(deploy).toMatchObject({ deployment: 'apply', environment: 'dev' });

    const { platform, run } = await openBench();
    for (const script of scripts(stages[0]?.jobs[0]?.steps)) expect(await run(script, { ENVIRONMENT: 'dev' })).toBe(0);
    expect(platform.writes()).toEqual([]);
    for (const script of scripts(deploy?.strategy?.runOnce.deploy.steps))
      expect(await run(script, { ENVIRONMENT: 'dev', PLAN: '.' })).toBe(0);
    expect(platform.sandbox.instances()).toHaveLength(1);
  });

  it('for cron brings the clone up to date and applies it, as often as it is run', async () => {
    const { platform, run } = await openBench();
    const script = blockOf('A container, or cron', 'sh');
    const command = `cat > ../apply-merged <<'END'\n${script}END\nsh ../apply-merged "$PWD" dev`;
    expect(await run(command)).toBe(0);
    expect(await run(command)).toBe(0);
    expect(platform.sandbox.instances()).toHaveLength(1);
    expect(await run('connectorctl history .connectorctl/record-dev.jsonl')).toBe(0);
  });

  it.each(['image: node:24', 'connectorctl@0.1.0'])('names what it installs: %s', (text) => {
    expect(page).toContain(text.replace('0.1.0', version));
  });
});

function scripts(steps: readonly AzureStep[] = []): readonly string[] {
  return steps.flatMap(({ script }) => script ?? []);
}

interface AzureStep {
  readonly script?: string;
}

interface AzureStage {
  readonly stage: string;
  readonly condition?: string;
  readonly jobs: readonly {
    readonly steps?: readonly AzureStep[];
    readonly strategy?: { readonly runOnce: { readonly deploy: { readonly steps: readonly AzureStep[] } } };
  }[];
}
