import fc from 'fast-check';
import type { Json } from '../../src/model/json.ts';
import type { SandboxConnector, SandboxEntry } from '../../src/sandbox/catalogue/connector.ts';
import { listAsked } from '../../src/catalogue/choices.ts';
import { documentedConnectors as catalogue } from './documented-connectors.ts';
import { kindOf, valueFor } from './draft-values.ts';
import { type Draft, type DraftOverride, environmentName, otherEnvironmentName, type Values } from './drafts.ts';

const eventSwitch = 'event.notification.enabled';
const eventCallback = 'event.notification.callback.url';

/** The connector of the sandbox with that key. */
export function connectorOf(key: string): SandboxConnector {
  const found = catalogue.find((connector) => connector.key === key);
  if (found === undefined) throw new Error(`The sandbox has no connector ${key}.`);
  return found;
}

/** Whether an instance cannot be made without the key, or another key needs it. */
export function isNeeded({ connector, configuration }: Draft, key: string): boolean {
  const declared = connectorOf(connector);
  const entry = declared.entryByKey.get(key);
  return (
    key === eventCallback ||
    key === 'oauth.user.refresh_token' ||
    (entry !== undefined && mustBeSet(declared, entry, configuration))
  );
}

function mustBeSet({ source }: SandboxConnector, entry: SandboxEntry, configuration: Values): boolean {
  if (isControl(entry)) return true;
  if (source !== undefined) {
    const asked = listAsked(source, (key) => textOf(configuration[key]));
    return asked.some(({ key }) => key === entry.key);
  }
  const isActive = entry.groupName === undefined || Object.values(configuration).includes(entry.groupName);
  return entry.required && !entry.defaultValue && isActive;
}

