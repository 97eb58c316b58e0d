import { isJsonObject, type JsonRecord } from '../../model/json.ts';
import type { SandboxConnector, SandboxEntry } from './connector.ts';
import { pollerKey } from '../../model/platform-keys.ts';

const summaries = new WeakMap<SandboxConnector, JsonRecord>();

/** The `element` part of an instance (platform-api §3). Made once a connector, as lists hold it thousands of times. */
export function renderElementSummary(connector: SandboxConnector): JsonRecord {
  const known = summaries.get(connector);
  if (known !== undefined) return known;
  const summary: JsonRecord = {
    id: connector.id,
    name: connector.name,
    hookName: connector.name.replaceAll(/[^A-Za-z0-9]/g, ''),
    key: connector.key,
    description: `${connector.name} as the sandbox plays it.`,
    active: true,
    deleted: false,
    typeOauth: connector.authentication.startsWith('oauth'),
    trialAccount: false,
    resources: [],
    transformationsEnabled: true,
    bulkDownloadEnabled: false,
    bulkUploadEnabled: false,
    cloneable: true,
    extendable: true,
    beta: false,
    authentication: { type: connector.authentication },
    extended: false,
    hub: connector.hub,
    protocolType: 'http',
    parameters: [],
    private: false,
  };
  summaries.set(connector, summary);
  return summary;
}

/** The full element, with its configuration entries (platform-api §8). */
export function renderElement(connector: SandboxConnector): JsonRecord {
  const providerData = renderProviderData(connector);
  return {
    ...renderElementSummary(connector),
    configuration: connector.entries.map(renderEntry),
    // Said only where it is not what one expects of the authentication.
    ...(connector.needsGrant || providerData.length === 0 ? {} : { providerData }),
  };
}

/** `{configuration, providerData}` (platform-api §8). */
export function renderElementConfiguration(connector: SandboxConnector): JsonRecord {
  return { configuration: connector.entries.map(renderEntry), providerData: renderProviderData(connector) };
}

/** `GET /elements/{id}/metadata` (platform-api §8). */
export function renderMetadata(connector: SandboxConnector): JsonRecord {
  const polling = connector.entryByKey.get(pollerKey);
  const methods = [
    ...(polling === undefined ? [] : ['polling']),
    ...(pushes(connector.entryByKey.get('event.vendor.type')) ? ['webhook'] : []),
  ];
  return {
    id: connector.id,
    key: connector.key,
    name: connector.name,
    description: renderElementSummary(connector)['description'],
    events: { supported: methods.length > 0, methods, polling: renderPolling(polling) },
    defaultAuthentication: connector.authentication,
    beta: false,
    extended: false,
    active: true,
    displayOrder: 1,
  };
}

/** Whether the provider can be told to send events by itself. Both spellings are the vendors' own. */
function pushes(way: SandboxEntry | undefined): boolean {
  const ways = [way?.defaultValue, ...(way?.options ?? []).map(({ value }) => value)];
  return ways.some((one) => one === 'webhook' || one === 'webhooks');
}

function renderPolling(declared: SandboxEntry | undefined): JsonRecord {
  const resources: unknown = JSON.parse(declared?.defaultValue ?? '{}');
  return Object.fromEntries(
    Object.entries(isJsonObject(resources) ? resources : {}).map(([name, resource]) => [
      name,
      { eventTypes: ['CREATED', 'UPDATED'], pollUrl: isJsonObject(resource) ? resource['url'] : '' },
    ]),
  );
}

/** An entry of the catalogue; ids are made from the key's place, as nobody may rely on them (platform-api §8). */
function renderEntry(declared: SandboxEntry, index: number): JsonRecord {
  const { comesBackAs: _comesBackAs, neverReturned: _neverReturned, ...entry } = declared;
  return {
    id: index + 1,
    ...entry,
    displayOrder: index + 1,
    active: true,
    isPrivate: false,
    companyConfig: false,
    resellerConfig: false,
  };
}

function renderProviderData(connector: SandboxConnector): readonly JsonRecord[] {
  if (!connector.authentication.startsWith('oauth')) return [];
  const keys = connector.authentication === 'oauth2' ? ['code'] : ['oauth_token', 'oauth_verifier', 'secret'];
  return keys.map((key, index) => ({
    id: index + 1,
    key,
    name: key,
    type: 'TEXTFIELD_1000',
    required: connector.needsGrant,
    active: true,
  }));
}
