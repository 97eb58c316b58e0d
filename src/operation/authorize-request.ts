import { randomBytes } from 'node:crypto';
import { signState } from '../consent/state.ts';
import type { RequestToken } from '../model/consent.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isOurs } from '../model/live.ts';
import { type Change, isRefusedReplace, isWaiting, type Plan } from '../model/plan.ts';
import { parseUrl } from '../model/parse-url.ts';
import { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { widestWindow } from '../platform/pacing/limiter.ts';
import { processSecrets } from '../secret/process-secrets.ts';
import { createRedactor } from '../secret/redactor.ts';
import { type AskingDefinition, openAsking } from './authorize-definition.ts';
import { type DetachedConsent, mustSuitDetached } from './detached-consent.ts';
import { checkSelection } from './guard-plan.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { type PreparedPlan, preparePlan } from './plan.ts';
import { openConnectorSource } from './read-connectors.ts';
import type { AskedConsent, OperationResult, UnaskedConsent } from './result.ts';

/** What a person is to be asked for one definition. */
export interface ConsentRequest extends AskedConsent {
  /** Host of the address. */
  readonly provider: string;
  /** The `state` in the address. */
  readonly state: string;
  /** Tells this request from every other one, base64url. Whoever completes it may ask for this one. */
  readonly nonce: string;
  /** Of OAuth 1: its secret is needed to complete it, and comes back to nobody, so that only the process that asked can. */
  readonly requestToken?: RequestToken | undefined;
}

export interface ConsentRequests {
  readonly requests: readonly ConsentRequest[];
  readonly unasked: readonly UnaskedConsent[];
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
  /** Absolute folder of the workspace. */
  readonly directory: string;
  /** Must be called before an answer is completed, and at the end: the pages of the embedded sandbox are there until then. */
  readonly close: () => Promise<void>;
}

export interface ConsentOptions {
  /** Keys of definitions, waiting or not. All that wait when absent. */
  readonly keys?: readonly string[] | undefined;
  /** True: a definition whose connector changed may be asked for. Its old instance goes when the new one is there. */
  readonly allowReplace?: boolean | undefined;
  /** True: each unchanged instance is asked whether its login still works, and waits when it does not. */
  readonly ping?: boolean | undefined;
  /** Set: the address is published, and another process completes it. */
  readonly detached?: DetachedConsent | undefined;
  /** How long an answer is taken, in milliseconds. An hour when absent. */
  readonly lifetime?: number | undefined;
}

const usualLifetime = 3_600_000;

/**
 * Asks the platform where a person can consent, for each definition that waits or that is named. Sends only reads.
 *
 * 1. make a plan of the environment, or of what is named (`preparePlan`)
 * 2. choose the definitions: those that are named, else those that wait
 * 3. find what each of them asks with: its own app, callback, scope and site
 * 4. sign a state for each, and ask the platform for the address
 * 5. look that no secret of ours stands in the address
 *
 * One for which that is not possible is named with the reason, and keeps no other one from being asked.
 */
export async function consentRequests(
  ports: OperationPorts,
  target: OperationTarget,
  options: ConsentOptions = {},
): Promise<ConsentRequests | { readonly result: OperationResult }> {
  const { keys: only, allowReplace, ping } = options;
  const start = await preparePlan(ports, target, { only, allowReplace, ping, health: true });
  if ('result' in start) return start;
  const { prepared } = start;
  try {
    checkSelection({ only, allowReplace }, prepared);
    const asked = await requestEach(prepared, ports, options);
    return { ...asked, close: closeOnce(prepared) };
  } catch (error) {
    await prepared.connection.close();
    throw error;
  }
}

function closeOnce({ connection }: PreparedPlan): () => Promise<void> {
  const closing: { current?: Promise<void> } = {};
  return () => (closing.current ??= connection.close());
}

async function requestEach(
  prepared: PreparedPlan,
  ports: OperationPorts,
  options: ConsentOptions,
): Promise<Omit<ConsentRequests, 'close'>> {
  const { plan, diagnostics, directory, desired, connection, ours } = prepared;
  const changes = new Map(plan.changes.map((change) => [change.key, change]));
  const waiting = plan.changes.filter((change) => isWaiting(change) || isRefusedReplace(change)).map(({ key }) => key);
  const source = openConnectorSource(connection.reader, widestWindow);
  const requests: ConsentRequest[] = [];
  const unasked: UnaskedConsent[] = [];
  for (const key of options.keys ?? waiting) {
    const definition = desired.get(key);
    if (definition === undefined) continue;
    try {
      const change = changes.get(key);
      mustBeCompletable(key, change, ports);
      const asking = await openAsking(definition, { connection, source, ours }, ports);
      if (options.detached !== undefined) mustSuitDetached(asking, options.detached, ports.words);
      requests.push(await request(asking, { change, prepared, ports, options }));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unasked.push({ key, error });
    }
  }
  return { requests, unasked, plan, diagnostics, directory };
}

/** What is in the way of every change of a definition is in the way of its consent, too. Undefined: it is unchanged. */
export function mustBeCompletable(key: string, change: Change | undefined, { words }: OperationPorts): void {
  if (change === undefined || isWaiting(change) || completable.has(change.action)) return;
  const { action, reason } = change;
  if (action === 'replace' && (reason === undefined || reason.code === 'replace-grant-missing')) return;
  const isStopped = reason !== undefined;
  throw new UserError(
    'not-authorizable',
    isStopped
      ? `${key} cannot be authorized. ${words.reason(reason)}`
      : `${key} cannot be authorized before it is applied: the plan would ${action} its instance.`,
    {
      kind: 'refused',
      hint: `Nothing was sent.${reason?.code === 'replace-not-allowed' ? ' With --allow-replace, consent replaces the old instance.' : ''} See what stands in the way:\n${words.command(isStopped ? 'plan' : 'apply', '--only', key)}`,
    },
  );
}

const completable: ReadonlySet<Change['action']> = new Set([
  'create',
  'reauthorize',
  'update',
  'remember',
  'unchanged',
]);

interface RequestContext {
  readonly change: Change | undefined;
  readonly prepared: PreparedPlan;
  readonly ports: OperationPorts;
  readonly options: ConsentOptions;
}

async function request(
  { desired, kind, app: bare, callback, place }: AskingDefinition,
  { change, prepared, ports, options }: RequestContext,
): Promise<ConsentRequest> {
  const { reader, consent } = prepared.connection;
  const { key, connector, name } = desired;
  const expires = ports.date().getTime() + (options.lifetime ?? usualLifetime);
  const nonce = randomBytes(16).toString('base64url');
  const live = findLive(key, change, prepared);
  const state = signState({ nonce, expires, live: live?.id }, place, consent.signer);
  const app = { ...bare, state };
  const requestToken = kind === 'oauth1' ? await reader.readRequestToken(connector, app) : undefined;
  if (requestToken !== undefined) ports.secretRead?.(requestToken.secret);
  const url = await reader.readConsentUrl(connector, app, requestToken);
  mustHoldNoSecret(url, { desired, app: bare, requestToken, ports });
  const purpose = live === undefined ? 'create' : change?.action === 'replace' ? 'replace' : 'reauthorize';
  const provider = parseUrl(url)?.host ?? '';
  return {
    key,
    connector,
    name,
    purpose,
    id: live?.id,
    kind,
    url,
    provider,
    callback,
    state,
    nonce,
    expires,
    requestToken,
  };
}

/** The instance that a definition has before a person consents for it. */
export function findLive(
  key: string,
  change: Change | undefined,
  { live, ours }: Pick<PreparedPlan, 'live' | 'ours'>,
): PreparedPlan['live'][number] | undefined {
  return (
    live.find((one) => one.id === change?.id) ?? live.find(({ owner }) => owner?.key === key && isOurs(owner, ours))
  );
}

interface LinkContext {
  readonly desired: DesiredInstance;
  readonly app: AskingDefinition['app'];
  readonly requestToken: RequestToken | undefined;
  readonly ports: OperationPorts;
}

/**
 * The address goes to a provider, into a browser, and into comments. What the provider has to know of the app stands in it: its id, the callback, scope and
 * site, whatever they are called in the definition. Nothing else that is a secret may.
 */
function mustHoldNoSecret(url: string, { desired, app, requestToken, ports }: LinkContext): void {
  const open = [
    app.apiKey,
    app.callbackUrl,
    app.scope,
    app.siteAddress,
    ...(app.further?.values() ?? []),
    requestToken?.token,
  ];
  const isOpen = (secret: Secret): boolean => open.some((one) => one !== undefined && secret.equals(one));
  const values = [
    ...desired.configuration.values(),
    ...desired.providerData.values(),
    app.apiSecret,
    requestToken?.secret,
  ];
  const secrets = [...processSecrets(ports.env), ...values.filter((value) => value instanceof Secret)];
  const redactor = createRedactor(secrets.filter((secret) => !isOpen(secret)));
  if (redactor.redact(url) === url) return;
  throw new UserError(
    'consent-link-shows-secret',
    `The platform answered an address of consent for ${desired.key} in which a secret stands. It is not shown.`,
    { hint: 'The app secret must never be part of it. Ask the support of the platform.' },
  );
}
