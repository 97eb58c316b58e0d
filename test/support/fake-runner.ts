import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ActionHost, runAction } from '../../src/action/run-action.ts';
import { openRig, type Rig } from './rig.ts';

/** The built Action, as a runner starts it. `npm test` builds it first. */
export const builtAction = path.join(import.meta.dirname, '../../.github/actions/connectorctl/index.mjs');

/** A command that the runner would carry out. */
export interface RunnerCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** What a runner makes of the output of a step. */
export interface StepLog {
  /** Every command in turn, but for masks and guards. */
  readonly commands: readonly RunnerCommand[];
  readonly masks: readonly string[];
  /** Lines that people see, masked. */
  readonly text: string;
  /** Token of each guard. */
  readonly guards: readonly string[];
}

/** What actions/runner registers: anything else that looks like a command is text to it. */
const registered = new Set([
  'add-mask',
  'error',
  'warning',
  'notice',
  'group',
  'endgroup',
  'stop-commands',
  'debug',
  'echo',
  'set-env',
  'set-output',
  'save-state',
  'add-path',
  'add-matcher',
  'remove-matcher',
  'internal-set-repo-path',
]);

const expected = new Set(['add-mask', 'error', 'warning', 'notice', 'group', 'endgroup']);

/**
 * Reads the output of a step as actions/runner does (ActionCommand.cs, ActionCommandManager.cs).
 * Throws for a command that the Action must never give, and for a guard that is open at the end or used twice.
 */
export function readStepLog(output: string): StepLog {
  const commands: RunnerCommand[] = [];
  const masks: string[] = [];
  const lines: string[] = [];
  const guards: string[] = [];
  let guard: string | undefined;
  for (const line of output.split(/\r\n|[\r\n]/)) {
    const command = parseV2(line, guard) ?? parseV1(line, guard);
    if (guard !== undefined) {
      if (command?.name === guard) guard = undefined;
      else lines.push(mask(line, masks));
    } else if (command === undefined) lines.push(mask(line, masks));
    else if (command.name === 'stop-commands') {
      if (guards.includes(command.data) || !/^[0-9a-f]{64}$/.test(command.data)) throw new Error(`weak guard: ${line}`);
      guard = command.data;
      guards.push(guard);
    } else if (!expected.has(command.name)) throw new Error(`unexpected command: ${line}`);
    else if (command.name === 'add-mask') masks.push(command.data);
    else commands.push(command);
  }
  if (guard !== undefined) throw new Error('the last guard was never closed');
  return { commands, masks, guards, text: lines.join('\n') };
}

/** `::name key=value,key=value::data`, after blanks. */
function parseV2(line: string, guard: string | undefined): RunnerCommand | undefined {
  const [, info = '', data = ''] = /^\s*::(.*?)::(.*)$/s.exec(line) ?? [];
  const [name = '', ...rest] = info.split(' ');
  if (!isCommand(name, guard)) return undefined;
  const pairs = rest
    .join(' ')
    .trim()
    .split(',')
    .map((pair) => pair.split(/=(.*)/s));
  const properties = pairs.flatMap(([key = '', value = '']) => (value === '' ? [] : [[key, unescape(value, true)]]));
  return { name: name.toLowerCase(), properties: Object.fromEntries(properties), data: unescape(data, false) };
}

/** `##[name key=value;key=value]data`, anywhere in a line. */
function parseV1(line: string, guard: string | undefined): RunnerCommand | undefined {
  const [, info = '', data = ''] = /##\[(.*?)\](.*)$/s.exec(line) ?? [];
  const [name = ''] = info.split(' ');
  return isCommand(name, guard) ? { name: name.toLowerCase(), properties: {}, data } : undefined;
}

function isCommand(name: string, guard: string | undefined): boolean {
  return registered.has(name.toLowerCase()) || (guard !== undefined && name === guard);
}

function unescape(text: string, isProperty: boolean): string {
  const lines = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  const more = isProperty ? lines.replaceAll('%3A', ':').replaceAll('%2C', ',') : lines;
  return more.replaceAll('%25', '%');
}

function mask(text: string, masks: readonly string[]): string {
  return masks.toSorted((a, b) => b.length - a.length).reduce((shown, one) => shown.replaceAll(one, '***'), text);
}

