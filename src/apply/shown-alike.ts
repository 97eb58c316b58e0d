import type { LiveInstance } from '../model/live.ts';
import { Secret } from '../model/secret.ts';
import { userTagsOf } from '../tags/owner-tags.ts';

/**
 * Whether two looks at an instance show the same of all that a person can say about it, so that whatever is judged from one holds for the other.
 * Our own tags and what the platform keeps for itself, such as the token, are not looked at. Never true where one shows no configuration.
 */
export function isShownAlike(one: LiveInstance, other: LiveInstance): boolean {
  return (
    one.id === other.id &&
    one.connector === other.connector &&
    one.name === other.name &&
    one.disabled === other.disabled &&
    one.valid === other.valid &&
    one.authentication === other.authentication &&
    isSameList(userTagsOf(one.tags), userTagsOf(other.tags)) &&
    isSameConfiguration(one.configuration, other.configuration)
  );
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((tag, index) => tag === other[index]);
}

function isSameConfiguration(one: LiveInstance['configuration'], other: LiveInstance['configuration']): boolean {
  if (one === undefined || other === undefined || one.size !== other.size) return false;
  for (const [key, value] of one) if (!isSameValue(value, other.get(key))) return false;
  return true;
}

function isSameValue(one: string | Secret | null, other: string | Secret | null | undefined): boolean {
  return one instanceof Secret ? other instanceof Secret && one.equals(other) : one === other;
}
