import { definitionFields, isConfigurationKey, overrideFields } from '../known-keys.ts';
import { didYouMean } from '../../model/nearest-name.ts';
import type { DocumentRule, Finding } from '../rule.ts';

/** What the REST API calls these, in a request or in an answer (platform-api §3), or other tools do, and what to write instead. */
const wordsOfOthers: Readonly<Record<string, string>> = {
  element: 'Write the key of the connector as `connector: sharefile`.',
  elementKey: 'Write the key of the connector as `connector: sharefile`.',
  elementId: 'Write the key of the connector as `connector: sharefile`.',
  id: 'The platform assigns the id. To take over a live instance, write `adopt: <its id>`.',
  token: 'The platform issues the token. Remove it, from the git history too.',
  config: 'Write it as `configuration`.',
  settings: 'Write it as `configuration`.',
  disabled: 'Write `enabled: false`.',
  eventsEnabled: 'Write `event.notification.enabled: true` below `configuration`.',
  eventsNotificationCallbackUrl: 'Write `event.notification.callback.url` below `configuration`.',
};

export const unknownField: DocumentRule = {
  code: 'unknown-field',
  severity: 'error',
  message: 'Unknown field',
  help: 'An unknown field is never applied. It is nearly always a typo.',
  hides: 'schema',
  check: ({ fields, overrides }) => [
    ...unknown(Object.keys(fields), definitionFields).map(topLevel),
    ...[...overrides].flatMap(([environment, override]) =>
      unknown(Object.keys(override), overrideFields).map((field) => inOverride(environment, field)),
    ),
  ],
};

function unknown(fields: readonly string[], known: ReadonlySet<string>): readonly string[] {
  return fields.filter((field) => !known.has(field) && !isConfigurationKey(field));
}

function topLevel(field: string): Finding {
  const hint = Object.hasOwn(wordsOfOthers, field) ? wordsOfOthers[field] : didYouMean(field, definitionFields);
  return {
    path: [field],
    part: 'key',
    detail: `A definition has no field \`${field}\`, so it would have no effect.`,
    hint: hint ?? 'Remove it, or move it under `configuration` if it is a configuration key of the connector.',
  };
}

function inOverride(environment: string, field: string): Finding {
  const path = ['overrides', environment, field];
  return definitionFields.has(field)
    ? {
        path,
        part: 'key',
        detail: `\`${field}\` cannot differ between environments: an override can change only \`name\`, \`tags\` and \`configuration\`.`,
        hint: 'Move it to the top level of the document, or write a separate definition for this environment.',
      }
    : {
        path,
        part: 'key',
        detail: `An override has no field \`${field}\`, so it would have no effect.`,
        hint: didYouMean(field, overrideFields) ?? 'Remove it, or move it under `configuration` in the override.',
      };
}
