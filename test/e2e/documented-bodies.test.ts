import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentedBodies, fillPlaceholders } from '../support/documented-bodies.ts';
import { credentials, remoteWorkspace, startPlatform } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';

interface Source {
  readonly file: string;
  readonly text: string;
}

interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly file: string;
}

interface Converted {
  readonly diagnostics: readonly Diagnostic[];
  readonly definitions: readonly {
    readonly from: string;
    readonly writtenTo: string;
    readonly secrets: readonly string[];
    readonly vars: readonly string[];
  }[];
}

interface Outcome {
  readonly key: string;
  readonly failure?: { readonly message: string };
}

/** What became of a set of bodies on its way to live instances. */
interface Journey {
  /** Bodies that were converted, by file. */
  readonly converted: number;
  /** Codes of what convert found wrong, by file of the body. */
  readonly mistakes: Readonly<Record<string, readonly string[]>>;
  /** Codes of the errors of validate, by file of the body. */
  readonly refused: Readonly<Record<string, readonly string[]>>;
  /** Live instances after apply. */
  readonly live: number;
  /** What apply could not do, by key. */
  readonly failures: readonly string[];
  /** Exit codes of plan, apply, and plan again, of what validate let through. */
  readonly codes: readonly (number | null)[];
  readonly lastPlan: string;
}

/** The main job for many bodies, each step in one process. */
async function travel(sources: readonly Source[]): Promise<Journey> {
  // Several bodies of one connector get the same grant code, as they come from one app.
  const platform = await startPlatform({ quirks: { grantCodeOnce: false } });
  const rig = openRig(Object.fromEntries(sources.map(({ file, text }) => [file, text])));
  const names = sources.map(({ file }) => file);
  const { stdout } = await rig.run(['convert', ...names, '--out', 'instances', '--format', 'json']);
  const { definitions, diagnostics }: Converted = JSON.parse(stdout);

  const filling = fillPlaceholders({
    secrets: definitions.flatMap(({ secrets }) => secrets),
    vars: definitions.flatMap(({ vars }) => vars),
  });
  const env = { ...credentials, ...filling.env };
  rig.write('connectorctl.yaml', remoteWorkspace(platform.origin, filling.vars));
  for (const { from, writtenTo } of definitions) {
    // The documentation calls several instances of a connector alike; whoever has two of them gives them names.
    rig.write(writtenTo, rig.read(writtenTo).replace(/^name: .*$/m, `name: ${path.basename(from, '.json')}`));
  }

  const checked: { readonly diagnostics: readonly Diagnostic[] } = JSON.parse(
    (await rig.run(['validate', '--format', 'json'], { env })).stdout,
  );
  const errors = checked.diagnostics.filter(({ severity }) => severity === 'error');
  const origins = new Map(definitions.map(({ from, writtenTo }) => [writtenTo, from]));
  for (const { file } of errors) rmSync(path.join(rig.directory, file), { force: true });

  const planned = await rig.run(['plan', '--detailed-exitcode'], { env });
  const applied = await rig.run(['apply', '--yes', '--format', 'json'], { env });
  const { result }: { readonly result: { readonly outcomes: readonly Outcome[] } } = JSON.parse(applied.stdout);
  const again = await rig.run(['plan', '--detailed-exitcode'], { env });
  return {
    converted: definitions.length,
    mistakes: codesByFile(diagnostics, (file) => file),
    refused: codesByFile(errors, (file) => origins.get(file) ?? file),
    live: platform.sandbox.instances().length,
    failures: result.outcomes.flatMap(({ key, failure }) =>
      failure === undefined ? [] : [`${key}: ${failure.message}`],
    ),
    codes: [planned.code, applied.code, again.code],
    lastPlan: again.stdout,
  };
}

function codesByFile(
  diagnostics: readonly Diagnostic[],
  nameOf: (file: string) => string,
): Readonly<Record<string, readonly string[]>> {
  const codes = new Map<string, Set<string>>();
  for (const { file, code } of diagnostics) {
    const name = nameOf(file);
    codes.set(name, (codes.get(name) ?? new Set()).add(code));
  }
  return Object.fromEntries(Array.from(codes, ([file, found]) => [file, [...found].toSorted()]));
}

/** What a body needs to become a live instance of which the next plan has nothing to say. */
function expectArrived(
  { converted, mistakes, refused, live, failures, codes, lastPlan }: Journey,
  count: number,
): void {
  expect(converted).toBe(count);
  for (const [file, found] of Object.entries(refused)) {
    // An empty resource is one mistake to convert, and has neither `url` nor `idField` to validate.
    expect(found.filter((code) => (mistakes[file] ?? []).includes(code))).not.toEqual([]);
  }
  expect(failures).toEqual([]);
  expect(codes).toEqual([2, 0, 0]);
  expect(live).toBe(count - Object.keys(refused).length);
  expect(lastPlan).toContain(`No changes. ${live} instances match their definitions.`);
}

describe('the bodies of the documentation', () => {
  it('become instances, all 74 of them', async () => {
    const rows = documentedBodies();
    expect(rows).toHaveLength(74);
    const journey = await travel(rows.map(({ id, body }) => ({ file: `${id}.json`, text: JSON.stringify(body) })));
    expectArrived(journey, 74);
    expect(journey.mistakes).toEqual(
      Object.fromEntries(
        rows.filter(({ mistakes }) => mistakes.length > 0).map(({ id, mistakes }) => [`${id}.json`, mistakes]),
      ),
    );
    expect(journey.refused).toEqual({});
    expect(journey.live).toBe(74);
  });
});

/** A folder of real bodies, for whoever has one: the documentation's own are third-party and not part of this repository. */
const folders = [process.env['CONNECTORCTL_BODIES'] ?? ''].filter((name) => name !== '');

describe("bodies of one's own", () => {
  it('are read from a folder that exists, if one is named', () => {
    expect(folders.filter((name) => !existsSync(name))).toEqual([]);
  });

  it.each(folders)('become instances, but for those whose mistake is named: %s', async (folder) => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'index.json');
    const sources = files.map((file) => ({ file, text: readFileSync(path.join(folder, file), 'utf8') }));
    const journey = await travel(sources);
    expectArrived(journey, files.length);
    expect(journey.live).toBeGreaterThan(0);
  });
});
