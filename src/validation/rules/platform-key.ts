import { entryOf } from '../../catalogue/choices.ts';
import type { Connector } from '../../model/connector.ts';
import { isKeptEntry, isVolatileKey } from '../../model/platform-keys.ts';
import { catalogueEntryOf, listUnknownKeys } from '../catalogue-entry.ts';
import { configurationKeys } from '../known-keys.ts';
import type { DocumentRule } from '../rule.ts';

export const platformKey: DocumentRule = {
  code: 'platform-key',
  severity: 'warning',
  message: 'Key that the platform keeps',
  help: 'The platform fills such keys itself while the instance lives: sessions, tokens, cursors. connectorctl sends the value once and never compares it.',
  check: (subject, context) => {
    const known = catalogueEntryOf(subject, context);
    // Tokens of a grant that was given elsewhere are taken over once.
    if (known === undefined || subject.fields['externalAuthentication'] !== undefined) return [];
    const kept = subject.entries.filter(({ key }) => isKept(known.connector, key));
    if (kept.length === 0) return [];
    // Another rule tells which key was meant.
    const misspelt = new Set(
      listUnknownKeys(subject, known).flatMap((one) => (one.meant === undefined ? [] : one.entry)),
    );
    return kept
      .filter((entry) => !misspelt.has(entry))
      .map(({ key, path }) => ({
        path,
        part: 'key' as const,
        detail: `The platform keeps \`${key}\` of the connector \`${known.connector.key}\` itself, so what stands here is soon out of date.`,
        hint: 'Remove the line.',
      }));
  },
};

/** Tokens of a grant that was given elsewhere: another rule says what goes with them. */
const takenOver = 'oauth.user.';

/** What is internal and has a default is a setting that the console does not show; documented bodies set some of them (platform-facts A8). */
function isKept(connector: Connector, key: string): boolean {
  if (isVolatileKey(connector.key, key) && !key.startsWith(takenOver)) return true;
  const entry = entryOf(connector, key);
  return (
    entry !== undefined && isKeptEntry(entry) && (entry.defaultValue ?? '').trim() === '' && !configurationKeys.has(key)
  );
}
