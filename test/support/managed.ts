import { expect } from 'vitest';
import type { StoredInstance } from '../../src/sandbox/state/stored-instance.ts';
import type { ReceivedRequest } from './http-server.ts';
import type { Ended } from './rig.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** What the one environment of the workspace file says besides where it is. */
export interface Settings {
  readonly prune?: boolean;
  readonly limits?: Readonly<Record<string, number>>;
  readonly vars?: Readonly<Record<string, string>>;
}

export interface ManagedOptions extends WorldOptions {
  readonly settings?: Settings;
}

/** A write with its body; an empty body is undefined. */
export interface Sent {
  readonly line: string;
  readonly body: unknown;
}

export interface Did extends Ended {
  readonly sent: readonly Sent[];
  /** Both outputs, with every run of blanks as one: sentences are wrapped to the width of the terminal. */
  readonly said: string;
}

/** A world in which commands are run and everything they sent is seen. */
export interface Managed extends World {
  /** Runs a command with everything set; `env` comes on top of it. */
  run(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Did>;
  /** Runs it with `--format json` and reads the document. */
  json(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Document>;
  /** Runs `apply --yes` and fails the test unless it ends with 0. */
  apply(...words: readonly string[]): Promise<Did>;
  /** Fails the test unless a plan has nothing to do and nothing to say. */
  expectSettled(env?: Readonly<Record<string, string>>): Promise<void>;
  /** The one instance with this name. */
  live(name: string): StoredInstance;
}

export interface DocumentChange {
  readonly key: string;
  readonly action: string;
  readonly id?: string;
  readonly reason?: { readonly code: string; readonly message: string; readonly hint: string };
  readonly fields: readonly { readonly field: string; readonly cause: string }[];
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

/** What `--format json` prints, as far as these tests read it. */
export interface Document {
  readonly exitCode: number;
  readonly plan: {
    readonly digest: string;
    readonly summary: Readonly<Record<string, number>>;
    readonly changes: readonly DocumentChange[];
  };
  readonly result: {
    readonly outcomes: readonly {
      readonly key: string;
      readonly status: string;
      readonly failure?: { readonly code: string; readonly message: string };
    }[];
  };
  readonly sent: readonly Sent[];
}

/** A workspace file with one remote environment, `test`. */
export function oneEnvironment(origin: string, settings: Settings = {}): string {
  return JSON.stringify({
    version: 1,
    workspace: 'acme',
    defaultEnvironment: 'test',
    environments: { test: { baseUrl: origin, ...settings } },
  });
}

/** The tags that say who owns an instance. */
export function tagsOf(key: string, workspace = 'acme', environment = 'test'): readonly string[] {
  return [`connectorctl/${workspace}/${environment}`, `connectorctl/${workspace}/${environment}/${key}`];
}

/** Opens a world of which the only environment keeps orphans, unless the settings say otherwise. */
export async function openManaged({ settings = {}, ...options }: ManagedOptions = {}): Promise<Managed> {
  const world = await openWorld(options);
  const { rig, platform } = world;
  if (options.files?.['connectorctl.yaml'] === undefined) {
    rig.write('connectorctl.yaml', oneEnvironment(platform.origin, settings));
  }
  const run: Managed['run'] = async (words, env = {}) => {
    const before = platform.requests.length;
    const ended = await rig.run(words, { env: { ...world.env, ...env } });
    const sent = platform.requests.slice(before).filter(isWrite).map(toSent);
    return { ...ended, sent, said: flat(ended.stdout + ended.stderr) };
  };
  const json: Managed['json'] = async ([command = '', ...rest], env) => {
    const { stdout, sent, code } = await run([command, '--format', 'json', ...rest], env);
    const document: Document = JSON.parse(stdout);
    expect(document.exitCode).toBe(code);
    return { ...document, sent };
  };
  return {
    ...world,
    run,
    json,
    apply: async (...words) => {
      const did = await run(['apply', '--yes', ...words]);
      expect(did).toMatchObject({ code: 0 });
      return did;
    },
    expectSettled: async (env) => {
      const { plan, exitCode } = await json(['plan', '--detailed-exitcode'], env);
      expect({ exitCode, changes: plan.changes }).toEqual({ exitCode: 0, changes: [] });
    },
    live: (name) => {
      const found = platform.sandbox.instances().filter((one) => one.name === name);
      const [one] = found;
      if (one === undefined || found.length > 1) throw new Error(`${found.length} instances are called ${name}`);
      return one;
    },
  };
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** The three definitions of a world, less those that are taken away. */
export function removed(...names: readonly string[]): Readonly<Record<string, undefined>> {
  return Object.fromEntries(names.map((name) => [`instances/${name}.yaml`, undefined]));
}

function isWrite({ method }: ReceivedRequest): boolean {
  return method !== 'GET';
}

function toSent({ method, path, body }: ReceivedRequest): Sent {
  return { line: `${method} ${path}`, body: body === '' ? undefined : JSON.parse(body) };
}
