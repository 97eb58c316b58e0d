import type { ConnectorEntry } from '../../model/connector.ts';
import { isStructured, type Json } from '../../model/json.ts';
import type { OwnedInstance } from '../../model/live.ts';
import { isPlatformMask } from '../../model/placeholder.ts';
import { isPlatformKey } from '../../model/platform-keys.ts';
import type { Pointer } from '../../model/position.ts';
import { isSecretEntry } from '../../model/secret-entry.ts';
import { Secret } from '../../model/secret.ts';
import { findReferences } from '../references.ts';
import type { ImportOptions, LeftOutKey, WhyLeftOut } from './import-options.ts';
import { toLiveConfiguration } from './live-configuration.ts';
import { isPlatformDefault } from './platform-defaults.ts';
import { isNothing, isSameValue, type LiveValue } from './same-value.ts';
import { isUnwritable } from './unwritable.ts';
import { createValueWriter } from './value-writer.ts';

/** What of a live configuration a definition would say. */
export interface SelectedKeys {
  /** With the value as a definition writes it; sorted by key. */
  readonly kept: readonly (readonly [string, Json])[];
  /** What stays on the platform, as nobody needs it to take the instance over: with the reference that would manage it. */
  readonly hidden: readonly (readonly [string, Json])[];
  /** Holds the hidden keys too. */
  readonly leftOut: readonly LeftOutKey[];
  /** On values that are kept. */
  readonly comments: ReadonlyMap<Pointer, string>;
  /** Names of the secrets that the kept values refer to and that were made for them. */
  readonly secrets: readonly string[];
}

interface Judging {
  readonly live: OwnedInstance;
  readonly configuration: ReadonlyMap<string, LiveValue>;
  readonly entries: ReadonlyMap<string, ConnectorEntry>;
  readonly isSecretKey: (key: string) => boolean;
}

/**
 * Chooses what a person may have set: not what the catalogue or the platform gives anyway, nothing empty, nothing that changes by itself
 * (platform-api §7). What is secret or masked is kept as a reference where that is asked for, and is hidden otherwise.
 */
export function selectKeys(live: OwnedInstance, options: ImportOptions): SelectedKeys {
  const { connector, nameSecret, withSecrets = false } = options;
  const entries = new Map(connector?.entries.map((entry) => [entry.key, entry]));
  const isSecretKey = askSecretKey(live, options, entries);
  const judging: Judging = { live, configuration: toLiveConfiguration(live), entries, isSecretKey };
  const writer = createValueWriter({
    id: live.id,
    connector: live.connector,
    isSecretKey,
    ...(nameSecret && { nameSecret }),
    known: options.known,
  });

  const kept: (readonly [string, Json])[] = [];
  const hidden: (readonly [string, Json])[] = [];
  const leftOut: LeftOutKey[] = [];
  for (const [key, value] of judging.configuration) {
    const why = value === null ? 'null' : judge(key, value, judging);
    if (value === null || why !== undefined) {
      leftOut.push({ key, why: why ?? 'null' });
      continue;
    }
    const written = writer.write(key, value);
    if (withSecrets || !refersToSecret(written)) {
      kept.push([key, written]);
      continue;
    }
    hidden.push([key, written]);
    leftOut.push({ key, why: 'hidden' });
  }
  const secrets = withSecrets ? [...writer.secrets] : [];
  return { kept, hidden, leftOut, comments: writer.comments, secrets };
}

/** What is a secret in this instance: by what is known of the key, and a user name where nothing else could log in. */
export function askSecretKey(
  live: OwnedInstance,
  options: ImportOptions,
  entries: ReadonlyMap<string, ConnectorEntry>,
): (key: string) => boolean {
  const isNamed = (key: string) => options.isSecretKey(key) || isSecretIn(entries.get(key));
  const hasCredential = [...live.configuration].some(
    ([key, value]) => isNamed(key) && !isNothing(value) && !key.startsWith('event.'),
  );
  // With no other credential to log in with, the user name is the API key itself, and the platform shows it (platform-api §7: closeio).
  return (key) => isNamed(key) || (key === 'username' && !hasCredential);
}

/** The caller may have asked before the platform's own entry was known. */
function isSecretIn(entry: ConnectorEntry | undefined): boolean {
  return entry !== undefined && isSecretEntry(entry);
}

function refersToSecret(value: Json): boolean {
  if (typeof value === 'string') return findReferences(value).some(({ kind }) => kind === 'secrets');
  if (!isStructured(value)) return false;
  const members: readonly Json[] = Object.values(value);
  return members.some(refersToSecret);
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
