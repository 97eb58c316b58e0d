import { chmodSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canaryForms } from '../support/canaries.ts';
import { runHosted } from '../support/cli-host.ts';
import { initRepository } from '../support/git.ts';
import { oneEnvironment } from '../support/managed.ts';
import { openRig } from '../support/rig.ts';
import { seed } from '../support/seed.ts';
import {
  canaries,
  definition,
  environment,
  findCanaries,
  openTelling,
  runIn,
  type Shown,
  tell,
  tellings,
} from './stage.ts';

const hows = Object.keys(canaryForms);
/** As many forms for each row of the table; all of them with TEST_RUNS=24. */
const perRow = Math.min(hows.length, Number(process.env['TEST_RUNS'] ?? 1));

const each = (words: string, formats: readonly string[]): readonly string[] =>
  formats.map((format) => `${words} --format ${format}`);

/** Command lines that ask the platform; what stands behind `&&` is run afterwards in the same folder. */
const asking = [
  ...each('plan --verbose --out plan.json', ['text', 'json', 'markdown']),
  ...each('plan --ping --prune', ['text', 'json']),
  ...each('plan --out plan.json && apply plan.json --yes', ['text']),
  ...each('apply --yes --verbose --record run.jsonl --prune', ['text', 'json', 'markdown']),
  ...each('apply --yes --record run.jsonl && history run.jsonl', ['text', 'json']),
  ...each('apply --yes --no-verify', ['text']),
  ...each('events status --verbose', ['text', 'json']),
  ...each('drift --verbose', ['text', 'json', 'markdown', 'github']),
  ...each('drift --accept one', ['text', 'json']),
  ...each('doctor --verbose', ['text', 'json']),
  ...each('status --ping --verbose', ['text', 'json']),
  ...each('import --all --verbose', ['text', 'json']),
  ...each('import --id 4 8', ['text', 'json']),
  ...each('import --all --adopt', ['text', 'json']),
  ...each('catalog pull actessentials && explain actessentials', ['text', 'json']),
  ...each('catalog pull actessentials && explain --list', ['text', 'json']),
  ...each('catalog pull --verbose && validate', ['text', 'json', 'github', 'sarif', 'junit']),
];

/** Command lines that ask nobody. */
const offline = [
  ...each('validate --verbose', ['text', 'json', 'github', 'sarif', 'junit']),
  ...each('init --workspace acme', ['text', 'json']),
  ...each('explain actessentials', ['text', 'json']),
  ...each('history', ['text', 'json']),
  ...each('secrets list', ['text', 'json']),
  ...each('secrets check', ['text', 'json']),
  ...each('convert body.json', ['text', 'json']),
  ...each('convert body.json --out made', ['text']),
  // Whoever has the key may see the body, but no secret of the process in it.
  ...each('events verify event.json --key connectorctl.yaml', ['text', 'json']),
  ...each('events verify event.json --signature body.json --key connectorctl.yaml', ['text', 'json']),
  'events listen --key-from one',
  'plan --wrong',
];

const linesOf = (row: string): readonly (readonly string[])[] => row.split(' && ').map((line) => line.split(' '));

/** The forms that a row is run with: others for each row, so that few of them together are all. */
function formsFor(index: number): readonly string[] {
  const start = (index * perRow + seed - 1) % hows.length;
  return Array.from({ length: perRow }, (_, nth) => hows[(start + nth) % hows.length] ?? '');
}

describe('the search for canaries', () => {
  it('knows at least fourteen forms, and finds each of them, wrapped and quoted too', () => {
    expect(hows.length).toBeGreaterThanOrEqual(14);
    for (const how of hows) {
      expect(findCanaries(`before ${tell(how)} behind`)).not.toEqual([]);
      expect(findCanaries(JSON.stringify({ a: tell(how) }))).not.toEqual([]);
      // An escape is not broken over lines by anything that prints.
      const broken = how.includes('each character') ? tell(how) : tell(how).replaceAll(/(.{7})/gu, '$1\n  │ ');
      expect({ how, hits: findCanaries(broken).length > 0 }).toEqual({ how, hits: true });
    }
    expect(findCanaries('Plan: 1 to create, 2 to update. (secret)')).toEqual([]);
  });
});

