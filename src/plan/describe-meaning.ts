import { compareText } from './compare-text.ts';
import type { Field } from './list-fields.ts';

/** Both sides as plain text. `before` is undefined when the platform does not show it, or there was nothing. */
export interface PlainSides {
  readonly before: string | undefined;
  readonly after: string;
}

type Describe = (sides: PlainSides) => string | undefined;

const byPointer: Readonly<Record<string, Describe>> = {
  '/tags': describeTags,
  '/enabled': ({ before, after }) => `instance ${arrow(before && onOff(before), onOff(after))}`,
  '/configuration/event.notification.enabled': ({ before, after }) =>
    `events ${arrow(before && onOff(before), onOff(after))}`,
  '/configuration/event.poller.refresh_interval': ({ before, after }) => `poll every ${arrow(before, after)} min`,
};

/** What a change means, where that is known: `poll every 15 → 5 min` (minutes: platform-api §10). Must not be asked about a secret. */
export function describeMeaning(
  { pointer, key }: Pick<Field, 'pointer' | 'key'>,
  sides: PlainSides,
): string | undefined {
  const describe = Object.hasOwn(byPointer, pointer) ? byPointer[pointer] : undefined;
  if (describe !== undefined) return describe(sides);
  return key !== undefined && isCallbackKey(key) ? describeHost(sides) : undefined;
}

/** Whether the key holds the address to which the platform or the provider calls back (platform-api §7, §10). */
export function isCallbackKey(key: string): boolean {
  return key.toLowerCase().endsWith('callback.url');
}

/** Host of an absolute URL, without credentials; undefined for anything else. */
export function toHost(url: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#\\]*@)?([^/?#\\@]+)/i.exec(url)?.[1]?.toLowerCase();
}

function describeHost({ before, after }: PlainSides): string | undefined {
  const to = toHost(after);
  if (to === undefined) return undefined;
  const from = before === undefined ? undefined : toHost(before);
  return from === to ? undefined : `callback host ${arrow(from, to)}`;
}

function describeTags({ before, after }: PlainSides): string | undefined {
  const [old, wanted] = [parseTags(before ?? '[]'), parseTags(after)];
  const added = wanted.filter((tag) => !old.includes(tag)).map((tag) => `+${tag}`);
  const gone = old.filter((tag) => !wanted.includes(tag)).map((tag) => `-${tag}`);
  return [...added, ...gone].join(' ') || undefined;
}

/** Reads back the canonical form of tags. */
export function parseTags(canonical: string): readonly string[] {
  const tags: unknown = JSON.parse(canonical);
  return Array.isArray(tags) ? tags.map(String).toSorted(compareText) : [];
}

function onOff(value: string): string {
  if (value === 'true') return 'on';
  return value === 'false' || value === '' ? 'off' : value;
}

function arrow(before: string | undefined, after: string): string {
  return before === undefined ? after : `${before} → ${after}`;
}