/** Reads an outputs file as actions/runner does. Throws when a value could have ended early. */
export function readOutputs(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the file does not end with a line feed');
  for (let index = 0; index < lines.length; index += 1) {
    const [, name = '', delimiter = ''] = /^([^=]*?)<<(.*)$/.exec(lines[index] ?? '') ?? [];
    if (!/^ghadelimiter_[0-9a-f]{64}$/.test(delimiter)) throw new Error(`no delimiter: ${lines[index]}`);
    const end = lines.indexOf(delimiter, index + 1);
    if (end === -1 || name in outputs) throw new Error(`broken output ${name}`);
    outputs[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return outputs;
}

/** A step that has run. */
export interface StepEnd {
  readonly code: number;
  readonly log: StepLog;
  /** Everything that the process wrote, unmasked. */
  readonly raw: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface StepOptions {
  /** Name of the event. */
  readonly on: string;
  /** Payload of the event. */
  readonly event?: object;
  readonly ref?: string;
  readonly sha?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Aborted when the job is cancelled; for the sources only. */
  readonly signal?: AbortSignal;
  /** File of a built Action, which runs in a process of its own. Without it, the sources run in this one, with no waiting. */
  readonly built?: string;
}

/** A checkout on a runner. */
export interface FakeRunner {
  readonly rig: Rig;
  readonly run: (options: StepOptions) => Promise<StepEnd>;
}

/** Opens a checkout with these files that ends with the test. */
export function openRunner(files: Readonly<Record<string, string>>): FakeRunner {
  const rig = openRig(files);
  const temp = openRig();
  return { rig, run: (options) => runStep({ rig, temp }, options) };
}

async function runStep(folders: { readonly rig: Rig; readonly temp: Rig }, options: StepOptions): Promise<StepEnd> {
  const { rig, temp } = folders;
  const {
    on,
    event = { repository: { default_branch: 'main' } },
    ref = 'refs/heads/main',
    sha = 'a'.repeat(40),
  } = options;
  temp.write('event.json', JSON.stringify(event));
  temp.write('output', '');
  temp.write('summary.md', '');
  // As actions/checkout leaves it, unless the test made a whole repository.
  if (!existsSync(path.join(rig.directory, '.git/refs'))) rig.write('.git/HEAD', `${sha}\n`);
  const inputs = Object.entries(options.inputs ?? {}).map(([name, value]) => [
    `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
    value,
  ]);
  const file = (name: string): string => path.join(temp.directory, name);
  const env = {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    // The test platform is on this machine.
    CONNECTORCTL_ALLOWED_HOSTS: '127.0.0.1',
    GITHUB_EVENT_NAME: on,
    GITHUB_EVENT_PATH: file('event.json'),
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary.md'),
    // Written by nobody: they must stay as they are.
    GITHUB_ENV: file('env'),
    GITHUB_PATH: file('path'),
    GITHUB_WORKSPACE: rig.directory,
    GITHUB_REPOSITORY: 'acme/integrations',
    GITHUB_REF: ref,
    GITHUB_SHA: sha,
    GITHUB_RUN_ID: '7',
    GITHUB_RUN_ATTEMPT: '1',
    // Nobody listens there: a test that needs GitHub starts one.
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_GRAPHQL_URL: 'http://127.0.0.1:9/graphql',
    ...options.env,
    ...Object.fromEntries(inputs),
  };
  const { code, raw } =
    options.built === undefined ? await runSources(env, options.signal) : await runBuilt(options.built, env);
  if (existsSync(file('env')) || existsSync(file('path'))) throw new Error('GITHUB_ENV or GITHUB_PATH was written');
  return {
    code,
    raw,
    log: readStepLog(raw),
    outputs: readOutputs(temp.read('output')),
    summary: readFileSync(file('summary.md'), 'utf8'),
  };
}

async function runSources(
  env: ActionHost['env'],
  signal = new AbortController().signal,
): Promise<{ readonly code: number; readonly raw: string }> {
  const written: string[] = [];
  const code = await runAction({
    env,
    write: (text) => written.push(text),
    signal,
    sleep: () => Promise.resolve(),
  });
  return { code, raw: written.join('') };
}

function runBuilt(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly raw: string }> {
  const bare = { PATH: process.env['PATH'] ?? '', HOME: tmpdir() };
  const child = spawn(process.execPath, [file], { cwd: path.dirname(file), env: { ...bare, ...env } });
  let raw = '';
  // A runner reads commands from both.
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (raw += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, raw }));
  });
}
