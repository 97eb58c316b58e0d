/*
 * Dates in the patterns of Java's SimpleDateFormat, in which pollers write and read times (platform-api §10). Of its letters those that the
 * vendor's own pollers use. Times are milliseconds since 1970.
 */

/** Minutes east of Greenwich, by the abbreviations that the vendor's own pollers use; standard time. */
const zones: Readonly<Record<string, number>> = {
  GMT: 0,
  UTC: 0,
  Z: 0,
  PST: -480,
  MST: -420,
  CST: -360,
  EST: -300,
  CET: 60,
};

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Minutes east of Greenwich; 0 for what is empty or a placeholder of the connector; undefined for a name that is not known. */
export function zoneOffset(zone: string): number | undefined {
  const name = zone.trim();
  if (name === '' || name.startsWith('{')) return 0;
  const [, sign, hours = '', minutes = '0'] = /^(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?$/.exec(name) ?? [];
  if (sign !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return zones[name.toUpperCase()];
}

type PatternPart = { readonly letter: string; readonly count: number } | { readonly literal: string };

/** Undefined when a quote is not closed or a letter means nothing. */
function readPattern(pattern: string): readonly PatternPart[] | undefined {
  const parts: PatternPart[] = [];
  const found = pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g);
  for (const [text, quoted, letter] of found) {
    if (text === "'") return undefined;
    if (quoted !== undefined) parts.push({ literal: quoted === '' ? "'" : quoted.replaceAll("''", "'") });
    else if (letter === undefined) parts.push({ literal: text });
    else if (letter in letters) parts.push({ letter, count: text.length });
    else return undefined;
  }
  return parts;
}

interface DateParts {
  /** The time moved into the zone, so that the functions for UTC give the parts of the zone. */
  readonly local: Date;
  readonly offset: number;
}

const pad = (value: number, count: number): string => String(value).padStart(count, '0');

/** How each letter is written. */
const letters: Readonly<Record<string, (parts: DateParts, count: number) => string>> = {
  y: ({ local }, count) => (count === 2 ? pad(local.getUTCFullYear() % 100, 2) : pad(local.getUTCFullYear(), count)),
  M: ({ local }, count) => (count >= 3 ? (months[local.getUTCMonth()] ?? '') : pad(local.getUTCMonth() + 1, count)),
  d: ({ local }, count) => pad(local.getUTCDate(), count),
  H: ({ local }, count) => pad(local.getUTCHours(), count),
  h: ({ local }, count) => pad(local.getUTCHours() % 12 || 12, count),
  m: ({ local }, count) => pad(local.getUTCMinutes(), count),
  s: ({ local }, count) => pad(local.getUTCSeconds(), count),
  // Milliseconds, however many letters there are.
  S: ({ local }, count) => pad(local.getUTCMilliseconds(), count),
  a: ({ local }) => (local.getUTCHours() < 12 ? 'AM' : 'PM'),
  E: ({ local }) => days[local.getUTCDay()] ?? '',
  z: ({ offset }) => (offset === 0 ? 'GMT' : `GMT${writeOffset(offset, ':')}`),
  Z: ({ offset }) => writeOffset(offset, ''),
  X: ({ offset }, count) =>
    offset === 0 ? 'Z' : writeOffset(offset, count === 3 ? ':' : '').slice(0, count === 1 ? 3 : 6),
};

function writeOffset(minutes: number, between: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}${between}${pad(size % 60, 2)}`;
}

/** Writes a time; undefined for a pattern that Java would refuse, or a zone that is not known. */
export function formatJavaDate(time: number, pattern: string, zone = 'GMT'): string | undefined {
  const offset = zoneOffset(zone);
  const parts = readPattern(pattern);
  if (offset === undefined || parts === undefined) return undefined;
  const moved = { local: new Date(time + offset * 60_000), offset };
  return parts
    .map((part) => ('literal' in part ? part.literal : (letters[part.letter]?.(moved, part.count) ?? '')))
    .join('');
}

/** What each letter reads. */
const readers: Readonly<Record<string, string>> = {
  y: String.raw`(?<y>\d{2,4})`,
  d: String.raw`(?<d>\d{1,2})`,
  H: String.raw`(?<H>\d{1,2})`,
  h: String.raw`(?<h>\d{1,2})`,
  m: String.raw`(?<m>\d{1,2})`,
  s: String.raw`(?<s>\d{1,2})`,
  S: String.raw`(?<S>\d{1,9})`,
  a: '(?<a>AM|PM)',
  E: '[A-Za-z]+',
  z: '(?<zone>[A-Za-z]+(?:[+-][0-9:]+)?)',
  Z: String.raw`(?<zone>[+-]\d{4})`,
  X: String.raw`(?<zone>Z|[+-]\d{2}(?::?\d{2})?)`,
};

/** Reads a time that was written in a pattern; undefined when it does not match. */
export function parseJavaDate(text: string, pattern: string, zone = 'GMT'): number | undefined {
  const parts = readPattern(pattern);
  if (parts === undefined) return undefined;
  const source = parts.map((part) => ('literal' in part ? escapePattern(part.literal) : readerOf(part))).join('');
  const found = new RegExp(`^${source}$`).exec(text)?.groups;
  if (found === undefined) return undefined;
  const number = (name: string, fallback: number): number =>
    found[name] === undefined ? fallback : Number(found[name]);
  const month =
    found['M'] === undefined ? 0 : /^\d/.test(found['M']) ? Number(found['M']) - 1 : months.indexOf(found['M']);
  const half = found['a'] === undefined ? 0 : found['a'] === 'PM' ? 12 : 0;
  const hours = found['h'] === undefined ? number('H', 0) : (Number(found['h']) % 12) + half;
  const offset = zoneOffset(found['zone'] ?? zone);
  if (month < 0 || offset === undefined) return undefined;
  const time = Date.UTC(
    number('y', 1970),
    month,
    number('d', 1),
    hours,
    number('m', 0),
    number('s', 0),
    number('S', 0),
  );
  return time - offset * 60_000;
}

function readerOf({ letter, count }: { readonly letter: string; readonly count: number }): string {
  if (letter !== 'M') return readers[letter] ?? '';
  return count >= 3 ? '(?<M>[A-Za-z]{3})' : String.raw`(?<M>\d{1,2})`;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
