import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { canaryForms } from '../support/canaries.ts';
import { builtAction } from '../support/fake-runner.ts';
import { cli } from '../support/rig.ts';
import { environment, findCanaries, tell } from '../canary/stage.ts';

/** Throws once the program listens for what nobody catches, in place of a timer or a socket of ours that fails. */
function throwIn(text: string): string {
  const source = `const timer = setInterval(() => {
    if (process.listenerCount('uncaughtException') === 0) return;
    clearInterval(timer);
    throw new Error(${JSON.stringify(text)});
  }, 1);`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

const told = Object.keys(canaryForms).map((how, turn) => tell(how, turn));

describe('an error that nobody catches', () => {
  it.each([
    ['the command line', cli, ['sandbox']],
    ['the Action', builtAction, []],
  ])('shows no secret in any form, and gives the runner and the terminal no command: %s', (_name, file, words) => {
    const text = `boom \u001b[2J\n::set-output name=a::b\n##[add-matcher]x\n${told.join('\n')}`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', throwIn(text), file, ...words], {
      cwd: tmpdir(),
      env: { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), ...environment },
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(status).toBe(1);
    const shown = (stdout + stderr).replaceAll(/^::add-mask::.*\n/gm, '');
    expect(shown).toContain('boom');
    expect(shown).toContain('This is a bug in connectorctl');
    expect(findCanaries(shown)).toEqual([]);
    expect(shown).not.toContain('\u001b');
    expect(shown).not.toMatch(/^\s*::set-output|##\[/m);
  });
});
