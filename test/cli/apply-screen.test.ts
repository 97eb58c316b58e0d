import { describe, expect, it } from 'vitest';
import { createApplyScreen } from '../../src/cli/apply-screen.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { aChange } from '../support/plans.ts';

/** A terminal that remembers, in order, what was written where. */
function aTerminal(isWatched: boolean): { readonly terminal: Terminal; readonly written: string[] } {
  const written: string[] = [];
  const to = (name: string) => (text: string) => {
    written.push(`${name}: ${text}`);
  };
  const looks = { outColor: false, errColor: false, width: 80, interactive: false };
  const screen = isWatched ? process.stderr : undefined;
  return { terminal: { out: to('out'), raw: to('raw'), err: to('err'), note: to('note'), screen, ...looks }, written };
}

const options = { format: 'text', verify: true };
/** Time that stands still: nothing is redrawn. */
const clock = { now: () => 0, every: () => () => {} };

describe('the screen of an apply', () => {
  it('prints at once, and one plain line an event, where nobody looks on', async () => {
    const { terminal, written } = aTerminal(false);
    const screen = createApplyScreen(terminal, options, clock);
    screen.read();
    screen.print('the plan\n');
    const progress = await screen.begin([]);
    const change = aChange({ key: 'a/b', action: 'create' });
    progress.onEvent({ status: 'started', change });
    progress.onEvent({ status: 'succeeded', change, id: '7' });
    await progress.end();
    expect(written).toEqual(['out: the plan\n', 'note: created         a/b  id 7\n']);
  });

  it.each([
    ['quiet', { ...options, quiet: true }],
    ['verbose', { ...options, verbose: true }],
    ['JSON', { ...options, format: 'json' }],
  ])('draws nothing when it is to be %s', async (_, chosen) => {
    const { terminal, written } = aTerminal(true);
    const screen = createApplyScreen(terminal, chosen, clock);
    screen.read();
    screen.print('the plan\n');
    expect(written).toEqual(['out: the plan\n']);
    await screen.rest();
  });

  it('prints nothing into what is drawn, and everything once it is gone', async () => {
    const { terminal, written } = aTerminal(true);
    const screen = createApplyScreen(terminal, options, clock);
    screen.read();
    screen.print('the plan\n');
    screen.terminal.note('waiting for another apply\n');
    expect(written).toEqual(['note: waiting for another apply\n']);
    await screen.rest();
    expect(written.at(-1)).toBe('out: the plan\n');
    await screen.rest();
    expect(written).toHaveLength(2);
  });

  it('gives the terminal back at once when the process ends now', async () => {
    const { terminal, written } = aTerminal(true);
    const screen = createApplyScreen(terminal, options, clock);
    const before: unknown = Reflect.get(process.stderr, 'write');
    await screen.begin([]);
    screen.leave();
    expect(Reflect.get(process.stderr, 'write')).toBe(before);
    expect(written).toEqual([]);
    await screen.rest();
  });
});
