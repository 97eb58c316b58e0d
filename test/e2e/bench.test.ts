import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

interface Judged {
  readonly name: string;
  readonly most: number;
  readonly measured: number;
  readonly kept: boolean;
}

/** What is used of `.ci/bench/budgets.mjs`. */
interface Budgets {
  readonly budgets: readonly { readonly name: string; readonly task: string }[];
  readonly judge: (figures: Readonly<Record<string, number>>) => readonly Judged[];
}

const ci = path.join(import.meta.dirname, '../../.ci');
const { budgets, judge }: Budgets = await import(pathToFileURL(path.join(ci, 'bench/budgets.mjs')).href);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Profiles stay where temporary files are. */
const temporary = mkdtempSync(path.join(tmpdir(), 'connectorctl-bench-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function runBench(...words: readonly string[]): Promise<Ended> {
  const env = { ...process.env, TMPDIR: temporary };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [path.join(ci, 'bench.mjs'), ...words], { env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

const small = ['--count', '30', '--runs', '1', '--latency', '1'];

// No figure is judged here: it says nothing at this size, on a machine that does other things beside it.
describe('the bench', () => {
  it('measures a number for each budget, ends with 1 when one is not kept, and says which', async () => {
    const all = [...new Set(budgets.map(({ task }) => task))];
    // Those behind it use the last platform that it made, which saves the start of others.
    const tasks = ['growth', ...all.filter((task) => task !== 'growth')];
    // A part of a name chooses one hostile case of many.
    const words = [...small, '--check', '--json', '--budget', 'validate=0', ...tasks, 'alias bomb'];
    const { code, stdout, stderr } = await runBench(...words);
    const measured: { readonly budgets: readonly Judged[] } = JSON.parse(stdout);
    expect(measured.budgets.map(({ name }) => name)).toEqual(budgets.map(({ name }) => name));
    expect(measured.budgets.filter((one) => !Number.isFinite(one.measured))).toEqual([]);
    expect(measured.budgets.find(({ name }) => name === 'validate')).toMatchObject({ most: 0, kept: false });
    expect(stderr).toMatch(/^Not kept: .*\bvalidate\b/m);
    expect(code).toBe(1);
  });

  it('ends with 0 when the budgets of what was chosen are kept, and shows the dearest functions', async () => {
    const kept = ['--budget', 'start-up-version=1000', '--budget', 'start-up-help=1000'];
    const { code, stdout } = await runBench(...small, '--check', ...kept, '--profile', 'start-up');
    expect(stdout).toContain('All budgets are kept.');
    expect(stdout.match(/^ {4}.* ms +\d+\.\d %$/gm)).toHaveLength(10);
    expect(code).toBe(0);
  });

  it('refuses a task and a budget that it does not know', async () => {
    const [task, budget] = await Promise.all([runBench('plam'), runBench('--budget', 'plam=1')]);
    expect([task.code, budget.code]).toEqual([2, 2]);
    expect([task.stderr, budget.stderr]).toEqual([
      expect.stringContaining('start-up, validate'),
      expect.stringContaining('start-up-version'),
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1.3])('takes %d for no figure that is kept', (measured) => {
    expect(judge({ validate: measured })).toMatchObject([{ name: 'validate', kept: false }]);
  });
});
