import { isJsonObject, type JsonRecord } from '../../model/json.ts';
import { mask } from '../instance/configuration.ts';
import { type Habit, type HabitContext, mapInstances } from './habit.ts';
import type { DropTagsFault, NormalForm, NormaliseOnReadFault } from './habit-rule.ts';

/** A text is at most so long. */
const longest = 255;

/** What becomes of the text of a value; undefined: its key is not shown. */
const changes: Readonly<Record<NormalForm, (text: string) => string | undefined>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
  booleans: (text) => (text === 'true' || text === 'false' ? text.toUpperCase() : text),
  html: (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;'),
  cut: (text) => text.slice(0, longest),
  nfc: (text) => text.normalize('NFC'),
  url: (text) => encodeURIComponent(text),
  slash: (text) => (/^https?:.*[^/]$/.test(text) ? `${text}/` : text),
  'json-order': (text) => rewriteJson(text, sortKeys),
  'json-defaults': (text) => rewriteJson(text, addDefault),
  decimals: (text) => (/^\d+$/.test(text) ? `${text}.0` : text),
  mask: (text) => (text === mask ? '[hidden]' : text),
  dropped: () => undefined,
};

/** The values of the configuration in another form, or of one key of it. */
export function normalise({ form = 'lower', key }: NormaliseOnReadFault, { report }: HabitContext): Habit {
  const change = changes[form];
  return (call, next) =>
    mapInstances(
      next(call),
      (instance) => {
        const { configuration } = instance;
        if (!isJsonObject(configuration)) return instance;
        const shown = Object.entries(configuration).flatMap(([name, value]) => {
          const isMeant = typeof value === 'string' && (key === undefined || key === name);
          const changed = isMeant && (value !== mask || form === 'mask') ? change(value) : value;
          return changed === undefined ? [] : [[name, changed] as const];
        });
        const isSame =
          shown.length === Object.keys(configuration).length &&
          shown.every(([name, value]) => configuration[name] === value);
        return isSame ? instance : { ...instance, configuration: Object.fromEntries(shown) };
      },
      report,
    );
}

/** The first words of the tags that connectorctl keeps its memory in. */
const toolTags = /^connectorctl[/-]/;

/** User tags as they are shown. Which instances carry a tag is not changed by it. */
export function spoilTags({ form = 'first' }: DropTagsFault, { report }: HabitContext): Habit {
  return (call, next) =>
    mapInstances(
      next(call),
      (instance) => {
        const { tags } = instance;
        if (!Array.isArray(tags)) return instance;
        const all = tags.map((tag: unknown) => String(tag));
        const users = all.filter((tag) => !toolTags.test(tag));
        const shown = spoil(users, form);
        if (shown.length === users.length && shown.every((tag, index) => tag === users[index])) return instance;
        return { ...instance, tags: [...shown, ...all.filter((tag) => toolTags.test(tag))] };
      },
      report,
    );
}

function spoil(tags: readonly string[], form: NonNullable<DropTagsFault['form']>): readonly string[] {
  if (form === 'first' || form === 'all') return form === 'first' ? tags.slice(1) : [];
  return tags.map((tag) => changes[form](tag) ?? tag);
}

/** Only of text that is an object of JSON. */
function rewriteJson(text: string, rewrite: (value: JsonRecord) => JsonRecord): string {
  if (!/^\s*\{/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? JSON.stringify(rewrite(value)) : text;
  } catch {
    return text;
  }
}

function sortKeys(value: JsonRecord): JsonRecord {
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, inner]) => [key, isJsonObject(inner) ? sortKeys(inner) : inner]));
}

/** As the platform may fill in what a poller has besides (platform-api §7). */
function addDefault(value: JsonRecord): JsonRecord {
  const filled = Object.entries(value).map(([key, inner]) => [
    key,
    isJsonObject(inner) ? { pageSize: 100, ...inner } : inner,
  ]);
  return Object.fromEntries(filled);
}
