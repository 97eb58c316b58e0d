import { createColors } from 'picocolors';
import { type SetUp, type SetUpCheck, setUpChecks } from '../../model/set-up-check.ts';
import { visible } from '../../model/visible.ts';
import { isCommand } from '../escape/shell.ts';
import { hangText } from '../hang-text.ts';
import { type Cell, type Paint, renderTable } from '../text-table.ts';

interface SetUpTextOptions {
  readonly color: boolean;
  /** Columns; at least 60 are used. */
  readonly width: number;
}

type Status = SetUpCheck['status'];

const narrowest = 60;

const words: Readonly<Record<Status, string>> = { ok: 'ok', warning: 'warn', failed: 'FAIL', skipped: '-' };

/** Columns of the status and of the name, with two blanks behind each. */
const statusWidth = 6;
const nameWidth = Math.max(...setUpChecks.map((name) => name.length)) + 2;

/** A line for each check, below it what to do, and at the end how many there are of which. Ends with a line feed. */
export function renderSetUpText({ environment, checks }: SetUp, options: SetUpTextOptions): string {
  const width = Math.max(narrowest, options.width);
  const paints = paintsOf(options);
  const lines = checks.flatMap((check) => renderCheck(check, width, paints));
  return `${lines.join('\n')}\n\n${summarize(checks, environment)}\n`;
}

/** Several environments side by side, then what is to be done for each. */
export function renderSetUpsText(setUps: readonly SetUp[], options: SetUpTextOptions): string {
  const width = Math.max(narrowest, options.width);
  const paints = paintsOf(options);
  const head = ['', ...setUps.map(({ environment = '' }) => visible(environment))].map((text) => ({ text }));
  const rows = setUpChecks.map((name) => toRow(name, setUps, paints));
  const below = setUps.flatMap(({ environment = '', checks }) => {
    const told = checks.filter(({ status }) => status === 'warning' || status === 'failed');
    const lines = told.flatMap((check) => renderCheck(check, width, paints));
    return [
      '',
      ...(lines.length === 0 ? [] : [`${visible(environment)}:`, ...lines, '']),
      summarize(checks, environment),
    ];
  });
  return `${[...renderTable([head, ...rows], { width }), ...below].join('\n')}\n`;
}

function toRow(
  name: SetUpCheck['name'],
  setUps: readonly SetUp[],
  paints: Readonly<Record<Status, Paint>>,
): readonly Cell[] {
  const found = setUps.map(({ checks }) => checks.find((one) => one.name === name)?.status ?? 'skipped');
  return [{ text: name }, ...found.map((status) => ({ text: words[status], paint: paints[status] }))];
}

function paintsOf({ color }: SetUpTextOptions): Readonly<Record<Status, Paint>> {
  const { green, yellow, red, dim } = createColors(color);
  return { ok: green, warning: yellow, failed: red, skipped: dim };
}

function renderCheck(
  { name, status, message, hint }: SetUpCheck,
  width: number,
  paints: Readonly<Record<Status, Paint>>,
): readonly string[] {
  const margin = statusWidth + nameWidth;
  const [first = '', ...rest] = hangText('', message, { width, indent: margin });
  const head = `${paints[status](words[status])}${' '.repeat(statusWidth - words[status].length)}${name.padEnd(nameWidth)}`;
  const next = (hint ?? '').split('\n').flatMap((line) => renderHintLine(line, width, margin));
  return [`${head}${first.trimStart()}`, ...rest, ...next];
}

/** What is to be copied is never broken over lines. */
function renderHintLine(line: string, width: number, margin: number): readonly string[] {
  const text = visible(line.trim());
  if (text === '') return [];
  const isToCopy = isCommand(text) || /^(?:node|openssl|git|environment:|account:|CONNECTORCTL_)/.test(text);
  return isToCopy ? [`${' '.repeat(margin + 2)}${text}`] : hangText('', text, { width, indent: margin });
}

function summarize(checks: readonly SetUpCheck[], environment = ''): string {
  const count = (status: Status): number => checks.filter((one) => one.status === status).length;
  const [failed, warnings, skipped] = [count('failed'), count('warning'), count('skipped')];
  const parts = [
    `${count('ok')} ok`,
    ...(warnings === 0 ? [] : [warnings === 1 ? '1 warning' : `${warnings} warnings`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(skipped === 0 ? [] : [`${skipped} not looked at`]),
  ];
  return `${environment === '' ? 'Set-up' : visible(environment)}: ${parts.join(', ')}.`;
}
