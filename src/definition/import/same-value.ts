import { canonicalDesired, canonicalLive, isComparedAsJson, isSame } from '../../model/canonical-value.ts';
import type { DesiredValue } from '../../model/desired.ts';
import type { Json } from '../../model/json.ts';
import { parseJson } from '../../model/parse-json.ts';
import { Secret } from '../../model/secret.ts';
import { maxDepth } from '../compose-documents.ts';

/** A live value: text, a secret, or nothing. */
export type LiveValue = string | Secret | null;

/** Below the levels of an override of a definition. */
const deepestInYaml = maxDepth - 4;

const nothing = /^(?:\{\s*\})?$/;

/** Whether a live value stands for nothing: null, `""`, `{}` (platform-api §7). */
export function isNothing(value: LiveValue): boolean {
  return value === null || (value instanceof Secret ? value.isEmpty : nothing.test(value));
}

/** Whether a wanted and a live value are the same to the platform, by the rules of the plan (design §4). A masked one never is. */
export function isSameValue(key: string, wanted: DesiredValue, live: LiveValue): boolean {
  const found = canonicalLive(key, live, isComparedAsJson(key, wanted));
  return found !== undefined && isSame(canonicalDesired(key, wanted), found);
}

/** The value that a JSON text stands for; undefined when it is no JSON, or nested too deeply to be written as YAML. */
export function parseJsonValue(text: string): Json | undefined {
  const parsed = parseJson(text, { deepest: deepestInYaml });
  return parsed.ok ? parsed.value : undefined;
}
