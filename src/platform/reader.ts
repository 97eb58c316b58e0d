import { isSuccess, type Reply } from '../http/reply.ts';
import type { Connector } from '../model/connector.ts';
import { isJsonObject } from '../model/json.ts';
import type { ConsentApp, RequestToken } from '../model/consent.ts';
import type { LiveInstance } from '../model/live.ts';
import type { ListInstancesOptions, Ping, PlatformReader, Probe } from '../model/platform.ts';
import { mapBounded } from '../model/run-bounded.ts';
import { type Redactor, Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { mentionsOwnTag } from '../tags/owner-tags.ts';
import { isAbsence, isAnswerOrAbsence, isEmptyOrJson, readAnswer, readInstanceAnswer, type Site } from './answer.ts';
import { listInstanceEvents, listPollingJobs, listStoppedPolling, listSubscriptions } from './event-lists.ts';
import { listPages } from './list-pages.ts';
import { type ConnectOptions, openReadTransport, type ReadTransport } from './transport.ts';
import { decodeConnector, hasEntries } from './wire/decode-connector.ts';
import { decodeError } from './wire/decode-error.ts';
import { decodeFormulaInstance, decodeId, decodeInstance, isId } from './wire/decode-instance.ts';
import { encodeConsentQuery } from './wire/encode-request.ts';
import { type Decoded, readField, readText, undecodable } from './wire/json.ts';
import { shareTexts } from './wire/share-texts.ts';
import { parseUrl } from '../model/parse-url.ts';

/** Connects for plan. What it gives cannot send anything but GET. Connects when the first request is made. */
export function connectReader(options: ConnectOptions): PlatformReader {
  return Object.freeze(createReader(openReadTransport(options), options.baseUrl, options.redactor));
}

/** The reading half of the platform over a transport. */
export function createReader(transport: ReadTransport, baseUrl: string, redactor: Redactor): PlatformReader {
  return {
    target: { baseUrl },
    readAccount: () => readAccount(transport),
    probe: () => probe(transport),
    checkAccount: (account) => checkAccount(transport, account),
    listInstances: (options) => listInstances(transport, redactor, options),
    readInstance: (id) => readInstance(transport, redactor, id),
    readConnector: (key) => readConnector(transport, key),
    readConsentUrl: (connector, app, requestToken) => readConsentUrl(transport, connector, { app, requestToken }),
    readRequestToken: (connector, app) => readRequestToken(transport, redactor, { connector, app }),
    listFormulaInstances: (instanceId) =>
      listPages(transport, '/formulas/instances', {
        query: [['elementInstanceId', instanceId]],
        what: 'formula instance',
        decode: (value) => decodeFormulaInstance(value, (text) => transport.site.show(text)),
      }),
    ping: (token) => ping(transport, token),
    listStoppedPolling: () => listStoppedPolling(transport),
    listSubscriptions: () => listSubscriptions(transport),
    listPollingJobs: () => listPollingJobs(transport),
    listInstanceEvents: async (id) => (isId(id) ? listInstanceEvents(transport, id) : undefined),
    close: () => transport.close(),
  };
}

async function readAccount(transport: ReadTransport): Promise<string | undefined> {
  const { name, id } = await readOrganization(transport);
  return name ?? id;
}

async function checkAccount(transport: ReadTransport, account: string): Promise<void> {
  const { name, id } = await readOrganization(transport);
  if (account === id || account === name) return;
  const found = id ?? name;
  const what =
    found === undefined
      ? 'the platform does not say which one they belong to.'
      : `they belong to ${transport.site.show([id, name].filter((one) => one !== undefined).join(', '))}.`;
  throw new UserError('other-account', `The credentials must belong to the account ${account}, and ${what}`, {
    kind: 'refused',
    hint: `No instance was read. Set ${transport.site.variables ?? 'the credentials'} to those of the right account, or correct \`account\` of the environment in the workspace file.`,
  });
}

interface Organization {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

async function readOrganization(transport: ReadTransport): Promise<Organization> {
  const { account } = await probe(transport);
  return account;
}

async function probe(transport: ReadTransport): Promise<Probe> {
  // A user without the privilege to see the organisation may well manage instances.
  const reply = await transport.get('/organizations/me', {
    accept: (answer) => isAnswerOrAbsence(answer) || answer.status === 403,
  });
  const date = reply.header('date');
  if (!isSuccess(reply)) return { account: {}, date };
  const account = readAnswer(reply, transport.site, (value) => ({
    ok: true,
    value: { name: readText(value, 'name'), id: decodeId(readField(value, 'id')) },
  }));
  return { account, date };
}

async function listInstances(
  transport: ReadTransport,
  redactor: Redactor,
  { tag, onLeftOut, maxUnlisted = 0, onUnlisted }: ListInstancesOptions = {},
): Promise<readonly LiveInstance[]> {
  const share = shareTexts();
  const instances = await listPages(transport, '/instances', {
    query: [['hydrate', 'true'], ...(tag === undefined ? [] : [['tags[]', tag] as const])],
    what: 'instance',
    decode: (value) => decodeListed(value, redactor, share),
    // Whatever carries a tag of ours has to be seen.
    maxUnlisted: tag === undefined ? maxUnlisted : undefined,
    onUnlisted,
    mayLeaveOut: (value) => !mayBeOurs(value),
    onLeftOut: (value, problem) => onLeftOut?.({ id: decodeId(readField(value, 'id')), problem }),
  });
  // What the server's filter does exactly is not documented (platform-api §16.6).
  return tag === undefined ? instances : instances.filter((instance) => instance.tags.includes(tag));
}

/**
 * A list may leave configurations out, and an empty one says no more than none (platform-api §4): taken at its word, every declared key would be one
 * that the platform does not show, and nothing that changed there would ever be seen.
 */
function decodeListed(value: unknown, redactor: Redactor, share: (text: string) => string): Decoded<LiveInstance> {
  const decoded = decodeInstance(value, redactor, share);
  return decoded.ok && decoded.value.configuration?.size === 0
    ? { ok: true, value: { ...decoded.value, configuration: undefined } }
    : decoded;
}

/** Whether a tag of ours stands in it, however odd the tags are: without such an instance a second one would be made. */
function mayBeOurs(value: unknown): boolean {
  return mentionsOwnTag(JSON.stringify(readField(value, 'tags') ?? ''));
}

async function readInstance(
  transport: ReadTransport,
  redactor: Redactor,
  id: string,
): Promise<LiveInstance | undefined> {
  if (!isId(id)) return undefined;
  const reply = await transport.get(`/instances/${id}`, { accept: isAnswerOrAbsence });
  return isAbsence(reply) ? undefined : readInstanceAnswer(reply, transport.site, redactor, id);
}

// Two attempts only: the platform answers 5xx when a provider is down, and that is what a ping is to find out.
async function ping(transport: ReadTransport, token: Secret): Promise<Ping> {
  const reply = await transport.get('/ping', { element: token, accept: () => true, attempts: 2 });
  if (!isSuccess(reply)) return { ok: false, ...describePing(reply, transport.site) };
  // The page of something in between says nothing about the provider.
  if (isEmptyOrJson(reply)) return { ok: true };
  return { ok: false, message: `HTTP ${reply.status} with a page that is not of the platform` };
}

function describePing(reply: Reply, site: Site): { readonly message: string; readonly requestId?: string } {
  const error = decodeError(reply.text, reply.header('elements-request-id'));
  const words = [error.message, error.providerMessage]
    .filter((text) => text !== undefined)
    .map((text) => site.show(text));
  const message = `HTTP ${reply.status}${words.length === 0 ? '' : `: ${words.join('; the provider says: ')}`}`;
  return error.requestId === undefined ? { message } : { message, requestId: site.show(error.requestId) };
}

/** What the catalogue knows of a connector; undefined when it does not know the key (platform-api §8). */
export async function readConnector(transport: ReadTransport, key: string): Promise<Connector | undefined> {
  // Dots alone would climb up the path.
  if (/^\.*$/.test(key)) return undefined;
  const path = `/elements/${encodeURIComponent(key)}`;
  const reply = await transport.get(path, { accept: isAnswerOrAbsence });
  if (isAbsence(reply)) return undefined;
  const catalogued = readAnswer(reply, transport.site, (value) => ({ ok: true, value }));
  if (hasEntries(catalogued)) return readAnswer(reply, transport.site, (value) => decodeConnector(value, key));

  // Not every version lists the entries with the connector; they have an address of their own.
  const entries = await transport.get(`${path}/configuration`, { accept: isAnswerOrAbsence });
  if (isAbsence(entries)) return undefined;
  return readAnswer(entries, transport.site, (value) =>
    decodeConnector(isJsonObject(catalogued) && isJsonObject(value) ? { ...catalogued, ...value } : value, key),
  );
}

/** Longest address of consent that is believed, in characters: browsers and GitHub take no longer ones. */
const longestAddress = 8_000;

/** Neither answer is repeated often: a provider may be asked behind it. */
const consentAttempts = 3;

async function readConsentUrl(
  transport: ReadTransport,
  connector: string,
  { app, requestToken }: { readonly app: ConsentApp; readonly requestToken?: RequestToken | undefined },
): Promise<string> {
  const reply = await transport.get(`/elements/${encodeURIComponent(connector)}/oauth/url`, {
    query: encodeConsentQuery(app, requestToken),
    attempts: consentAttempts,
  });
  return readAnswer(reply, transport.site, (value) => {
    const text = readText(value, 'oauthUrl');
    const url = text === undefined || text.length > longestAddress ? undefined : parseUrl(text);
    const isFit = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
    return isFit ? { ok: true, value: url.href } : undecodable('it holds no address at which a person could consent');
  });
}

async function readRequestToken(
  transport: ReadTransport,
  redactor: Redactor,
  { connector, app }: { readonly connector: string; readonly app: ConsentApp },
): Promise<RequestToken> {
  const reply = await transport.get(`/elements/${encodeURIComponent(connector)}/oauth/token`, {
    query: encodeConsentQuery(app),
    attempts: consentAttempts,
  });
  return readAnswer(reply, transport.site, (value) => {
    const [token, secret] = [readText(value, 'token'), readText(value, 'secret')];
    if (token === undefined || secret === undefined) return undecodable('it holds no request token');
    const hidden = new Secret(secret, 'secret of a request token');
    redactor.add(hidden);
    return { ok: true, value: { token: new Secret(token, 'request token'), secret: hidden } };
  });
}

/** A live instance whose configuration is known. */
interface FullInstance extends LiveInstance {
  readonly configuration: NonNullable<LiveInstance['configuration']>;
}

/**
 * Completes entries of a list that came without configuration by reading each one by its id (platform-api §4).
 * An instance that vanished since the list was made is left out. An answer without any configuration counts as an empty one.
 * @param concurrency how many reads may be under way at a time
 */
export async function fillConfigurations(
  reader: Pick<PlatformReader, 'readInstance'>,
  instances: readonly LiveInstance[],
  concurrency = 8,
): Promise<readonly FullInstance[]> {
  const filled = await mapBounded(instances, concurrency, async (instance) =>
    instance.configuration === undefined ? reader.readInstance(instance.id) : instance,
  );
  return filled.flatMap((instance) =>
    instance === undefined ? [] : [{ ...instance, configuration: instance.configuration ?? new Map() }],
  );
}
