import type { Checked, Diagnostic } from '../model/diagnostic.ts';
import { didYouMean } from '../model/nearest-name.ts';
import { Secret } from '../model/secret.ts';
import type { WholeSelection } from '../model/plan.ts';
import type { Variables } from './runner/read-context.ts';

export const commands = ['plan', 'apply', 'drift', 'validate', 'authorize'] as const;
export type Command = (typeof commands)[number];

/** What the workflow asked for, decoded. */
export interface Inputs {
  /** Absent: the event decides. */
  readonly command: Command | undefined;
  /** Absent: the default environment of the workspace. */
  readonly environment: string | undefined;
  /** Folder below the checkout; `.` for its root. */
  readonly workingDirectory: string;
  /** Workspace file, relative to the working directory. */
  readonly config: string | undefined;
  /** Whether the plan is put into a comment. */
  readonly comment: boolean;
  readonly token: Secret | undefined;
  /** Keys and patterns; absent: all. */
  readonly only: readonly string[] | undefined;
  /** Keys and patterns of what is left alone. */
  readonly exclude: readonly string[] | undefined;
  /** Absent: as the environment says. */
  readonly prune: boolean | undefined;
  readonly allowReplace: boolean;
  /** Empty: all values are sent that are only assumed. One by one they are named at a command line. */
  readonly resend: readonly [] | undefined;
  readonly concurrency: number | undefined;
  /** Whether plan and drift ask the provider through each unchanged instance. */
  readonly ping: true | undefined;
  readonly acceptDrift: 'off' | 'pull-request';
  /** Whether apply insists on the plan that was reviewed. */
  readonly requireReview: boolean;
  /** Login that our comments are written with. Absent: the owner of the token. */
  readonly commentAuthor: string | undefined;
  /** Whether warnings about the definitions count as errors, in plan and validate. */
  readonly strict: boolean;
  /** Whether plan and drift read no secret, so that none has to be there. */
  readonly withholdSecrets: boolean;
  /** File that apply writes down in what it does, relative to the working directory; absent: none. */
  readonly record: string | undefined;
}

const names = [
  'command',
  'environment',
  'working-directory',
  'config',
  'comment',
  'token',
  'only',
  'exclude',
  'prune',
  'allow-replace',
  'resend',
  'concurrency',
  'ping',
  'accept-drift',
  'require-review',
  'comment-author',
  'strict',
  'withhold-secrets',
  'record',
] as const;
type Name = (typeof names)[number];

/** Most instances worked on at the same time. */
const maxConcurrency = 256;

/**
 * Decodes the inputs of the step; every mistake at once.
 * A runner makes the variable of an input from its name: blanks become `_`, letters capital, dashes stay (actions/runner).
 */
export function readInputs(env: Variables): Checked<Inputs> {
  const diagnostics: Diagnostic[] = findUnknown(env);
  const text = (name: Name): string => (env[variableOf(name)] ?? '').trim();
  const refuse = (name: Name, detail: string): undefined => void diagnostics.push(describeMistake(name, detail));

  const choice = <T extends string>(name: Name, choices: readonly T[]): T | undefined => {
    const found = choices.find((one) => one === text(name));
    return text(name) === '' || found !== undefined ? found : refuse(name, `It must be one of ${listWords(choices)}.`);
  };
  const flag = (name: Name): boolean | undefined => {
    const word = choice(name, ['true', 'True', 'TRUE', 'false', 'False', 'FALSE']);
    return word === undefined ? undefined : word.toLowerCase() === 'true';
  };
  const count = (name: Name): number | undefined => {
    const number = /^\d{1,4}$/.test(text(name)) ? Number(text(name)) : 0;
    if (text(name) === '' || (number >= 1 && number <= maxConcurrency)) return number === 0 ? undefined : number;
    return refuse(name, `It must be a whole number from 1 to ${maxConcurrency}.`);
  };
  const word = (name: Name): string | undefined => (text(name) === '' ? undefined : text(name));
  const list = (name: Name): readonly string[] | undefined => {
    const parts = text(name)
      .split(/[\n,]/)
      .map((part) => part.trim());
    const given = parts.filter((part) => part !== '');
    if (text(name) !== '' && given.length === 0) return refuse(name, 'It contains only commas.');
    return given.length === 0 ? undefined : given;
  };

  const token = word('token');
  const inputs: Inputs = {
    command: choice('command', commands),
    environment: word('environment'),
    workingDirectory: word('working-directory') ?? '.',
    config: word('config'),
    comment: flag('comment') ?? true,
    token: token === undefined ? undefined : new Secret(token, 'the input token'),
    only: list('only'),
    exclude: list('exclude'),
    prune: flag('prune'),
    allowReplace: flag('allow-replace') ?? false,
    resend: flag('resend') === true ? [] : undefined,
    concurrency: count('concurrency'),
    ping: flag('ping') === true ? true : undefined,
    acceptDrift: choice('accept-drift', ['off', 'pull-request']) ?? 'off',
    requireReview: flag('require-review') ?? true,
    commentAuthor: word('comment-author'),
    strict: flag('strict') ?? false,
    withholdSecrets: flag('withhold-secrets') ?? false,
    record: word('record'),
  };
  return diagnostics.length === 0 ? { ok: true, value: inputs, diagnostics } : { ok: false, diagnostics };
}

function variableOf(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

/** A misspelt `only` would widen an apply, and a runner only warns. What is near to no input is none: it may be any variable. */
function findUnknown(env: Variables): Diagnostic[] {
  const known = new Set(names.map(variableOf));
  const given = Object.keys(env).filter((name) => name.startsWith('INPUT_') && !known.has(name));
  return given.flatMap((variable) => {
    const name = variable.slice('INPUT_'.length).toLowerCase();
    const hint = didYouMean(name, names);
    if (hint === undefined) return [];
    const detail = `The Action has no input \`${name}\`.`;
    return [{ severity: 'error', code: 'unknown-input', message: 'Unknown input', detail, hint } as const];
  });
}

function describeMistake(name: Name, detail: string): Diagnostic {
  return {
    severity: 'error',
    code: 'invalid-input',
    message: 'Invalid input',
    detail: `The input \`${name}\` cannot be used. ${detail}`,
    hint: `Correct \`${name}\` under \`with:\` in the workflow.`,
  };
}

function listWords(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

/** What the inputs say about planning. What decides about single instances is for people, at a command line. */
export function planSelectionOf({ only, exclude, prune, allowReplace, resend }: Inputs): WholeSelection {
  return { only, exclude, prune, allowReplace, resend, deleteDuplicate: undefined, shard: undefined };
}
