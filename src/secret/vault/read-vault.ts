import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { parseJson } from '../../model/parse-json.ts';
import { reveal, Secret } from '../../model/secret.ts';
import { type ExchangeResult, isSuccess, readRetryAfter, type Reply } from '../../http/reply.ts';
import { type ProviderFault, type Refused, refuse } from '../provider-fault.ts';
import { listTexts } from '../secret-text.ts';
import { trimSlashes, type VaultSettings } from './vault-settings.ts';

/** One request to Vault, or to the address where a runner gives out its token. */
export interface VaultRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface VaultPorts {
  /** Sends once, and follows no redirect. */
  readonly send: (request: VaultRequest) => Promise<ExchangeResult>;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** A secret of the KV engine, version 2: `secret/acme/production` is the path `acme/production` of the mount `secret`. */
export interface VaultPlace {
  readonly mount: string;
  readonly path: string;
}

export type VaultReading = { readonly ok: true; readonly secrets: ReadonlyMap<string, Secret> } | Refused;

/** What a step came to: a value, or why there is none. */
type VaultStep<T> = { readonly ok: true; readonly value: T } | Refused;

const attempts = 4;
const firstPause = 500;
/** Longest time that an answer may ask to wait, in milliseconds. */
const longestPause = 30_000;

/**
 * Reads the newest version of one secret, with all its keys, in one request; so the token needs no renewal. A token that GitHub was asked for
 * is given back afterwards. Answers why not, and never throws for what a server says.
 */
export async function readVault(settings: VaultSettings, place: VaultPlace, ports: VaultPorts): Promise<VaultReading> {
  const session = { settings, ports };
  const login = await logIn(session);
  if (!login.ok) return login;
  const data = await readData(session, place, login.value);
  if (settings.login.kind === 'github') await ask(session, 'POST', 'auth/token/revoke-self', { token: login.value });
  return data.ok ? toSecrets(data.value, place) : data;
}

interface Session {
  readonly settings: VaultSettings;
  readonly ports: VaultPorts;
}

interface Asking {
  readonly token?: Secret;
  readonly body?: string;
}

function toSecrets(data: JsonObject, place: VaultPlace): VaultReading {
  const secrets = listTexts(data).map(
    ([name, text]) => [name, new Secret(text, `secrets.${name} of ${nameOf(place)}`)] as const,
  );
  return { ok: true, secrets: new Map(secrets) };
}

async function logIn(session: Session): Promise<VaultStep<Secret>> {
  const { login } = session.settings;
  if (login.kind === 'token') return { ok: true, value: login.token };
  const asked = await send(session, {
    method: 'GET',
    url: login.tokenUrl,
    headers: { authorization: `Bearer ${reveal(login.tokenRequest)}`, accept: 'application/json' },
  });
  if (asked.kind === 'failure') return unreachable('GitHub', asked.what, asked.hint);
  const jwt = readObject(asked)?.['value'];
  if (!isSuccess(asked) || typeof jwt !== 'string')
    return refuse(
      'vault-no-oidc',
      `GitHub gave the job no token (HTTP ${asked.status}).`,
      'Give the job `permissions: id-token: write`.',
    );
  const body = JSON.stringify({ role: login.role, jwt });
  const answer = await ask(session, 'POST', `auth/${login.mount}/login`, { body });
  if (answer.kind === 'failure') return unreachable('Vault', answer.what, answer.hint);
  const auth = readObject(answer)?.['auth'];
  const token = isJsonObject(auth) ? auth['client_token'] : undefined;
  if (isSuccess(answer) && typeof token === 'string') return { ok: true, value: new Secret(token, 'token of Vault') };
  const common = describeStatus(answer);
  if (common !== undefined) return { ok: false, fault: common };
  return refuse(
    'vault-login-refused',
    `Vault refused to log the job in with the role \`${login.role}\` of \`auth/${login.mount}\` (HTTP ${answer.status}).`,
    'Compare bound_audiences, bound_subject and bound_claims of the role with the repository, the branch and the environment of the job; VAULT_AUDIENCE sets the audience, VAULT_AUTH_PATH the path.',
  );
}

async function readData(session: Session, place: VaultPlace, token: Secret): Promise<VaultStep<JsonObject>> {
  const answer = await ask(session, 'GET', `${encodePath(place.mount)}/data/${encodePath(place.path)}`, { token });
  if (answer.kind === 'failure') return unreachable('Vault', answer.what, answer.hint);
  const outer = readObject(answer)?.['data'];
  const version = isJsonObject(outer) ? outer : undefined;
  if (isSuccess(answer) && isJsonObject(version?.['data'])) return { ok: true, value: version['data'] };
  const common = describeStatus(answer);
  if (common !== undefined) return { ok: false, fault: common };
  if (answer.status === 403) return { ok: false, fault: await describeForbidden(session, place, token) };
  return { ok: false, fault: answer.status === 404 ? describeMissing(version, place) : describeOther(answer, place) };
}

/** The same status for two mistakes: a token that is none any more may not look at itself either. */
async function describeForbidden(session: Session, place: VaultPlace, token: Secret): Promise<ProviderFault> {
  const self = await ask(session, 'GET', 'auth/token/lookup-self', { token });
  const isKnown = self.kind === 'reply' && isSuccess(self);
  const { namespace } = session.settings;
  const where = namespace === undefined ? '' : ` in the namespace \`${namespace}\``;
  return isKnown
    ? {
        code: 'vault-forbidden',
        detail: `The token is valid, but no policy lets it read ${nameOf(place)}${where}.`,
        hint: `Allow "read" on the path \`${place.mount}/data/${place.path}\`: of the KV engine, version 2, the policy names the part \`data\` too.`,
      }
    : {
        code: 'vault-token-refused',
        detail: `Vault does not know the token${where}: it has expired, was revoked, or belongs to another server or namespace.`,
        hint: 'Log in again and set VAULT_TOKEN anew; with a namespace, set VAULT_NAMESPACE.',
      };
}

function describeMissing(version: Readonly<Record<string, unknown>> | undefined, place: VaultPlace): ProviderFault {
  const { deletion_time: deleted, destroyed } = isJsonObject(version?.['metadata']) ? version['metadata'] : {};
  if (destroyed === true)
    return {
      code: 'vault-destroyed',
      detail: `The newest version of ${nameOf(place)} was destroyed.`,
      hint: 'Write the secret again.',
    };
  if (typeof deleted === 'string' && deleted !== '')
    return {
      code: 'vault-deleted',
      detail: `The newest version of ${nameOf(place)} was deleted (${deleted}).`,
      hint: 'Undelete that version, or write the secret again.',
    };
  return {
    code: 'vault-not-found',
    detail: `There is no secret at ${nameOf(place)}.`,
    hint: 'Compare `mount` and `path` with what `vault kv get` takes. `path` has no `data/` in it; with a namespace, set VAULT_NAMESPACE.',
  };
}

function describeOther(answer: Reply, place: VaultPlace): ProviderFault {
  if (isSuccess(answer))
    return {
      code: 'vault-not-kv2',
      detail: `What Vault answers for ${nameOf(place)} is not of the KV engine, version 2.`,
      hint: `Is \`${place.mount}\` the mount of a KV engine of version 2? \`vault secrets list -detailed\` tells.`,
    };
  return { code: 'vault-refused', detail: `Vault refused to read ${nameOf(place)} (HTTP ${answer.status}).` };
}

/** What is the same for every request. */
function describeStatus({ status, text }: Reply): ProviderFault | undefined {
  if (status >= 300 && status < 400)
    return {
      code: 'vault-redirect',
      detail: `The server at VAULT_ADDR passes requests on to another address (HTTP ${status}), and a token goes to no other.`,
      hint: 'Set VAULT_ADDR to the address of the active server or of the cluster.',
    };
  if (status === 503 && /sealed/i.test(text))
    return {
      code: 'vault-sealed',
      detail: 'Vault is sealed: it gives out nothing.',
      hint: 'Ask whoever runs it to unseal it.',
    };
  if (status === 503 && /initialized/i.test(text))
    return { code: 'vault-sealed', detail: 'Vault is not initialised: it holds nothing yet.' };
  if (status === 429)
    return {
      code: 'vault-rate-limit',
      detail: 'Vault takes no more requests at present (HTTP 429).',
    };
  return status >= 500
    ? { code: 'vault-failed', detail: `Vault failed (HTTP ${status}).`, hint: 'Try again later.' }
    : undefined;
}

function ask(
  session: Session,
  method: VaultRequest['method'],
  path: string,
  { token, body }: Asking,
): Promise<ExchangeResult> {
  const { address, namespace } = session.settings;
  return send(session, {
    method,
    url: `${address}/v1/${path}`,
    headers: {
      accept: 'application/json',
      // Against a server that is made to send requests of others.
      'x-vault-request': 'true',
      ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      ...(token === undefined ? {} : { 'x-vault-token': reveal(token) }),
    },
    body,
  });
}

/** Tries again what may pass: a lost connection, 412 of a standby that is behind, 429, and 5xx but for a sealed server. */
async function send({ ports }: Session, request: VaultRequest): Promise<ExchangeResult> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await ports.send(request);
    if (attempt === attempts || !mayPass(result)) return result;
    const asked = result.kind === 'reply' ? readRetryAfter(result) : undefined;
    await ports.sleep(Math.min(asked ?? firstPause * 2 ** (attempt - 1), longestPause));
  }
}

function mayPass(result: ExchangeResult): boolean {
  if (result.kind === 'failure') return result.passing;
  const { status, text } = result;
  return status === 412 || status === 429 || (status >= 500 && !/sealed|initialized/i.test(text));
}

function readObject({ text }: Reply): JsonObject | undefined {
  const parsed = parseJson(text);
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined;
}

function encodePath(path: string): string {
  return trimSlashes(path).split('/').map(encodeURIComponent).join('/');
}

function nameOf({ mount, path }: VaultPlace): string {
  return `\`${path}\` of the mount \`${mount}\``;
}

function unreachable(who: string, what: string, hint: string | undefined): Refused {
  return refuse('vault-unreachable', `${who} could not be asked: ${what}.`, hint);
}
