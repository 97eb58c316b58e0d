import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { findBuiltIn, listBuiltIn } from '../../../src/catalogue/built-in.ts';
import { importInstance } from '../../../src/definition/import/import-instance.ts';
import type { Connector, ConnectorEntry } from '../../../src/model/connector.ts';
import type { OwnedInstance } from '../../../src/model/live.ts';
import { askSecrets } from '../../../src/model/secret-entry.ts';
import { buildPlan } from '../../../src/plan/build-plan.ts';
import { firstApplied } from '../../../src/plan/record-applied.ts';
import { createContext } from '../../../src/plan/plan-context.ts';
import { aDesired, aLive } from '../../support/builders.ts';
import { anInput, planTools } from '../../plan/tools.ts';
import { configurationKeys } from '../../../src/validation/known-keys.ts';
import { builtIn, checkText, toLine } from '../../validation/check-text.ts';
import { resolveText, secretsOf } from './round-trip.ts';

const all = listBuiltIn().flatMap(({ key }) => findBuiltIn(key) ?? []);
const tools = { ...planTools(), facts: findBuiltIn };

/** Cursors and sessions that the catalogue calls hidden only (platform-facts A8). */
const hiddenState: ReadonlySet<string> = new Set([
  'users.syncToken',
  'calendarEvents.syncToken',
  'groups.syncToken',
  'googledrive.polling.token',
  'start_page_token',
  'change_token',
  'event.change.token',
  'requestToken',
  'sf.csrf.token',
]);

/** Keys whose default is example text of the vendor's, which an instance cannot use. */
const placeholders: ReadonlySet<string> = new Set([
  'infusionsoft.server',
  'greatplains.service.url',
  'integration_key',
]);

function movesByItself({ key, internal }: ConnectorEntry): boolean {
  return internal || hiddenState.has(key);
}

/** An instance with a value under every entry: its default, what a person set, or what the platform keeps there at some time. */
function plant({ key: connector, entries }: Connector, time: string): OwnedInstance {
  const value = (entry: ConnectorEntry): string | null => {
    if (movesByItself(entry)) return `kept-${entry.key}-${time}`;
    if (entry.defaultValue !== undefined) return entry.defaultValue;
    if (entry.type === 'PASSWORD') return '********';
    return entry.required ? (entry.options?.[0]?.value ?? `set-${entry.key}`) : null;
  };
  return aLive({ connector, configuration: Object.fromEntries(entries.map((entry) => [entry.key, value(entry)])) });
}

function importText(live: OwnedInstance, connector: Connector | undefined): string {
  const isSecret = askSecrets(findBuiltIn);
  return importInstance(live, { isSecretKey: (key) => isSecret(live.connector, key), adopt: true, connector }).yaml;
}

describe('an import of an instance with the entries of the catalogue', () => {
  it.each(all.map((connector) => [connector.key, connector] as const))(
    'of %s holds nothing that the platform keeps, and its drift is none when that has moved',
    (_key, connector) => {
      const live = plant(connector, 'before');
      const text = importText(live, connector);
      expect(text).not.toContain('kept-');

      const desired = resolveText(text, { secrets: secretsOf(live, text) });
      const owner = { workspace: 'acme', environment: 'production', key: desired.key };
      const moved = {
        ...plant(connector, 'after'),
        owner,
        applied: firstApplied(desired, createContext(tools), live.id),
      };
      const { plan } = buildPlan(anInput({ desired: [desired], live: [moved] }), tools);
      expect(plan.changes.flatMap(({ fields }) => fields.map(({ field }) => field))).toEqual([]);
    },
  );

  it('counts no drift of what the platform keeps, although the definition names it', () => {
    for (const { key: connector, entries } of all) {
      const kept = entries.filter((entry) => movesByItself(entry) && entry.key !== 'baseUrl').map(({ key }) => key);
      const withKept = (value: string): Record<string, string> => Object.fromEntries(kept.map((key) => [key, value]));
      const desired = aDesired({ connector, configuration: withKept('before') });
      const live = aLive({
        connector,
        name: desired.name,
        configuration: withKept('after'),
        owner: { workspace: 'acme', environment: 'production', key: desired.key },
      });
      const applied = firstApplied(desired, createContext(tools), live.id);
      const { plan } = buildPlan(anInput({ desired: [desired], live: [{ ...live, applied }] }), tools);
      expect(plan.changes.map(({ fields }) => [connector, fields])).toEqual([]);
    }
  });

  it('writes only what is not the default', () => {
    for (const connector of all) {
      const lines = importText(plant(connector, 'now'), connector).split('\n');
      for (const { key, defaultValue, type } of connector.entries) {
        if ((defaultValue ?? '') === '' || type === 'PASSWORD') continue;
        expect(
          lines.filter((line) => line.startsWith(`  ${key}: `)),
          `${connector.key} ${key}`,
        ).toEqual([]);
      }
    }
  });
});

describe('a definition that says what its connector has by default', () => {
  it.each(all.map((connector) => [connector.key, connector] as const))('is no error: %s', (key, { entries }) => {
    const given = entries.flatMap((entry) =>
      entry.defaultValue === undefined || placeholders.has(entry.key) ? [] : [[entry.key, entry.defaultValue]],
    );
    const text = stringify({ connector: key, name: 'Sales', configuration: Object.fromEntries(given) });
    const found = checkText(text, { catalogue: builtIn });
    expect(found.filter(({ severity }) => severity === 'error').map((one) => `${toLine(one)} ${one.detail}`)).toEqual(
      [],
    );
  });
});

describe('a definition that names what the platform keeps', () => {
  it('is warned of each such key', () => {
    const missed: string[] = [];
    for (const { key, entries } of all) {
      for (const entry of entries) {
        // Documented bodies give some that are internal, such as `oauth.user.token` of a grant that is taken over.
        const isDocumented = configurationKeys.has(entry.key) && entry.key !== 'event.notification.subscription.id';
        // Nobody but a person gives what is required and shown.
        const isAsked = entry.required && !entry.hideFromConsole;
        if (!movesByItself(entry) || (entry.defaultValue ?? '').trim() !== '' || isDocumented || isAsked) continue;
        const text = stringify({ connector: key, name: 'Sales', configuration: { [entry.key]: '${{ secrets.X }}' } });
        const codes = checkText(text, { catalogue: builtIn }).map(({ code }) => code);
        if (!codes.includes('platform-key')) missed.push(`${key} ${entry.key}`);
      }
    }
    expect(missed).toEqual([]);
  });
});
