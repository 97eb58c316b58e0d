import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { visible } from '../../src/model/visible.ts';
import { openCommand } from '../../src/cli/open-command.ts';
import { run } from '../../src/cli/run.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { encodeRunEvent } from '../../src/disk/run-record-line.ts';
import { renderAnnotation } from '../../src/report/diagnostics/annotation.ts';
import { renderDiagnosticsGithub } from '../../src/report/diagnostics/render-github.ts';
import { renderDiagnosticsJson } from '../../src/report/diagnostics/render-json.ts';
import { renderDiagnosticsJunit } from '../../src/report/diagnostics/render-junit.ts';
import { renderDiagnosticsSarif } from '../../src/report/diagnostics/render-sarif.ts';
import { renderDiagnosticsText } from '../../src/report/diagnostics/render-text.ts';
import { toPrintableJson } from '../../src/report/plan/render-plan-json.ts';

/** What acts on a terminal or a runner, or hides what a reader should see. */
const attacks = [
  '\u001b[2J',
  '\u001b[8m',
  '\u001b]0;title\u0007',
  '\u001b]8;;https://evil.example\u001b\\',
  '\u009b2J',
  '\u0008\u0008',
  '\u202eabc',
  '\u2066abc',
  '\u200b',
  '\ufeff',
  '\u{e0041}',
  '\u2028',
  '\u0085',
  '\r::set-output name=a::b',
  '\n::set-output name=a::b',
  '\n  ::add-mask::x',
  '\n::stop-commands::x',
  '##[add-matcher]x.json',
  '##[group]x',
];

const diagnosticOf = (text: string): Diagnostic => ({
  severity: 'error',
  code: 'a-code',
  message: text,
  detail: text,
  hint: text,
  at: { file: text, line: 1, column: 1 },
});

interface Hosted {
  readonly host: Parameters<typeof openCommand>[1];
  readonly written: () => string;
}

function aHost(): Hosted {
  const texts: string[] = [];
  const output = { write: (text: string) => void texts.push(text), screen: undefined };
  return {
    written: () => texts.join(''),
    host: {
      cwd: '/',
      env: { FORCE_COLOR: '1' },
      stdin: { open: () => process.stdin, isTerminal: false },
      stdout: output,
      stderr: output,
      listenForSignals: () => () => {},
      exit: () => {
        throw new Error('not here');
      },
    },
  };
}

function written(write: (hosted: Hosted) => void): string {
  const hosted = aHost();
  write(hosted);
  return hosted.written();
}

const looks = { color: true, quiet: false };

/** Every way by which a text leaves the tool, by name. */
const sinks: Readonly<Record<string, (text: string) => string>> = {
  'a notice': (text) => written(({ host }) => openCommand({ color: true }, host).ports.notice(text)),
  'a line of --verbose': (text) =>
    written(({ host }) => openCommand({ color: true, verbose: true }, host).ports.logRequest?.(text)),
  'results on a terminal': (text) => written(({ host }) => openTerminal(host, looks).out(text)),
  'errors on a terminal': (text) => written(({ host }) => openTerminal(host, looks).err(text)),
  'progress on a terminal': (text) => written(({ host }) => openTerminal(host, looks).note(text)),
  'problems as text': (text) =>
    renderDiagnosticsText([diagnosticOf(text)], { sourceOf: () => text, color: false, width: 80 }),
  'problems as JSON': (text) => renderDiagnosticsJson([diagnosticOf(text)]),
  'problems as SARIF': (text) => renderDiagnosticsSarif([diagnosticOf(text)], { toolVersion: '1' }),
  'problems as JUnit': (text) => renderDiagnosticsJunit([diagnosticOf(text)], { files: [text, `${text}b`] }),
  'problems as annotations': (text) => renderDiagnosticsGithub([diagnosticOf(text)]),
  'an annotation': (text) =>
    renderAnnotation({ level: 'notice', title: text, message: text, at: { file: text, line: 1 } }),
  'any result as JSON': (text) => toPrintableJson({ [text]: [text, { a: text }] }),
  'a line of a run record': (text) =>
    encodeRunEvent({
      time: '2026-01-01T00:00:00.000Z',
      run: text,
      event: 'run-ended',
      end: 'failed',
      exitCode: 1,
      counts: {},
      interrupted: false,
      durationMs: 1,
      message: text,
    }),
};

/** Our own commands to a runner, in which a text stands as data. */
const own = /^::(?:error|warning|notice) [^\n]*$/gm;

const acting = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|##\[|^\s*::/mu;

describe('every way out', () => {
  it.each(Object.entries(sinks))('disarms what others wrote: %s', (_name, sink) => {
    for (const attack of attacks) {
      const text = sink(`before${attack}behind`);
      const commands = text.match(own) ?? [];
      expect({ attack: visible(attack), acts: acting.exec(text.replaceAll(own, ''))?.[0] }).toEqual({
        attack: visible(attack),
        acts: undefined,
      });
      for (const command of commands) {
        expect(command.replaceAll('##[', '')).not.toMatch(/(?!^)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(command.split('::')).toHaveLength(3);
      }
    }
  });

  it('keeps the colours that the tool itself writes, where there are any', () => {
    const red = '\u001b[31merror\u001b[39m one\n';
    expect(written(({ host }) => openTerminal(host, looks).out(red))).toBe(red);
    expect(written(({ host }) => openTerminal(host, { ...looks, color: false }).out(red))).toBe(
      String.raw`\x1b[31merror\x1b[39m one` + '\n',
    );
  });

  it('says the same in JSON', () => {
    for (const attack of attacks) {
      expect(JSON.parse(toPrintableJson({ text: attack }))).toEqual({ text: attack });
      expect(JSON.parse(renderDiagnosticsJson([diagnosticOf(attack)]))[0].message).toBe(attack);
    }
  });

  it('disarms a crash, and takes the secrets of the process out of it', async () => {
    const hosted = aHost();
    const secret = 'tr0ub4dor-and-3-more';
    const env = { CONNECTORCTL_SECRET_A: secret };
    const broken = {
      get cwd(): string {
        throw new Error(`boom \u001b[2J\n::add-mask::x ${secret}`);
      },
    };
    const code = await run(
      ['plan'],
      Object.defineProperty({ ...hosted.host, env }, 'cwd', Object.getOwnPropertyDescriptor(broken, 'cwd') ?? {}),
    );
    expect(code).toBe(1);
    expect(hosted.written()).toContain('boom');
    expect(hosted.written()).not.toContain(secret);
    expect(hosted.written()).not.toContain('\u001b');
    expect(hosted.written()).not.toMatch(/^::/m);
  });
});
