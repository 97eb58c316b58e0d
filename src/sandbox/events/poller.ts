import { isJsonObject, type JsonRecord } from '../../model/json.ts';
import { parseJson } from '../../model/parse-json.ts';
import { isExactNumber } from '../../model/exact-number.ts';
import type { ObjectEventType } from '../../events/events.ts';
import { formatJavaDate, parseJavaDate } from './java-date.ts';
import { fillPlaceholders, type PollMoment } from './placeholders.ts';

/** An object at the pretended provider. Times are milliseconds since 1970. */
export interface ProviderObject {
  readonly id: string;
  /** As the poller calls it: `documents`. */
  readonly resource: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly fields: JsonRecord;
}

/** What happened to an object, as the platform understands it. */
export interface SeenEvent {
  readonly type: ObjectEventType;
  readonly resource: string;
  readonly objectId: string;
  /** When it happened. */
  readonly at: number;
  /** The object in the provider's own fields. */
  readonly raw: JsonRecord;
}

/** A resource that a poller asks for (platform-api §10). */
interface PolledResource {
  readonly name: string;
  readonly url: string;
  readonly idField: string;
  readonly dates: Readonly<Record<string, string>>;
  /** Milliseconds by which an object may be older than the last poll and still count as created. */
  readonly createdCheckTolerance: number;
}

/** What one poll came to. `asked`: the addresses with their placeholders filled. */
export type PollResult =
  | { readonly ok: true; readonly asked: readonly string[]; readonly events: readonly SeenEvent[] }
  | { readonly ok: false; readonly asked: readonly string[]; readonly why: string };

/**
 * Asks the pretended provider for what changed since the last poll. One resource that cannot be asked for fails all of it, as on the platform
 * (platform-facts F5). Objects that are gone are not seen: no poller is told of them.
 */
export function poll(objects: readonly ProviderObject[], configuration: string, moment: PollMoment): PollResult {
  const resources = readResources(configuration);
  if (resources === undefined) return { ok: false, asked: [], why: 'event.poller.configuration is not a JSON object' };
  const asked: string[] = [];
  const events: SeenEvent[] = [];
  for (const resource of resources) {
    const filled = fillPlaceholders(resource.url, moment);
    if ('unknown' in filled)
      return { ok: false, asked, why: `${resource.name}: nothing is known for ${filled.unknown}` };
    asked.push(filled.text);
    const changed = objects.filter(
      (one) => one.resource === resource.name && one.updatedAt > moment.since && one.updatedAt <= moment.now,
    );
    events.push(...changed.map((one) => seeObject(one, resource, moment)));
  }
  return { ok: true, asked, events };
}

function readResources(text: string): readonly PolledResource[] | undefined {
  const parsed = parseJson(text);
  if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
  return Object.entries(parsed.value).flatMap(([name, value]) => {
    if (!isJsonObject(value)) return [];
    const { url, idField, datesConfiguration, createdCheckTolerance } = value;
    const dates = isJsonObject(datesConfiguration) ? datesConfiguration : {};
    return {
      name,
      url: textOf(url) ?? '',
      idField: textOf(idField) ?? 'id',
      dates: Object.fromEntries(
        Object.entries(dates).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : [])),
      ),
      createdCheckTolerance: Number(textOf(createdCheckTolerance) ?? 0) || 0,
    };
  });
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || isExactNumber(value) ? String(value) : undefined;
}

/** The object as the provider answers it, and what the platform makes of its dates: created since the last poll, or only changed. */
function seeObject(object: ProviderObject, resource: PolledResource, { since }: PollMoment): SeenEvent {
  const { name, idField, dates, createdCheckTolerance } = resource;
  const raw = renderObject(object, resource);
  const { createdDateField, updatedDateField } = dates;
  const read = (field: string | undefined, kind: 'created' | 'updated'): number | undefined => {
    const value = field === undefined ? undefined : textOf(raw[field]);
    return value === undefined ? undefined : readDate(value, dates[`${kind}DateFormat`], dates[`${kind}DateTimezone`]);
  };
  const created = read(createdDateField, 'created');
  const updated = read(updatedDateField, 'updated');
  const type = typeOf({ created, updated, since: since - createdCheckTolerance });
  return {
    type,
    resource: name,
    objectId: textOf(raw[idField]) ?? '',
    at: updated ?? created ?? object.updatedAt,
    raw,
  };
}

function typeOf({
  created,
  updated,
  since,
}: {
  readonly created: number | undefined;
  readonly updated: number | undefined;
  readonly since: number;
}): ObjectEventType {
  // Patterns without parts of a second cut them off.
  if (created !== undefined && created >= Math.floor(since / 1000) * 1000) return 'CREATED';
  return created === undefined && updated === undefined ? 'UNKNOWN' : 'UPDATED';
}

/**
 * The provider's own fields. A field keeps its own meaning, whatever the configuration takes it for: one whose name speaks of creation
 * holds when the object was made, any other when it was last changed.
 */
function renderObject(
  object: ProviderObject,
  { idField, dates }: Pick<PolledResource, 'idField' | 'dates'>,
): JsonRecord {
  const write = (kind: 'created' | 'updated'): readonly (readonly [string, string])[] => {
    const field = dates[`${kind}DateField`];
    if (field === undefined || field === '') return [];
    const time = /creat|^added|_added/i.test(field) ? object.createdAt : object.updatedAt;
    return [[field, writeDate(time, dates[`${kind}DateFormat`], dates[`${kind}DateTimezone`])]];
  };
  return { ...object.fields, [idField]: object.id, ...Object.fromEntries([...write('created'), ...write('updated')]) };
}

/** Formats that are no patterns stand in the vendor's own pollers. */
const counted: Readonly<Record<string, number>> = { milliseconds: 1, timestamp: 1000 };

function writeDate(time: number, format = '', zone = 'GMT'): string {
  const unit = counted[format];
  if (unit !== undefined) return String(Math.floor(time / unit));
  return formatJavaDate(time, format, zone) || new Date(time).toISOString();
}

function readDate(text: string, format = '', zone = 'GMT'): number | undefined {
  const unit = counted[format];
  if (unit !== undefined) return Number(text) * unit;
  const read = format === '' ? undefined : parseJavaDate(text, format, zone);
  if (read !== undefined) return read;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
