import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { examples } from '../../src/cli/examples.ts';
import { findSynonym, knownWords } from '../../src/cli/synonyms.ts';
import { runHosted } from '../support/cli-host.ts';
import { openWholeProgram } from '../support/whole-program.ts';

/** Nothing of it is read: what is answered is answered before. */
const cwd = '/';
const { program } = await openWholeProgram();
const type = (line: string) => runHosted(line.split(' '), { cwd, env: {} });

/** What people type, and what the answer has to name. */
const habits: Readonly<Record<string, string>> = {
  // Commands of other tools.
  diff: 'connectorctl plan',
  get: 'connectorctl status',
  list: 'connectorctl status',
  ls: 'connectorctl status',
  show: 'connectorctl status',
  'state list': 'connectorctl status',
  'describe crm/sales': 'connectorctl status',
  refresh: 'connectorctl drift',
  delete: 'connectorctl plan --prune',
  destroy: 'connectorctl plan --prune',
  'rm crm/sales': 'connectorctl plan --prune',
  fmt: 'no formatter',
  lint: 'connectorctl validate',
  check: 'connectorctl validate',
  login: 'CONNECTORCTL_USER_SECRET',
  'auth status': 'connectorctl doctor',
  whoami: 'connectorctl doctor',
  ping: 'connectorctl status --ping',
  dump: 'connectorctl import --all',
  export: 'connectorctl import --all',
  sync: 'connectorctl apply',
  deploy: 'connectorctl apply',
  rollback: 'revert the commit',
  version: 'connectorctl --version',
  'workspace list': '--env',
  output: 'connectorctl status --format json',
  graph: 'no graph',
  'api-resources': 'connectorctl explain --list',
  'rollout history': 'connectorctl history',
  'secrets ls': 'connectorctl secrets list',
  'secrets set X': 'connectorctl secrets list',
  'catalog list': 'connectorctl explain --list',
  'state mv a b': 'renaming its file',
  'mv a b': 'git mv',
  'disable a': '`enabled: false`',
  'rotate X': 'connectorctl secrets list',
  'forget a': 'orphan',
  'promote dev prod': '`overrides`',
  'label a b=c': '`tags`',
  stash: 'git keeps',
  wait: '`apply` waits by itself',
  envs: 'connectorctl status --all-environments',
  'reauthorize a': 'connectorctl authorize KEY',
  'taint a': 'connectorctl plan --resend KEY',
  // What was said of workspace and environment goes on.
  'get --env prod': 'connectorctl status --env prod',
  '--env=prod plan crm/sales': 'connectorctl plan --env prod --only crm/sales',
  'list --config a/b.yaml': 'connectorctl status --config a/b.yaml',
  'apply --env prod --dry-run': 'connectorctl plan --env prod',
  // Options of other tools.
  'plan -no-color': 'Here, that is --no-color.',
  'init -upgrade': 'Here, that is --upgrade.',
  'apply -k .': '--only KEY',
  'drift --fix': '--accept KEY',
  'plan -o json': '--format json',
  'plan --output json': '--format json',
  'plan --output=json': '--format json',
  'plan --json': '--format json',
  'plan -json': '--format json',
  'plan -out=plan.json': '--out',
  'plan -target=crm/sales': '--only KEY',
  'plan --target crm/sales': '--only KEY',
  'plan -var x=1': 'connectorctl.yaml',
  'plan --var x=1': 'connectorctl.yaml',
  'plan -var-file=x': 'connectorctl.yaml',
  'plan -f instances/a.yaml': '--only KEY',
  'apply -f instances/a.yaml': '--only KEY',
  'plan -e prod': '--env NAME',
  'plan --environment prod': '--env NAME',
  'plan --context prod': '--env NAME',
  'plan --all-namespaces': '--all-environments',
  'apply --all-environments': 'connectorctl apply --env NAME',
  'apply -A': 'An apply is for one environment',
  'authorize --all-environments': 'connectorctl authorize --env NAME',
  'import --all --all-environments': 'connectorctl import --env NAME',
  'events status --all-environments': 'of commands that only read',
  'apply --auto-approve': '--yes',
  'apply -auto-approve': '--yes',
  'apply --dry-run': 'connectorctl plan',
  'apply --dry-run=client': 'connectorctl plan',
  'plan --refresh-only': 'connectorctl drift',
  'drift --watch': 'on a schedule',
  'drift --strict': '`validate` and `plan`',
  'apply --force': '--allow-limits',
  'apply --parallelism=4': '--concurrency',
  'plan --debug': '--verbose',
  'plan --chdir x': '--config',
  // Operands.
  'plan crm/sales': 'connectorctl plan --only crm/sales',
  'plan instances/crm/sales.yaml': 'connectorctl plan --only crm/sales',
  'plan plan.json': 'connectorctl apply plan.json',
  'drift crm/sales': 'connectorctl drift --only crm/sales',
  'import 4711': 'connectorctl import --id 4711',
};

