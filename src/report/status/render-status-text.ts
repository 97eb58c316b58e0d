import { createColors } from 'picocolors';
import type { EnvironmentStatus, InstanceStatus } from '../../model/instance-status.ts';
import { compareText } from '../../model/compare-text.ts';
import { visible } from '../../model/visible.ts';
import { shorten } from '../fit-text.ts';
import { hangText } from '../hang-text.ts';
import { type Cell, type Paint, renderTable } from '../text-table.ts';

interface StatusTextOptions {
  readonly color: boolean;
  /** Columns; at least 60 are used. */
  readonly width: number;
}

const narrowest = 60;

/** Names have up to 255 characters on the platform; the whole one stands in the definition and in JSON. */
const longestName = 32;

interface Paints {
  readonly bad: Paint;
  readonly odd: Paint;
  readonly faint: Paint;
}

/** The connections of one environment as a table, and below it what a table cannot hold. Ends with a line feed. */
export function renderStatusText(status: EnvironmentStatus, options: StatusTextOptions): string {
  const width = Math.max(narrowest, options.width);
  const paints = paintsOf(options);
  const { instances } = status;
  const head = ['KEY', 'CONNECTOR', 'NAME', 'ID', 'ENABLED', 'VALID', 'APPLIED'].map((text) => faintly(text, paints));
  const table =
    instances.length === 0
      ? []
      : [...renderTable([head, ...instances.map((one) => toRow(one, paints))], { width }), ''];
  const lines = [...table, ...summarize(status, width), ...instances.flatMap((one) => explain(one, width, paints))];
  return `${lines.join('\n')}\n`;
}

/** The same of several environments, side by side: a row for each key, a column for each environment. */
export function renderStatusesText(statuses: readonly EnvironmentStatus[], options: StatusTextOptions): string {
  const width = Math.max(narrowest, options.width);
  const paints = paintsOf(options);
  const keys = [...new Set(statuses.flatMap(({ instances }) => instances.map(({ key }) => key ?? '')))].toSorted(
    compareText,
  );
  const head = ['KEY', ...statuses.map(({ environment }) => visible(environment))].map((text) => faintly(text, paints));
  const rows = keys.map((key) => toKeyRow(key, statuses, paints));
  const table = rows.length === 0 ? [] : [...renderTable([head, ...rows], { width }), ''];
  const below = statuses.flatMap((status) => [
    ...summarize(status, width),
    ...status.instances.flatMap((one) => explain(one, width, paints)),
  ]);
  return `${[...table, ...below].join('\n')}\n`;
}

function toKeyRow(key: string, statuses: readonly EnvironmentStatus[], paints: Paints): readonly Cell[] {
  const cells = statuses.map(({ instances }) =>
    toCell(
      instances.filter((one) => (one.key ?? '') === key),
      paints,
    ),
  );
  return [{ text: key === '' ? '(no key)' : visible(key) }, ...cells];
}

function paintsOf({ color }: StatusTextOptions): Paints {
  const { red, yellow, dim } = createColors(color);
  return { bad: red, odd: yellow, faint: dim };
}

function faintly(text: string, { faint }: Paints): Cell {
  return { text, paint: faint };
}

function toRow(one: InstanceStatus, paints: Paints): readonly Cell[] {
  const { key, connector, name, id, enabled, valid, standing } = one;
  return [
    { text: key === undefined ? '(no key)' : visible(key) },
    { text: visible(connector) },
    { text: visible(shorten(name, longestName)) },
    id === undefined ? { text: 'none', paint: paints.odd } : { text: visible(id) },
    { text: yesOrNo(enabled), ...(enabled === false ? { paint: paints.odd } : {}) },
    { text: yesOrNo(valid), ...(valid === false ? { paint: paints.bad } : {}) },
    standing === 'orphan' || standing === 'duplicate'
      ? { text: standing, paint: paints.odd }
      : { text: describeApplied(one) },
  ];
}

function yesOrNo(value: boolean | undefined): string {
  return value === undefined ? '-' : value ? 'yes' : 'no';
}

function describeApplied({ id, lastApplied }: InstanceStatus): string {
  if (id === undefined) return '-';
  if (lastApplied === undefined) return 'unknown';
  const { values, assumed } = lastApplied;
  return `${count(values, 'value')}${assumed === 0 ? '' : `, ${assumed} assumed`}`;
}

function toCell(instances: readonly InstanceStatus[], paints: Paints): Cell {
  if (instances.length === 0) return { text: '-', paint: paints.faint };
  const troubles = instances.flatMap(troublesOf);
  const ids = instances.flatMap(({ id }) => (id === undefined ? [] : [visible(id)]));
  const text = [ids.join(', '), [...new Set(troubles)].join(', ')].filter((part) => part !== '').join(' ');
  return troubles.length === 0 ? { text } : { text, paint: paints.odd };
}

/** In a word or two each, what is not as usual. */
function troublesOf({ enabled, valid, standing, pollingStopped, ping }: InstanceStatus): readonly string[] {
  return [
    ...(standing === 'defined' || standing === 'unknown' ? [] : [standing]),
    ...(enabled === false ? ['disabled'] : []),
    ...(valid === false ? ['not valid'] : []),
    ...(pollingStopped === true ? ['polling stopped'] : []),
    ...(ping?.ok === false ? ['no answer'] : []),
  ];
}

function summarize(
  { environment, instances, unmanaged, foreign }: EnvironmentStatus,
  width: number,
): readonly string[] {
  const of = (is: (one: InstanceStatus) => boolean) => instances.filter(is).length;
  const parts = [
    [of(({ enabled }) => enabled === false), 'disabled'],
    [of(({ valid }) => valid === false), 'not valid'],
    [of(({ standing }) => standing === 'duplicate'), 'with a key that another one has too'],
    [of(({ standing }) => standing === 'orphan'), 'without a definition'],
    [of(({ standing }) => standing === 'missing'), 'defined and not there'],
    [of(({ ping }) => ping?.ok === true), 'answered'],
  ] as const;
  const told = parts.flatMap(([number, words]) => (number === 0 ? [] : [`${number} ${words}`]));
  const live = of(({ id }) => id !== undefined);
  const head = `${visible(environment)}: ${[count(live, 'instance'), ...told].join(', ')}.`;
  const others = [
    ...(unmanaged === 0
      ? []
      : [`${count(unmanaged, 'instance')} of the account ${unmanaged === 1 ? 'is' : 'are'} managed by nobody`]),
    ...(foreign === 0 ? [] : [`${foreign} by other environments or workspaces`]),
  ];
  const rest = others.length === 0 ? '' : ` Besides, ${others.join(', ')}.`;
  return hangText('', `${head}${rest}`, { width, indent: 0 });
}

/** What somebody has to do something about. */
function explain(one: InstanceStatus, width: number, { bad }: Paints): readonly string[] {
  const { key, id = '', pollingStopped, ping } = one;
  const who = `${visible(key ?? 'an instance without a key')} (${visible(id)})`;
  const request = ping?.ok === false && ping.requestId !== undefined ? ` (request ${visible(ping.requestId)})` : '';
  const told = [
    ...(pollingStopped === true ? [`${who}: the platform switched its polling off, after failures in a row.`] : []),
    ...(ping?.ok === false ? [`${who} does not answer: ${visible(ping.message)}${request}`] : []),
  ];
  return told.flatMap((text) => hangText('', text, { width, indent: 2, paint: bad }));
}

function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}
