import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { runHosted } from './cli-host.ts';

const root = path.join(import.meta.dirname, '../..');

/** The built command line, as a user runs it. `npm test` builds it first. */
export const cli = path.join(root, 'dist/main.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** A command that was started and goes on. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** Resolves when stderr holds the text; rejects when the command ends without it. */
  stderrHas(text: string): Promise<void>;
  /** What stands on stderr so far. */
  said(): string;
  signal(name: NodeJS.Signals): void;
}

/**
 * A temporary folder with a workspace in it, and the command line run in it.
 * `run` runs it in this process, as if it had one of its own; `start` runs the built one in a process, for what needs one:
 * signals, kills, locks between processes, what is written to a pipe while the command goes on.
 */
export interface Rig {
  readonly directory: string;
  write(file: string, text: string): void;
  read(file: string): string;
  run(words: readonly string[], options?: RunOptions): Promise<Ended>;
  start(words: readonly string[], options?: RunOptions): Running;
  remove(): void;
}

/** Only what a program needs to start: nothing of the developer's environment leaks in. */
const bareEnvironment = {
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  LANG: 'C.UTF-8',
  // The test platform is on this machine.
  CONNECTORCTL_ALLOWED_HOSTS: '127.0.0.1',
};

/** Makes a rig. With `files`, they are written; `copy` copies a folder of this repository into it. */
export function makeRig(files: Readonly<Record<string, string>> = {}, copy: readonly string[] = []): Rig {
  const directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
  mkdirSync(path.join(directory, '.git'));
  const running = new Set<Running>();
  const start: Rig['start'] = (words, options = {}) => {
    const command = startCli(words, directory, options);
    running.add(command);
    return command;
  };
  const rig: Rig = {
    directory,
    write: (file, text) => {
      const target = path.join(directory, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    },
    read: (file) => readFileSync(path.join(directory, file), 'utf8'),
    run: async (words, { env = {}, stdin } = {}) => {
      const ended = await runHosted(words, { cwd: directory, env: { ...bareEnvironment, ...env }, stdin });
      return { signal: null, ...ended };
    },
    start,
    // A command that a failed test left behind would go on without anybody waiting for it.
    remove: () => {
      for (const one of running) one.signal('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
  for (const folder of copy) cpSync(path.join(root, folder), path.join(directory, folder), { recursive: true });
  for (const [file, text] of Object.entries(files)) rig.write(file, text);
  return rig;
}

/** A rig that goes away with the test that made it. */
export function openRig(files: Readonly<Record<string, string>> = {}, copy: readonly string[] = []): Rig {
  const rig = makeRig(files, copy);
  onTestFinished(() => rig.remove());
  return rig;
}

function startCli(words: readonly string[], cwd: string, { env = {}, stdin }: RunOptions): Running {
  const child = spawn(process.execPath, [cli, ...words], { cwd, env: { ...bareEnvironment, ...env } });
  const chunks = { stdout: '', stderr: '' };
  const grown = new EventEmitter();
  child.stdout.setEncoding('utf8').on('data', (text: string) => (chunks.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    chunks.stderr += text;
    grown.emit('text');
  });
  // A command that ends without reading its input is no fault of the rig.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin ?? '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, ...chunks });
      grown.emit('end');
    });
  });
  const stderrHas = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (chunks.stderr.includes(text)) resolve();
      };
      grown.on('text', look);
      grown.on('end', () => reject(new Error(`ended without "${text}" on stderr:\n${chunks.stderr}`)));
      look();
    });
  return { ended, stderrHas, said: () => chunks.stderr, signal: (name) => void child.kill(name) };
}

/** A workspace file with one sandbox environment. */
export const sandboxWorkspace = `version: 1
workspace: acme
defaultEnvironment: sandbox
environments:
  sandbox:
    platform: sandbox
    vars: { appHost: app.example.com }
`;