describe('what it is called here', () => {
  it.each(Object.entries(habits))('is answered to %s, and nothing is run', async (line, answer) => {
    const { code, stdout, stderr } = await type(line);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(answer);
    expect(stderr).not.toContain('Did you mean');
  });

  it('names an option as it was typed', async () => {
    expect((await type('plan -var x=1')).stderr).toContain("Unknown option '-var'");
  });

  it('is the hint in JSON too', async () => {
    const { code, stdout } = await type('diff --format json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage', hint: expect.stringContaining('`plan`') } });
  });

  it('takes the words as they are, and knows no others', async () => {
    expect(findSynonym('command', 'constructor')).toBeUndefined();
    expect(findSynonym('option', '--__proto__')).toBeUndefined();
    expect(findSynonym('operand', "x'; rm -rf /", 'plan')).toBeUndefined();
    expect(findSynonym('operand', 'x', 'toString')).toBeUndefined();
    expect((await type('plna')).stderr).toContain('Did you mean plan?');
    expect((await type('plan --prnue')).stderr).toContain('Did you mean --prune?');
  });

  it('names only commands and options that there are, and answers no word that is one', () => {
    const verbs = new Set(program.commands.map((one) => one.name()));
    expect(knownWords.command.filter((word) => verbs.has(word))).toEqual([]);
    const told = (['command', 'option'] as const).flatMap((kind) =>
      knownWords[kind].flatMap((word) => findSynonym(kind, word)?.split('\n').slice(1) ?? []),
    );
    expect([...new Set(told)].filter((line) => !isKnown(line))).toEqual([]);
  });
});

describe('help', () => {
  it('is what the name alone prints, and that is no error', async () => {
    const { code, stdout, stderr } = await runHosted([], { cwd, env: {} });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: connectorctl');
    expect((await type('secrets')).code).toBe(3);
  });

  it('shows of every command the global options and an example', async () => {
    for (const name of namesOf(program)) {
      const { code, stdout } = await type(`${name} --help`.trim());
      expect({ name, code }).toEqual({ name, code: 0 });
      for (const wanted of ['--env <name', '--config <file>', '--quiet', '--verbose', 'Examples:\n  connectorctl ']) {
        expect({ name, wanted, found: stdout.includes(wanted) }).toEqual({ name, wanted, found: true });
      }
    }
  });

  it('has examples only of commands and options that there are', () => {
    const lines = Object.values(examples).flatMap((all) => all.map((line) => `connectorctl ${line}`));
    expect(lines.filter((line) => !isKnown(line))).toEqual([]);
  });
});

/** The names of all commands: `secrets list`; that of the program is empty. */
function namesOf(command: Command, name = ''): readonly string[] {
  return [name, ...command.commands.flatMap((one) => namesOf(one, `${name} ${one.name()}`.trim()))];
}

/** Whether a command line names a command and options that there are. */
function isKnown(line: string): boolean {
  let command = program;
  const words = line.split(' ').slice(1);
  const optionsOf = (one: typeof command | null): readonly (string | undefined)[] =>
    one === null ? [] : [...one.options.flatMap(({ short, long }) => [short, long]), ...optionsOf(one.parent)];
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (next !== undefined) command = next;
  }
  const flags = words.filter((word) => word.startsWith('-'));
  const isVerb = words[0]?.startsWith('-') === true || words[0] === 'help' || command.parent !== null;
  return isVerb && flags.every((flag) => flag === '--help' || optionsOf(command).includes(flag));
}

describe('an argument that is missing', () => {
  it('is one of a few words, which are named', async () => {
    const { stderr, code } = await type('completion');
    expect(code).toBe(3);
    expect(stderr).toContain('It is one of bash, zsh, fish, as in:\n  connectorctl completion bash\n');
  });
});
