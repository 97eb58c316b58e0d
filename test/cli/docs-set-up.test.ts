import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { byWeight } from '../../src/operation/exit-code.ts';
import { setUpChecks } from '../../src/model/set-up-check.ts';
import { runHosted } from '../support/cli-host.ts';
import { openRig } from '../support/rig.ts';
import { definitionOf } from '../support/world.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../.github/docs/set-up.md'), 'utf8');

/** The command lines of its blocks. */
const lines = [...page.matchAll(/^```\n([^]*?)^```$/gm)].flatMap(([, block = '']) => block.trim().split('\n'));

describe('the page about the set-up', () => {
  it('has commands that work as they stand', async () => {
    expect(lines.length).toBeGreaterThan(8);
    const { directory } = openRig({
      'connectorctl.yaml': `version: 1
workspace: acme
defaultEnvironment: dev
environments:
  dev: { platform: sandbox }
  stage: { platform: sandbox }
`,
      'instances/ann.yaml': definitionOf('Ann'),
    });
    for (const line of lines) {
      const [program, ...words] = line.split(' ');
      const { code, stdout } = await runHosted(words, { cwd: directory, env: {} });
      expect({ line, program, code }).toEqual({ line, program: 'connectorctl', code: 0 });
      expect(stdout).not.toBe('');
    }
  });

  it('tells of every check, and the order of the exit codes', () => {
    const told = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    expect(told).toEqual(setUpChecks);
    const order = /The exit code is the worst, in this order: (.*)\. What/.exec(page)?.[1] ?? '';
    expect(order.match(/\d/g)?.map(Number)).toEqual(byWeight);
  });
});
