import { describe, expect, it } from 'vitest';
import { openTerminal } from '../../src/cli/terminal.ts';
import { openWaits } from '../../src/cli/wait-line.ts';
import type { Host } from '../../src/cli/host.ts';

const wait = { code: 'other-apply', milliseconds: 60_000, about: 'Another apply\u001b[31m is in progress.' } as const;

/** A host with or without a screen, a clock that is set by hand, and all that was written in order. */
function aHost(isWatched: boolean) {
  const written: string[] = [];
  const clock = { at: 0, ticks: [] as (() => void)[] };
  const screen = isWatched ? { columns: 70, write: (text: string) => written.push(`screen: ${text}`) } : undefined;
  const host: Host = {
    cwd: '/',
    env: {},
    stdin: { open: () => process.stdin, isTerminal: isWatched },
    stdout: { write: (text) => void written.push(`out: ${text}`), screen: undefined },
    stderr: { write: (text) => void written.push(`err: ${text}`), screen: undefined },
    listenForSignals: () => () => {},
    exit: () => {},
  };
  const opened = (quiet = false) =>
    openWaits(openTerminal(host, { color: false, quiet }), {
      isQuiet: quiet,
      screen,
      now: () => clock.at,
      date: () => new Date(Date.UTC(2026, 0, 1, 12) + clock.at),
      every: (_, call) => {
        clock.ticks.push(call);
        return () => void clock.ticks.splice(clock.ticks.indexOf(call), 1);
      },
    });
  return { written, clock, opened };
}

describe('a wait in a log', () => {
  it('is one plain line on standard error that says what waits, why and until when', () => {
    const { written, opened } = aHost(false);
    const { waits } = opened();
    waits.tell(wait);
    waits.over();
    expect(written).toEqual(['err: Waiting up to 60 s, until 12:01:00 UTC: Another apply\\x1b[31m is in progress.\n']);
  });

  it('is silent with --quiet', () => {
    const { written, opened } = aHost(false);
    opened(true).waits.tell(wait);
    expect(written).toEqual([]);
  });
});

describe('a wait on a terminal', () => {
  it('is one line that counts down, and leaves no trace', () => {
    const { written, clock, opened } = aHost(true);
    const { terminal, waits } = opened();
    waits.tell(wait);
    clock.at = 20_000;
    for (const tick of clock.ticks) tick();
    waits.over();
    terminal.out('No changes.\n');
    expect(written).toEqual([
      'screen: \r\u001b[2KWaiting up to 60 s, until 12:01:00 UTC: Another apply\\x1b[31m is in p',
      'screen: \r\u001b[2KWaiting up to 40 s, until 12:01:00 UTC: Another apply\\x1b[31m is in p',
      'screen: \r\u001b[2K',
      'out: No changes.\n',
    ]);
    expect(clock.ticks).toEqual([]);
  });

  it('gives way to whatever is printed', () => {
    const { written, clock, opened } = aHost(true);
    const { terminal, waits } = opened();
    waits.tell(wait);
    terminal.err('Error.\n');
    expect(written.slice(1)).toEqual(['screen: \r\u001b[2K', 'err: Error.\n']);
    expect(clock.ticks).toEqual([]);
  });
});
