import { listAsked, listControls } from '../../catalogue/choices.ts';
import type { ConnectorEntry } from '../../model/connector.ts';
import { writeJson } from '../../model/json.ts';
import { isExactNumber } from '../../model/exact-number.ts';
import { ApiError } from '../api-error.ts';
import type { SandboxConnector, SandboxEntry } from '../catalogue/connector.ts';
import type { Quirks } from '../quirks.ts';
import type { StoredInstance } from '../state/stored-instance.ts';

/** Flat keys and text or null: all that the platform keeps (platform-api §7). */
export type Configuration = Readonly<Record<string, string | null>>;

/** A masked value (platform-api §7). Sent back, it is stored as the value: nobody knows what the platform does (§16.2). */
export const mask = '********';

/** Turns what was sent into what is stored: values as text, aliases under their own key, undeclared keys as the quirk says. */
export function encodeConfiguration(
  sent: Readonly<Record<string, unknown>>,
  connector: SandboxConnector,
  quirks: Quirks,
): Configuration {
  return Object.fromEntries(
    Object.entries(sent).flatMap(([key, value]) => {
      const declared = connector.entryByKey.get(key) ?? connector.entryByAlias.get(key);
      if (declared === undefined && quirks.undeclaredKeys === 'dropped') return [];
      return [[declared?.key ?? key, encodeValue(value, quirks)]];
    }),
  );
}

/** With the defaults of all that was not sent (platform-api §7). */
export function withDefaults(configuration: Configuration, connector: SandboxConnector): Configuration {
  return { ...connector.defaults, ...configuration };
}

/** As it is shown: nothing under a key that never comes back, aliases renamed, secrets masked (platform-api §7). */
export function renderConfiguration(
  instance: StoredInstance,
  connector: SandboxConnector,
  quirks: Quirks,
): Configuration {
  const shown: [string, string | null][] = [];
  for (const [key, value] of Object.entries(withDefaults(instance.configuration, connector))) {
    const declared = connector.entryByKey.get(key);
    if (declared?.neverReturned === true) continue;
    shown.push([declared?.comesBackAs ?? key, isSecret(key, declared, quirks) && value ? mask : value]);
  }
  return Object.fromEntries(shown);
}

/** Whether its value is masked: entries of type PASSWORD and a fixed list of keys (platform-api §7). */
export function isSecret(key: string, declared: SandboxEntry | undefined, quirks: Quirks): boolean {
  return declared?.type === 'PASSWORD' || quirks.maskedKeys.includes(key);
}

/**
 * Refuses a configuration that lacks required entries; required means "must have a value after defaults", and only in the
 * chosen group (platform-api §8). The 400 names all of them (platform-api §3).
 */
export function requireEntries(configuration: Configuration, connector: SandboxConnector): void {
  const missing = listMissing(withDefaults(configuration, connector), connector);
  if (missing.length > 0) throw new ApiError(400, `Missing required configuration: ${missing.join(', ')}`);
}

function listMissing(values: Configuration, connector: SandboxConnector): readonly string[] {
  const { source, entries, mayLack = [] } = connector;
  if (source !== undefined) {
    const asked = listAsked(source, (key) => values[key] ?? undefined);
    refuseUnknownChoices(listControls(source), values);
    return asked.map(({ key }) => key).filter((key) => !values[key] && !mayLack.includes(key));
  }
  const groups = chooseGroups(values, connector);
  return entries
    .filter((declared) => declared.required && isActive(declared, groups) && !values[declared.key])
    .map((declared) => declared.key);
}

function refuseUnknownChoices(controls: readonly ConnectorEntry[], values: Configuration): void {
  for (const { key, options = [] } of controls) {
    const chosen = values[key] ?? '';
    if (chosen === '' || options.some(({ value }) => value === chosen)) continue;
    throw new ApiError(400, `Invalid value for configuration ${key}: ${chosen}`);
  }
}

function chooseGroups(values: Configuration, connector: SandboxConnector): readonly string[] {
  return connector.entries
    .filter((declared) => declared.groupControl)
    .map((declared) => {
      const chosen = values[declared.key] ?? '';
      if (declared.options?.every((option) => option.value !== chosen) === true) {
        throw new ApiError(400, `Invalid value for configuration ${declared.key}: ${chosen}`);
      }
      return chosen;
    });
}

function isActive(declared: SandboxEntry, groups: readonly string[]): boolean {
  return declared.groupName === undefined || groups.includes(declared.groupName);
}

function encodeValue(value: unknown, quirks: Quirks): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || isExactNumber(value)) return String(value);
  return quirks.jsonText === 'as-sent' ? writeJson(value) : writeJson(reorder(value), 1);
}

function reorder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return value;
  if (Array.isArray(value)) return value.map(reorder);
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, part]) => [key, reorder(part)]),
  );
}
