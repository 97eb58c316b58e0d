import { stripHtml } from '../../model/canonical-value.ts';
import type { ConnectorEntry } from '../../model/connector.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { type Json, type JsonObject, toJsonObject } from '../../model/json.ts';
import type { OwnedInstance } from '../../model/live.ts';
import { isPlatformMask } from '../../model/placeholder.ts';
import { toPointer } from '../../model/position.ts';
import { isPlatformKey } from '../../model/platform-keys.ts';
import { isSecretEntry } from '../../model/secret-entry.ts';
import { Secret } from '../../model/secret.ts';
import { slug } from '../convert/instance-labels.ts';
import { variableName } from '../convert/reference-names.ts';
import { renderDefinition } from '../convert/write-definition.ts';
import type { Imported, ImportOptions, WhyLeftOut } from './import-options.ts';
import { toLiveConfiguration } from './live-configuration.ts';
import { isPlatformDefault } from './platform-defaults.ts';
import { isNothing, isSameValue, type LiveValue } from './same-value.ts';
import { isUnwritable, isUnwritableLabel, isUnwritableTag } from './unwritable.ts';
import { createValueWriter } from './value-writer.ts';

interface Judging {
  readonly live: OwnedInstance;
  readonly configuration: ReadonlyMap<string, LiveValue>;
  readonly entries: ReadonlyMap<string, ConnectorEntry>;
  readonly isSecretKey: (key: string) => boolean;
}

/** Writes a definition for a live instance that has none: fields in the usual order, keys sorted. */
export function importNew(live: OwnedInstance, options: ImportOptions): Imported {
  const { connector, schemaPath, nameSecret } = options;
  const entries = new Map(connector?.entries.map((entry) => [entry.key, entry]));
  const isNamedSecret = (key: string) => options.isSecretKey(key) || isSecretIn(entries.get(key));
  const hasCredential = [...live.configuration].some(
    ([key, value]) => isNamedSecret(key) && !isNothing(value) && !key.startsWith('event.'),
  );
  // With no other credential to log in with, the user name is the API key itself, and the platform shows it (platform-api §7: closeio).
  const isSecretKey = (key: string) => isNamedSecret(key) || (key === 'username' && !hasCredential);
  const judging: Judging = { live, configuration: toLiveConfiguration(live), entries, isSecretKey };
  const writer = createValueWriter({
    id: live.id,
    connector: live.connector,
    isSecretKey,
    ...(nameSecret && { nameSecret }),
    known: options.known,
  });

  const kept: (readonly [string, Json])[] = [];
  const leftOut: { key: string; why: WhyLeftOut }[] = [];
  for (const [key, value] of judging.configuration) {
    const why = value === null ? 'null' : judge(key, value, judging);
    if (value === null || why !== undefined) leftOut.push({ key, why: why ?? 'null' });
    else kept.push([key, writer.write(key, value)]);
  }
  const isShown = (text: string) => options.known?.shows(text) === true;
  const label = nameOf(live, isShown(live.name));
  const comments = new Map(writer.comments);
  if (label.comment !== undefined) comments.set(toPointer('name'), label.comment);
  const tags = tagsOf(live);
  const isTagRefused = tags.some((tag) => isUnwritableTag(tag) || isShown(tag));
  const fields = { ...label, tags: isTagRefused ? [] : tags };
  return {
    key: `${slug(live.connector) || 'connector'}/${isShown(live.name) ? live.id : slug(live.name) || live.id}`,
    yaml: renderDefinition(toFields(live, options, { ...fields, configuration: toJsonObject(kept) }), {
      comments,
      ...(schemaPath === undefined ? {} : { schema: schemaPath }),
    }),
    secrets: [...writer.secrets],
    leftOut,
    diagnostics: [
      ...(label.comment === undefined ? [] : [nameStandsForSomethingElse(label.name, live)]),
      ...(isTagRefused ? [standsForSomethingElse('tags', live)] : []),
      ...leftOut.filter(({ why }) => why === 'placeholder').map(({ key }) => standsForSomethingElse(key, live)),
    ],
  };
}

/** The caller may have asked before the platform's own entry was known. */
function isSecretIn(entry: ConnectorEntry | undefined): boolean {
  return entry !== undefined && isSecretEntry(entry);
}

interface Label {
  readonly name: string;
  readonly comment?: string;
}

