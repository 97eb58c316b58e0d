import { normalizeBaseUrl } from '../platform/base-url.ts';
import type { Environment } from '../model/environment.ts';
import { UserError } from '../model/user-error.ts';

/** The platform of an environment as plans name it: the base URL in its one spelling, or `sandbox`. */
export function toPlatformUrl({ platform, baseUrl = '' }: Environment): string {
  return platform === 'sandbox' ? 'sandbox' : normalizeBaseUrl(baseUrl);
}

/** Whether both lead to the same platform. A base URL that cannot be used leads nowhere. */
export function isSamePlatform(before: Environment, after: Environment): boolean {
  return before.platform === after.platform && toComparable(before) === toComparable(after);
}

function toComparable(environment: Environment): string {
  try {
    return toPlatformUrl(environment);
  } catch (error) {
    if (error instanceof UserError) return environment.baseUrl ?? '';
    throw error;
  }
}

/** What the workspace file says otherwise about an environment, where it is and its variables included: a sentence each. */
export function compareSettings(before: Environment, after: Environment): readonly string[] {
  const [old, fresh] = [toSettings(before), toSettings(after)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])].toSorted();
  const place = `environments.${after.name}`;
  return names
    .filter((name) => old.get(name) !== fresh.get(name))
    .map((name) => `${place}.${name} changes: ${show(old.get(name))} → ${show(fresh.get(name))}.`);
}

/** Every setting by its path: `limits.maxDelete`. The platform is told apart from the rest. */
function toSettings({
  name: _name,
  platform: _platform,
  baseUrl: _url,
  ...rest
}: Environment): ReadonlyMap<string, string> {
  return new Map(flatten(rest, ''));
}

function flatten(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, member]) => flatten(member, path === '' ? key : `${path}.${key}`));
}

function show(value: string | undefined): string {
  return value === undefined ? '(not set)' : value;
}