/** A text field controls nothing, whatever its entry says. */
function isControl({ groupControl, options }: SandboxEntry): boolean {
  return groupControl && options !== undefined;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Names whose form on the platform is another one, all different once it is known. */
const nameForms: readonly ((number: number) => string)[] = [
  (number) => `Instance ${number}`,
  (number) => ` Instance ${number} `,
  (number) => `<b>Instance</b> ${number}`,
  (number) => `Größe "漢" 🙂 ${number}`,
  (number) => `a < b > ${number}`,
  (number) => `${number} < 4 & it's`,
  (number) => `\${{ vars.word }} ${number}`,
];

const tags = fc.uniqueArray(
  fc.constantFrom('Docs', 'docs', 'A B', ' padded ', '<i>html</i>', 'ü漢🙂', '1', '${{ vars.word }}', 'connector/x'),
  { maxLength: 3 },
);

interface Identity {
  readonly connector: SandboxConnector;
  readonly number: number;
}

/** Several definitions may have one name, but not of one connector: that is an error of validation. */
const identities: fc.Arbitrary<readonly Identity[]> = fc.uniqueArray(
  fc.record({ connector: fc.constantFrom(...catalogue), number: fc.integer({ min: 1, max: 3 }) }),
  { selector: ({ connector, number }) => `${connector.key} ${number}`, minLength: 1, maxLength: 8 },
);

function draftOf(identity: Identity): fc.Arbitrary<Draft> {
  const { connector, number } = identity;
  return fc
    .record({
      values: fc.constantFrom(...choicesOf(connector)).chain((choice) => configurationFor(connector, choice)),
      name: nameOf(number),
      fields: fc.record(
        {
          key: fc.constant(`keyed/${connector.key}.${number}`),
          tags,
          enabled: fc.boolean(),
          protect: fc.boolean(),
          environments: fc.constantFrom(
            [environmentName],
            [environmentName, otherEnvironmentName],
            [otherEnvironmentName],
          ),
        },
        { requiredKeys: [] },
      ),
      override: fc.record({ name: nameOf(number).map((name) => `Over ${name}`), tags }, { requiredKeys: [] }),
      folder: fc.constantFrom('', 'finance/', 'finance/eu.west/'),
      ignored: fc.array(fc.nat(), { maxLength: 1 }),
      isExternal: fc.boolean(),
    })
    .map((parts) => toDraft(identity, parts));
}

function nameOf(number: number): fc.Arbitrary<string> {
  return fc.constantFrom(...nameForms.map((form) => form(number)));
}

interface Parts {
  readonly values: DraftValues;
  readonly name: string;
  readonly fields: Partial<Pick<Draft, 'key' | 'tags' | 'enabled' | 'protect' | 'environments'>>;
  readonly override: Omit<DraftOverride, 'configuration'>;
  readonly folder: string;
  /** Places of the keys that are ignored. */
  readonly ignored: readonly number[];
  readonly isExternal: boolean;
}

function toDraft(identity: Identity, { values, name, fields, override, folder, ignored, isExternal }: Parts): Draft {
  const { connector, number } = identity;
  const { configuration, here, elsewhere } = completeEvents(values);
  const keys = Object.keys(configuration);
  const ignore = ignored.map((nth) => `configuration.${keys[nth % keys.length]}`);
  return {
    path: `${folder}${connector.key}-${number}`,
    connector: connector.key,
    name,
    ...fields,
    ...grantOf(identity, configuration, isExternal),
    overrides: {
      [environmentName]: { ...override, configuration: here },
      [otherEnvironmentName]: { configuration: elsewhere },
    },
    ...(keys.length === 0 ? {} : { ignore }),
  };
}

/** Values of the entry that controls groups; one that means nothing where there is none. */
function choicesOf(connector: SandboxConnector): readonly string[] {
  return connector.entries.find(isControl)?.options?.map((option) => option.value) ?? [''];
}

interface DraftValues {
  readonly configuration: Values;
  /** What the environment overrides; null takes a key away. */
  readonly here: Values;
  readonly elsewhere: Values;
}

function configurationFor(connector: SandboxConnector, choice: string): fc.Arbitrary<DraftValues> {
  const control = connector.entries.find(isControl);
  const chosen: Values = control === undefined ? {} : { [control.key]: choice };
  const needed = (entry: SandboxEntry) => mustBeSet(connector, entry, chosen);
  const open = connector.entries.filter((entry) => !entry.internal && !isControl(entry));
  const valueOf = (entry: SandboxEntry) => valueFor(kindOf(entry.key, entry), entry, needed(entry));
  const undeclared = ['custom.note', 'custom.options'].map(
    (key) => [key, valueFor(kindOf(key), undefined, false)] as const,
  );
  const optional: fc.Arbitrary<Values> = sparse([
    ...open.filter((entry) => !needed(entry)).map((entry) => [entry.key, valueOf(entry)] as const),
    ...undeclared,
  ]);
  const required: fc.Arbitrary<Values> = fc.record(
    Object.fromEntries(open.filter(needed).map((entry) => [entry.key, valueOf(entry)])),
  );
  const taken = open.filter((entry) => !needed(entry) && mayBeOverridden(entry));
  const overridden: fc.Arbitrary<Values> = sparse(
    taken.map((entry) => [entry.key, fc.option(valueOf(entry), { freq: 2 })] as const),
    2,
  );
  return fc
    .record({ required, optional, here: overridden, elsewhere: overridden })
    .map(({ required: first, optional: second, here, elsewhere }) => ({
      configuration: { ...first, ...second, ...chosen },
      here,
      elsewhere,
    }));
}

/** Whether nothing breaks when an override takes the key away. */
function mayBeOverridden({ key }: SandboxEntry): boolean {
  return key !== eventCallback && !key.startsWith('oauth.api.');
}

/** Some of the keys, with a value each. */
function sparse(fields: readonly (readonly [string, fc.Arbitrary<Json>])[], maxLength = 5): fc.Arbitrary<Values> {
  const pairs = fields.map(([key, value]) => value.map((one): [string, Json] => [key, one]));
  if (pairs.length === 0) return fc.constant({});
  return fc
    .uniqueArray(fc.oneof(...pairs), { selector: ([key]) => key, maxLength })
    .map((all) => Object.fromEntries(all));
}

/** Events need somebody who is told of them. */
function completeEvents(values: DraftValues): DraftValues {
  const isSwitched = [values.configuration, values.here, values.elsewhere].some((one) =>
    Object.hasOwn(one, eventSwitch),
  );
  if (!isSwitched || Object.hasOwn(values.configuration, eventCallback)) return values;
  const callback = { [eventCallback]: 'https://${{ vars.host }}/events' };
  return { ...values, configuration: { ...values.configuration, ...callback } };
}

function grantOf(
  { connector, number }: Identity,
  configuration: Values,
  isExternal: boolean,
): Pick<Draft, 'configuration' | 'providerData' | 'externalAuthentication'> {
  const code = `\${{ secrets.${codeName(connector.key, number)} }}`;
  if (connector.authentication === 'oauth1') {
    return { configuration, providerData: { oauth_token: code, oauth_verifier: 'verifier', secret: code } };
  }
  if (connector.authentication !== 'oauth2') return { configuration };
  if (!isExternal || !hasApp(configuration)) return { configuration, providerData: { code } };
  const refreshToken = { 'oauth.user.refresh_token': code };
  return { configuration: { ...configuration, ...refreshToken }, externalAuthentication: 'initial' };
}

function hasApp(configuration: Values): boolean {
  return ['oauth.api.key', 'oauth.api.secret'].every((key) => Object.hasOwn(configuration, key));
}

function codeName(connector: string, number: number): string {
  return `CODE_${connector.toUpperCase()}_${number}`;
}

/** Some definitions of several connectors. */
export const draftSets: fc.Arbitrary<readonly Draft[]> = identities.chain((all) => fc.tuple(...all.map(draftOf)));