/** A definition needs a name, so one that cannot be written becomes a variable; left out it would be written over. */
function nameOf({ id, connector, name }: OwnedInstance, isSecret: boolean): Label {
  if (isSecret) {
    const variable = variableName(connector, `${id}.name`);
    return { name: `\${{ vars.${variable} }}`, comment: 'the name on the platform shows a secret' };
  }
  if (!isUnwritableLabel(name)) return { name };
  if (name.trim() === '') return { name: `${connector} ${id}`, comment: 'the instance has no name' };
  return { name: `\${{ vars.${variableName(connector, `${id}.name`)} }}`, comment: `on the platform: ${name}` };
}

/** The tags that somebody gave: without tags the platform gives one equal to the name (platform-api §3). */
function tagsOf({ name, userTags }: OwnedInstance): readonly string[] {
  const tags = [...new Set(userTags)].filter((tag) => tag !== '');
  return tags.length > 1 || tags.some((tag) => stripHtml(tag) !== stripHtml(name)) ? tags : [];
}

interface Fields {
  readonly name: string;
  readonly tags: readonly string[];
  readonly configuration: JsonObject;
}

function toFields(live: OwnedInstance, { adopt }: ImportOptions, { name, tags, configuration }: Fields): JsonObject {
  return toJsonObject(
    Object.entries({
      connector: live.connector,
      name,
      ...(tags.length > 0 ? { tags } : {}),
      ...(live.disabled ? { enabled: false } : {}),
      ...(adopt ? { adopt: toId(live.id) } : {}),
      configuration,
    }),
  );
}

/** A number where that loses nothing. */
export function toId(id: string): string | number {
  return String(Number(id)) === id && Number.isSafeInteger(Number(id)) ? Number(id) : id;
}

function judge(key: string, value: string | Secret, judging: Judging): WhyLeftOut | undefined {
  const { live, isSecretKey } = judging;
  if (isNothing(value)) return 'null';
  // Answered once for an instance without a callback (platform-api §7).
  if (key === 'event.notification.callback.url' && value === 'false') return 'null';
  if (isPlatformKey(live.connector, key, judging.entries.get(key))) return 'volatile';
  if (isDefault(key, value, judging)) return 'default';
  const isHidden = value instanceof Secret || isPlatformMask(value) || isSecretKey(key);
  if (isHidden && isOfOtherAuthentication(key, judging)) return isPlatformMask(value) ? 'masked' : 'secret';
  return isHidden || !isUnwritable(key, value) ? undefined : 'placeholder';
}

function isDefault(key: string, value: string | Secret, { live, configuration, entries }: Judging): boolean {
  const { defaultValue } = entries.get(key) ?? {};
  if (isPlatformMask(value)) return false;
  if (defaultValue !== undefined) return isSameValue(key, defaultValue, value);
  const eventsOn = configuration.get('event.notification.enabled') === 'true';
  return typeof value === 'string' && isPlatformDefault({ connector: live.connector, key, text: value, eventsOn });
}

/** Whether the entry belongs to a choice that was not made (platform-api §8, groups). */
function isOfOtherAuthentication(key: string, { entries, configuration }: Judging): boolean {
  const group = entries.get(key)?.groupName;
  if (group === undefined) return false;
  const control = [...entries.values()].find(
    ({ groupControl, options }) => groupControl && options?.some(({ value }) => value === group) === true,
  );
  const chosen = control && (configuration.get(control.key) ?? control.defaultValue);
  return typeof chosen === 'string' && chosen !== '' && chosen !== group;
}

function nameStandsForSomethingElse(name: string, live: OwnedInstance): Diagnostic {
  return {
    severity: 'warning',
    code: 'placeholder-on-platform',
    message: 'Placeholder on the platform',
    detail: `The name of instance ${live.id} is empty or reads as a placeholder, so the definition says ${name}.`,
    hint: 'Write the name that it should have, or set the variable to the one that it has.',
  };
}

function standsForSomethingElse(key: string, live: OwnedInstance): Diagnostic {
  return {
    severity: 'warning',
    code: 'placeholder-on-platform',
    message: 'Placeholder on the platform',
    detail: `The value of ${key} of instance ${live.id} looks like a placeholder, so it was left out. It stays as it is on the platform.`,
    hint: `Add ${key} to the definition if it should have another value.`,
  };
}
