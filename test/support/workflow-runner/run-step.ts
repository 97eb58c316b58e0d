import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { parse } from 'yaml';
import { readOutputs, readStepLog } from '../fake-runner.ts';
import { checkOut } from './checkout.ts';
import { evaluateExpression, evaluateTexts, type Scope, toText } from './evaluate.ts';
import type { StepModel } from './read-workflow.ts';
import type { RunEvent } from './run-event.ts';
import { listUpload } from './upload.ts';

/** Where a step runs. */
export interface StepPlace {
  readonly workspace: string;
  /** Folder for files between runner and step. */
  readonly temp: string;
  readonly event: RunEvent;
  readonly url: string;
  readonly token: string;
  /** Program for JavaScript actions. */
  readonly node: string;
  /** What the runner tells every step. */
  readonly env: Readonly<Record<string, string>>;
  /** Texts that the log must not show. */
  readonly masks: readonly string[];
}

/** A step that was reached. */
export interface StepEnd {
  readonly id: string;
  readonly name: string;
  readonly result: 'success' | 'failure' | 'skipped';
  /** What people see. */
  readonly log: string;
  readonly commands: readonly { readonly name: string; readonly data: string }[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs a step whose condition is met. */
export async function runStep(step: StepModel, scope: Scope, place: StepPlace): Promise<StepEnd> {
  const { uses, run } = step.fields;
  const name = nameOf(step);
  const bare = { id: step.id, name, log: '', commands: [], outputs: {}, summary: '' };
  if (typeof uses === 'string' && uses.startsWith('actions/checkout@')) {
    checkOut({ ...place, inputs: evaluateTexts(step.fields['with'], scope) });
    return { ...bare, result: 'success' };
  }
  if (typeof uses === 'string' && uses.startsWith('actions/setup-node@')) {
    setUpNode(evaluateTexts(step.fields['with'], scope), place.node);
    return { ...bare, result: 'success' };
  }
  if (typeof uses === 'string' && uses.startsWith('actions/upload-artifact@')) {
    const kept = listUpload(evaluateTexts(step.fields['with'], scope), place.workspace);
    return { ...bare, result: 'success', log: kept.join('\n') };
  }
  const env = evaluateTexts(step.fields['env'], scope);
  if (typeof uses === 'string' && uses.startsWith('./')) {
    const action = readAction(path.join(place.workspace, uses), evaluateTexts(step.fields['with'], scope), scope);
    return { ...bare, ...(await runProcess([place.node, action.file], { ...env, ...action.env }, place)) };
  }
  if (typeof run !== 'string') throw new Error(`this runner does not carry out step ${name}`);
  const script = path.join(place.temp, 'script.sh');
  writeFileSync(script, run);
  // The shell where a step names none (docs.github.com, workflow syntax, defaults.run.shell).
  return { ...bare, ...(await runProcess(['bash', '-e', script], env, place)) };
}

/** There is one Node.js here, on the PATH from the beginning: that it is asked for is all that is checked. */
function setUpNode(inputs: Readonly<Record<string, string>>, node: string): void {
  const { 'node-version': wanted, 'package-manager-cache': cache, ...others } = inputs;
  if (Object.keys(others).length > 0)
    throw new Error(`this setup-node knows no input ${Object.keys(others).join(', ')}`);
  if (cache !== 'false') throw new Error('this setup-node keeps no cache');
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' });
  if (!version.startsWith(`v${wanted}.`)) throw new Error(`Node.js ${wanted} is asked for, there is ${version}`);
}

/** A step whose condition is not met. */
export function skipStep(step: StepModel): StepEnd {
  return { id: step.id, name: nameOf(step), result: 'skipped', log: '', commands: [], outputs: {}, summary: '' };
}

function nameOf({ id, fields }: StepModel): string {
  const { name } = fields;
  return typeof name === 'string' ? name : id;
}

/** `hashFiles`, for plain paths. */
export function hashFiles(workspace: string, ...names: readonly string[]): string {
  if (names.some((name) => /[*?[\]!]/.test(name))) throw new Error('this hashFiles knows plain paths only');
  const texts = names.flatMap((name) => {
    try {
      return [readFileSync(path.join(workspace, name))];
    } catch {
      return [];
    }
  });
  if (texts.length === 0) return '';
  return createHash('sha256').update(Buffer.concat(texts)).digest('hex');
}

interface LocalAction {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

function readAction(folder: string, given: Readonly<Record<string, string>>, scope: Scope): LocalAction {
  const { inputs, runs }: ActionFile = parse(readFileSync(path.join(folder, 'action.yml'), 'utf8'));
  if (runs.using !== 'node24') throw new Error(`this runner runs node24 only, not ${runs.using}`);
  const strange = Object.keys(given).filter((name) => !(name in inputs));
  if (strange.length > 0) throw new Error(`the action has no input ${strange.join(', ')}`);
  const env = Object.entries(inputs).map(([name, { default: text = '' }]) => {
    const [, expression] = /^\$\{\{(.*)\}\}$/.exec(text) ?? [];
    const standard = expression === undefined ? text : toText(evaluateExpression(expression.trim(), scope));
    return [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, given[name] ?? standard];
  });
  return { file: path.join(folder, runs.main), env: Object.fromEntries(env) };
}

type ProcessEnd = Pick<StepEnd, 'result' | 'log' | 'commands' | 'outputs' | 'summary'>;

async function runProcess(
  [program = '', ...words]: readonly string[],
  env: Readonly<Record<string, string>>,
  place: StepPlace,
): Promise<ProcessEnd> {
  const { temp, workspace, masks } = place;
  mkdirSync(temp, { recursive: true });
  const files = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE'];
  for (const name of files) writeFileSync(path.join(temp, name), '');
  const read = (name: string): string => readFileSync(path.join(temp, name), 'utf8');
  const { code, raw } = await start(program, words, {
    cwd: workspace,
    env: { ...place.env, ...Object.fromEntries(files.map((name) => [name, path.join(temp, name)])), ...env },
  });
  for (const name of ['GITHUB_ENV', 'GITHUB_PATH']) if (read(name) !== '') throw new Error(`${name} was written`);
  const { text, commands, masks: learnt } = readStepLog(raw);
  const hide = (shown: string): string =>
    [...masks, ...learnt].filter((one) => one !== '').reduce((rest, one) => rest.replaceAll(one, '***'), shown);
  return {
    result: code === 0 ? 'success' : 'failure',
    log: hide(text),
    commands: commands.map(({ name, data }) => ({ name, data: hide(data) })),
    outputs: readStepOutputs(read('GITHUB_OUTPUT')),
    summary: read('GITHUB_STEP_SUMMARY'),
  };
}

/** A script may write `name=value`; our Action never does, as a value could hold a line feed. */
function readStepOutputs(text: string): Readonly<Record<string, string>> {
  if (text === '') return {};
  const lines = text.trimEnd().split('\n');
  const pairs = lines.map((line) => /^(\w+)=(.*)$/.exec(line));
  return pairs.includes(null) ? readOutputs(text) : Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]));
}

function start(
  program: string,
  words: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<{ readonly code: number; readonly raw: string }> {
  const child = spawn(program, words, options);
  child.stdin.end();
  let raw = '';
  // A runner reads commands from both.
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (raw += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, raw }));
  });
}
