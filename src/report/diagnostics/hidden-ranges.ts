import { findCredentials } from '../../model/credential-inside.ts';
import { hiddenRange, isBelowSecret, isHarmless, isHiddenKey, type Range } from './hidden-range.ts';

const userInfo = /:\/\/[^/\s@]+@/g;
/** Where a line opens a flow mapping of its own: `configuration: {`, `- {`, `{`. */
const opening = /^\s*(?:- +)*(?:(["']?)([\w.-]+)\1\s*:\s+)?(?=\{)/;
const pairKey = /\s*(?:"([\w.-]+)"\s*:\s*|'([\w.-]+)'\s*:\s*|([\w.-]+)\s*:(?=[\s,}]|$)\s*)/y;
const scalar =
  /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,{}[\]"'#&*!|>%@`](?:[^,{}[\]"':#]|:(?![\s,}\]]|$)|(?<!\s)#)*|(?=\s*(?:[,}]|$))/y;
const longLine = 4000;
/** How many lines of one flow mapping are read to find where it begins. */
const reach = 50;

/** A flow mapping as far as it was read: where reading stopped, how many braces are open, and what has to be hidden of it. */
interface FlowReading {
  readonly end: number;
  readonly open: number;
  readonly hidden: readonly Range[];
}

/**
 * The parts of a source line that must not be shown, in order. Of a flow mapping that can be read for certain these are the values
 * that may be secret, one by one, so that a mark below stands under what is meant. Of any other line it is all from the first of
 * them on, as `hiddenRange` says: a value that holds commas would be cut in two. Credentials in a URL are hidden everywhere.
 * @param index of the line, from 0
 */
export function hiddenRanges(lines: readonly string[], index: number): readonly Range[] {
  const line = lines[index] ?? '';
  const whole = hiddenRange(lines, index);
  const parts = whole === undefined ? [] : (flowRanges(lines, index) ?? [whole]);
  const users = [...line.matchAll(userInfo)].map((found) => ({
    start: found.index + '://'.length,
    end: found.index + found[0].length - 1,
  }));
  const free = [...users, ...findCredentials(line)].filter(
    (user) => !parts.some(({ start, end }) => user.start < end && start < user.end),
  );
  return [...parts, ...free].toSorted((one, other) => one.start - other.start);
}

/** What is hidden of a line that is, from its first brace on or as a whole, part of a flow mapping. Undefined when it may not be. */
function flowRanges(lines: readonly string[], index: number): readonly Range[] | undefined {
  const line = (lines[index] ?? '').trimEnd();
  if (line.length > longLine || isBelowSecret(lines, index)) return undefined;
  const own = readOpening(line);
  const reading = own ?? (isInFlow(lines, index) ? readPairs(line, 0, 1) : undefined);
  if (reading === undefined) return undefined;
  const rest = line.slice(reading.end);
  if (/^\s*,?\s*$/.test(rest)) return reading.hidden;
  // A comment may repeat the secret.
  return /^\s*,?\s+#/.test(rest)
    ? [...reading.hidden, { start: line.indexOf('#', reading.end), end: line.length }]
    : undefined;
}

/** Reads a line that opens a flow mapping under a key that is no secret. */
function readOpening(line: string): FlowReading | undefined {
  const found = opening.exec(line);
  if (found === null || isHiddenKey(found[2] ?? '')) return undefined;
  return readPairs(line, found[0].length + 1, 1);
}

/** Whether a line stands inside a flow mapping that was opened above it, and of which every line up to here can be read. */
function isInFlow(lines: readonly string[], index: number): boolean {
  for (let above = index - 1; above >= Math.max(0, index - reach); above -= 1) {
    const line = (lines[above] ?? '').trimEnd();
    if (line.length > longLine) return false;
    const own = readOpening(line);
    if (own?.open === 1 && own.end === line.length) return /[,{]$/.test(line) && !isBelowSecret(lines, above);
    const pairs = readPairs(line, 0, 1);
    const isBetween = line.endsWith(',') && pairs?.open === 1 && pairs.end === line.length;
    if (!isBetween) return false;
  }
  return false;
}

/** Reads pairs up to the end of the line, or of the mapping. Undefined for whatever is not plainly `key: value, ..`. */
function readPairs(line: string, from: number, depth: number): FlowReading | undefined {
  const hidden: Range[] = [];
  let open = depth;
  let at = from;
  // Set while a mapping is read that is hidden as a whole: where it began, and how deep.
  let secret: { readonly start: number; readonly open: number } | undefined;
  while (open > 0 && /\S/.test(line.slice(at))) {
    const key = match(pairKey, line, at);
    if (key !== undefined) {
      at += key[0].length;
      const isHidden = secret === undefined && isHiddenKey(key[1] ?? key[2] ?? key[3] ?? '');
      if (line[at] === '{') {
        if (isHidden) secret = { start: at, open };
        open += 1;
        at += 1;
        continue;
      }
      const value = match(scalar, line, at)?.[0].trimEnd();
      if (value === undefined) return undefined;
      if (isHidden && value !== '' && !isHarmless(value)) hidden.push({ start: at, end: at + value.length });
      at += value.length;
    }
    const stop = /^\s*(?:\}|,)?/.exec(line.slice(at))?.[0] ?? '';
    at += stop.length;
    if (stop.endsWith('}')) open -= 1;
    else if (!stop.endsWith(',') && at < line.length) return undefined;
    if (secret !== undefined && open === secret.open) {
      if (!isHarmless(line.slice(secret.start, at))) hidden.push({ start: secret.start, end: at });
      secret = undefined;
    }
  }
  return secret === undefined ? { end: at, open, hidden } : undefined;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
