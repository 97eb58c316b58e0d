import { isReservedTag } from '../../tags/owner-tags.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { looksMasked, readPlaceholder } from '../../model/placeholder.ts';
import { toPointer } from '../../model/position.ts';
import { type Draft, showPlaceholder } from './convert-value.ts';
import { pollerKey } from '../../model/platform-keys.ts';

/** The comment on a name that was made up from nothing. */
export const noName = 'the body had no name';

/** The name of the body, or one of connector and kind of events when there is only a placeholder. Notes where it came from. */
export function readName(draft: Draft, name: Json | undefined, configuration: JsonObject): string {
  if (typeof name === 'string' && name.trim() !== '' && !looksMasked(name) && !readPlaceholder(name)) return name;
  const placeholder = typeof name === 'string' ? readPlaceholder(name) : undefined;
  draft.comments.set(toPointer('name'), placeholder ? `from the placeholder ${showPlaceholder(placeholder)}` : noName);
  return [draft.connector, ...eventWords(configuration)].join(' ');
}

function eventWords(configuration: JsonObject): readonly string[] {
  const isOn = configuration['event.notification.enabled'];
  if (isOn !== true && isOn !== 'true') return [];
  const type = configuration['event.vendor.type'];
  if (typeof type === 'string' && /^webhooks?$/.test(type)) return ['webhook'];
  const polls = type === 'polling' || pollerKey in configuration || 'event.poller.refresh_interval' in configuration;
  return [polls ? 'polling' : 'events'];
}

/** The tags of the body without placeholders and without tags of connectorctl. Tags are texts; old answers hold objects with a name (platform-api §3). */
export function readTags(draft: Draft, tags: Json | undefined): readonly string[] {
  const listed: readonly Json[] = Array.isArray(tags) ? tags : [tags ?? null];
  const texts = listed.map((tag) => (isJsonObject(tag) ? tag['name'] : tag)).filter((tag) => typeof tag === 'string');
  const [dropped] = texts.flatMap((tag) => readPlaceholder(tag) ?? []);
  if (dropped) draft.comments.set(toPointer('configuration'), `no tag for the placeholder ${showPlaceholder(dropped)}`);
  return [...new Set(texts)].filter((tag) => isTag(tag) && !readPlaceholder(tag));
}

/** Whether a definition may hold the tag, as far as it is no placeholder. */
export function isTag(tag: string): boolean {
  return tag.trim() !== '' && !looksMasked(tag) && !isReservedTag(tag);
}

/** Lower case, digits and single hyphens, at most 60 of them: it becomes a file name and part of a tag. */
export function slug(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|(?<=^.{60}).*$/g, '')
    .replace(/-$/, '');
}

/** Names that Windows keeps for devices, whatever extension they have (Microsoft, "Naming Files, Paths, and Namespaces"). */
const device = /^(?:con|prn|aux|nul|conin|conout|com\d|lpt\d)$/;

/** The slug as a part of a path that every system can hold. Undefined when nothing is left of the text. */
export function pathPart(text: string, whenDevice: string): string | undefined {
  const part = slug(text);
  if (part === '') return undefined;
  return device.test(part) ? `${part}-${slug(whenDevice)}` : part;
}