interface Row {
  readonly row: string;
  readonly how: string;
  readonly isWatched: boolean;
}

/** Each row with its forms; every second one is looked at on a screen. */
function toRuns(rows: readonly string[]): readonly Row[] {
  return rows.flatMap((row, index) =>
    formsFor(index).map((how, nth) => ({ row, how, isWatched: (index + nth) % 2 === 1 && row.endsWith('text') })),
  );
}

/** Some at a time, as most of them wait. Answers those with which something came out. */
async function findLeaking(runs: readonly Row[], run: (row: Row) => Promise<Shown>): Promise<readonly object[]> {
  const found: object[] = [];
  for (let at = 0; at < runs.length; at += 12) {
    await Promise.all(
      runs.slice(at, at + 12).map(async (row) => {
        const { text } = await run(row);
        const hits = findCanaries(text);
        if (hits.length > 0) found.push({ ...row, hits: hits.slice(0, 5) });
      }),
    );
  }
  return found;
}

const writing = asking.filter((row) => /apply|adopt/.test(row));
const tellingRows: Readonly<Record<string, readonly string[]>> = {
  refusals: asking,
  pages: asking.filter((row) => row.endsWith('text')),
  instances: asking,
  echoes: writing,
};

describe('no canary comes out, in any of the forms in which the platform tells it', () => {
  it.each(Object.entries(tellingRows))('in %s', async (name, rows) => {
    const telling = tellings[name];
    const runs = toRuns(rows);
    const leaking = await findLeaking(runs, async ({ row, how, isWatched }) =>
      runIn(await openTelling(telling?.(how)), linesOf(row), { isWatched }),
    );
    expect(leaking).toEqual([]);
    if (perRow > 1) process.stdout.write(`${name}: ${rows.length} command lines x ${perRow} forms, 0 hits\n`);
  });

  it('and in none of a file that holds it', async () => {
    const platform = await openTelling(undefined);
    const runs = toRuns(offline);
    const leaking = await findLeaking(runs, ({ row, how, isWatched }) => {
      const configuration = { username: 'a', password: tell(how), 'api.key': canaries.password };
      const body = { element: { key: 'actessentials' }, name: 'One', configuration };
      const events = [{ objectId: tell(how), objectType: canaries.user, date: tell(how, 1) }];
      const event = { topic: 'instance-1-a-events', message: { instanceName: tell(how), events } };
      const files = { 'body.json': JSON.stringify(body), 'event.json': JSON.stringify(event) };
      return runIn(platform, linesOf(row), { files, isWatched });
    });
    expect(leaking).toEqual([]);
  });
});

describe('no canary is given to another program', () => {
  it('by its arguments, which everybody on the machine can list, or by its environment', async () => {
    const platform = await openTelling(tellings['instances']?.('plain'));
    const bin = openRig({ git: '#!/bin/sh\n{ echo ran "$@"; /usr/bin/env; cat; } >> "${0%/*}/seen"\nexit 1\n' });
    chmodSync(path.join(bin.directory, 'git'), 0o755);
    const rig = openRig({
      'connectorctl.yaml': oneEnvironment(platform.origin),
      'instances/one.yaml': definition('One'),
    });
    rmSync(path.join(rig.directory, '.git'), { recursive: true });
    initRepository(rig.directory);
    const env = { ...environment, PATH: `${bin.directory}:/usr/bin:/bin` };
    for (const words of [
      'plan',
      'plan --offline --base main',
      'apply --yes',
      'drift --accept one',
      'import --all',
      'validate',
    ]) {
      await runHosted(words.split(' '), { cwd: rig.directory, env });
    }
    expect(bin.read('seen')).toContain('ran -c ');
    expect(findCanaries(bin.read('seen'))).toEqual([]);
  });
});
