import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type CrashPoint, pointsOf } from '../support/crash-door.ts';
import { crashHere, type Crashed } from '../support/crash-here.ts';
import { findDuplicates } from '../support/duplicates.ts';
import {
  acceptHere,
  applyHere,
  importHere,
  type OperateOptions,
  type OperatePlace,
  planHere,
} from '../support/operate.ts';
import { credentials } from '../support/platform.ts';
import { makeRig, type Rig } from '../support/rig.ts';

// As the sweep of the apply: killed at every moment of every request, and then run again once.

const limit = 900_000;
const env = {
  ...credentials,
  CONNECTORCTL_SECRET_PASSWORD: 'pa55 word',
  // What an import makes of hidden values.
  CONNECTORCTL_SECRET_CLOSEIO_USERNAME: 'login one',
  CONNECTORCTL_SECRET_CLOSEIO_USERNAME_2: 'login two',
  CONNECTORCTL_SECRET_CLOSEIO_USERNAME_3: 'login three',
};

const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-crash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

interface Story {
  readonly name: string;
  readonly prune: boolean;
  /** What was applied before. */
  readonly before: Files;
  /** What happened on the platform since. */
  readonly happen?: (sandbox: Sandbox) => void;
  /** Files that took the place of all those before. */
  readonly after: Files;
  readonly operate: (place: OperatePlace, options: OperateOptions) => Promise<void>;
}

const basic = (name: string, user = name): string =>
  `connector: actessentials\nname: ${name}\ntags: [Docs]\nconfiguration:\n  username: ${user}\n  password: \${{ secrets.PASSWORD }}\n`;
const other = (name: string): string => `connector: closeio\nname: ${name}\nconfiguration:\n  username: ${name}\n`;

const replace = (place: OperatePlace, options: OperateOptions): Promise<void> =>
  applyHere(place, { ...options, apply: { ...options.apply, allowReplace: true } });
const replaced = { before: { a: basic('a'), b: basic('b') }, after: { a: other('a'), b: basic('b', 'new') } };

const addForeign = (sandbox: Sandbox): void => {
  for (const name of ['one', 'two', 'three']) {
    sandbox.seed({ connector: 'closeio', name, configuration: { username: `login ${name}` } });
  }
};

const stories: readonly Story[] = [
  { name: 'a replace', prune: false, ...replaced, operate: replace },
  { name: 'a replace with prune', prune: true, ...replaced, operate: replace },
  {
    name: 'a prune of all but one',
    prune: true,
    before: { a: basic('a'), b: other('b'), c: basic('c') },
    after: { a: basic('a') },
    operate: applyHere,
  },
  {
    name: 'an import',
    prune: false,
    before: { a: basic('a') },
    happen: addForeign,
    after: { a: basic('a') },
    operate: (place, options) => importHere(place, options, false),
  },
  {
    name: 'an import that takes over',
    prune: false,
    before: { a: basic('a') },
    happen: addForeign,
    after: { a: basic('a') },
    operate: (place, options) => importHere(place, options, true),
  },
  {
    name: 'drift that is accepted',
    prune: false,
    before: { a: basic('a'), b: basic('b') },
    happen: (sandbox) => {
      for (const { id } of sandbox.instances()) sandbox.change(id, { configuration: { username: 'drifted' } });
    },
    after: { a: basic('a'), b: basic('b') },
    operate: (place, options) => acceptHere(place, options, ['a', 'b']),
  },
];

/** How everything stands in the end: what is live, what is in the folder, what is left to do. */
interface Ending extends Crashed {
  readonly live: readonly string[];
  readonly files: readonly string[];
  readonly left: readonly string[];
  readonly duplicates: readonly string[];
}

let platforms = 0;

/** A platform on which `before` was applied, as a file of its data. */
async function prepare({ before, happen, prune }: Story): Promise<string> {
  const dataFile = path.join(folder, `${(platforms += 1)}.jsonl`);
  const sandbox = await startSandbox({ dataFile });
  const rig = makeRig({ 'connectorctl.yaml': workspace(prune), ...inFolder(before) });
  await applyHere({ directory: rig.directory, env, sandbox });
  happen?.(sandbox);
  rig.remove();
  await sandbox.close();
  return dataFile;
}

/** Runs the operation on a copy of the platform, kills it at the point, and runs it again. */
async function run(story: Story, base: string, point?: CrashPoint): Promise<Ending> {
  const { operate, after, prune } = story;
  const dataFile = path.join(folder, `${(platforms += 1)}.jsonl`);
  copyFileSync(base, dataFile);
  const sandbox = await startSandbox({ dataFile });
  const rig = makeRig({ 'connectorctl.yaml': workspace(prune), ...inFolder(after) });
  const place = { directory: rig.directory, env, sandbox };
  try {
    const crashed = await crashHere(place, { operate, concurrency: 1, ...(point === undefined ? {} : { point }) });
    if (point !== undefined) await operate(place, {});
    const left = await planHere(place);
    return {
      ...crashed,
      live: describeLive(sandbox),
      files: listFiles(rig),
      left,
      duplicates: findDuplicates(sandbox),
    };
  } finally {
    rig.remove();
    await sandbox.close();
    rmSync(dataFile, { force: true });
  }
}

/** Always the same, as what is remembered is bound to it; the way to the platform needs none. */
const origin = 'http://127.0.0.1:4711';

function workspace(prune: boolean): string {
  const environments = { test: { baseUrl: origin, prune, limits: { maxDeletePercent: 100 } } };
  return JSON.stringify({ version: 1, workspace: 'acme', defaultEnvironment: 'test', environments });
}

function inFolder(files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([key, text]) => [`instances/${key}.yaml`, text]));
}

/** Without ids, tokens and what is bound to them: a new instance may have another one each time. */
function describeLive(sandbox: Sandbox): readonly string[] {
  return sandbox
    .instances()
    .map(({ connector, name, disabled, configuration, tags }) =>
      JSON.stringify({
        connector,
        name,
        disabled,
        configuration,
        tags: tags.filter((tag) => !tag.startsWith('connectorctl-applied/')),
      }),
    )
    .toSorted();
}

function listFiles(rig: Rig): readonly string[] {
  const inside = path.join(rig.directory, 'instances');
  return readdirSync(inside, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(rig.directory, path.join(entry.parentPath, entry.name)))
    .toSorted()
    .map((file) => `${file}\n${rig.read(file)}`);
}

describe('killed at any moment and run again once', () => {
  it.each(stories.map((story) => [story.name, story] as const))(
    '%s ends as if nothing had happened',
    { timeout: limit },
    async (_, story) => {
      const base = await prepare(story);
      const { requests, ...whole } = await run(story, base);
      expect(whole).toMatchObject({ wasKilled: false, duplicates: [] });
      const points = pointsOf(requests);
      for (const point of points) {
        const { requests: sent, wasKilled, ...ending } = await run(story, base, point);
        const { wasKilled: _never, ...expected } = whole;
        const where = `${point.moment} ${sent[point.request]}`;
        expect({ where, wasKilled, ...ending }).toEqual({ where, wasKilled: true, ...expected });
      }
      process.stdout.write(`${story.name}: cut off at ${points.length} points\n`);
    },
  );
});
