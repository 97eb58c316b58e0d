import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
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
import { hostilePieces, unseenCharacters } from '../support/foreign-text.ts';
import { findTreeFlaws } from '../support/markdown-tree.ts';
import { pageReports, partsOfReports, textReports } from './sinks-of-reports.ts';

const src = path.join(import.meta.dirname, '../../src');

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

/** Of the attacks on pages, each page meets another part; all of them with TEST_RUNS=4. */
const each = Math.max(1, 5 - Number(process.env['TEST_RUNS'] ?? 1));

/** Several at a time, as a page takes long to parse; few enough that none is cut away. */
const together = [...attacks, ...hostilePieces.filter((piece) => piece.length < 60)].reduce<readonly string[]>(
  ([last = '', ...rest], piece) =>
    last.length + piece.length < 120 ? [`${last} ${piece}`, ...rest] : [piece, last, ...rest],
  [],
);

/** Functions of the reports, of the command line and of the Action that make text to be shown. */
function listRenderers(): readonly string[] {
  const sources = ['report', 'cli', 'action'].flatMap((room) =>
    readdirSync(path.join(src, room), { recursive: true, encoding: 'utf8' }).map((file) => path.join(src, room, file)),
  );
  const texts = sources.filter((file) => file.endsWith('.ts')).map((file) => readFileSync(file, 'utf8'));
  const names = texts.flatMap((text) => [...text.matchAll(/^export function (render\w+)/gm)].map(([, name]) => name));
  return [...new Set(names.flatMap((name) => name ?? []))].toSorted();
}

/** Every place at which something is written to a process's output. */
function listWrites(): readonly string[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files
    .flatMap((file) => {
      const found =
        readFileSync(path.join(src, file), 'utf8').match(
          /\b(?:stdout|stderr)\.write\b|\bconsole\.\w+\(|\bwriteSync\([12]\b/g,
        ) ?? [];
      return found.length === 0 ? [] : [`${file}: ${found.length}`];
    })
    .toSorted();
}

/** Our own commands to a runner, in which a text stands as data. */
const own = /^::(?:error|warning|notice) [^\n]*$/gm;

const acting = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|##\[|^\s*::/mu;

describe('every way out', () => {
  it('is known here: what makes text, and what writes it', () => {
    const known = new Set([...Object.keys(textReports), ...Object.keys(pageReports), ...Object.keys(partsOfReports)]);
    // A new one belongs into one of the tables of sinks-of-reports.ts.
    expect(listRenderers().filter((name) => !known.has(name))).toEqual([]);
    const ways = new Set(Object.keys({ ...sinks, ...textReports, ...pageReports }));
    const ours = Object.values(partsOfReports).filter((way) => !way.includes(' ') || ways.has(way));
    expect(ours.filter((way) => !ways.has(way))).toEqual([]);
    // Everything goes through the terminal, the log of a step, or the words for a crash.
    expect(listWrites()).toEqual([
      'action/main.ts: 2',
      'cli/main.ts: 4',
      'cli/program.ts: 1',
      'cli/run.ts: 3',
      'cli/terminal.ts: 3',
    ]);
  });

  it.each(Object.entries(pageReports))('makes Markdown without any structure of others: %s', (name, page) => {
    const start = Object.keys(pageReports).indexOf(name);
    for (const attack of together.filter((_, index) => (index + start) % each === 0)) {
      const text = page(`before${attack}behind`);
      const flaws = text.split(/(?=^<!-- connectorctl:[^>]* -->$)/m).flatMap((one) => {
        const shown = one.replaceAll(/^<!-- connectorctl:[\w:=%.!~*'() -]* -->$/gm, '');
        return findTreeFlaws(shown, { links: [] });
      });
      expect({ attack: visible(attack), flaws }).toEqual({ attack: visible(attack), flaws: [] });
      expect({ attack: visible(attack), acts: unseenCharacters.exec(text)?.[0] }).toEqual({ attack: visible(attack) });
    }
  });

  it.each(Object.entries({ ...sinks, ...textReports }))('disarms what others wrote: %s', (_name, sink) => {
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
    const [secret, mounted] = ['tr0ub4dor-and-3-more', 'correct-h0rse-battery'];
    const env = { CONNECTORCTL_SECRET_A: secret };
    const met = new Set([new Secret(mounted, 'secrets.B')]);
    const broken = {
      get cwd(): string {
        throw new Error(`boom \u001b[2J\n::add-mask::x ${secret}\n \u3000::add-mask::y ${mounted}`);
      },
    };
    const code = await run(
      ['plan'],
      Object.defineProperty({ ...hosted.host, env, met }, 'cwd', Object.getOwnPropertyDescriptor(broken, 'cwd') ?? {}),
    );
    expect(code).toBe(1);
    expect(hosted.written()).toContain('boom');
    expect(hosted.written()).not.toContain(secret);
    expect(hosted.written()).not.toContain('\u001b');
    expect(hosted.written()).not.toContain(mounted);
    expect(hosted.written()).not.toMatch(/^\s*::/m);
  });
});
