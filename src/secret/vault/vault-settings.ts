import { parseUrl } from '../../model/parse-url.ts';
import { Secret } from '../../model/secret.ts';
import { type ProviderFault, type Refused, refuse } from '../provider-fault.ts';

type VaultEnv = Readonly<Record<string, string | undefined>>;

/** How to log in to Vault or OpenBao. */
export type VaultLogin =
  | { readonly kind: 'token'; readonly token: Secret }
  /** As a job of GitHub, whose token names repository, branch and environment. */
  | {
      readonly kind: 'github';
      /** Where the runner gives out its token, and what for. */
      readonly tokenUrl: string;
      readonly tokenRequest: Secret;
      readonly role: string;
      /** Path that the JWT method is mounted at. */
      readonly mount: string;
    };

/** Where Vault or OpenBao is, and who asks. Comes from the process environment alone: a pull request must not choose it. */
export interface VaultSettings {
  /** Origin, with the path that a proxy puts before `/v1`. */
  readonly address: string;
  readonly namespace: string | undefined;
  readonly login: VaultLogin;
}

type SettingsReading = { readonly ok: true; readonly settings: VaultSettings } | Refused;

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Reads `VAULT_ADDR`, `VAULT_NAMESPACE`, and `VAULT_TOKEN` or `VAULT_ROLE`; of each, the name with `BAO_` counts where that one is not set. */
export function readVaultSettings(env: VaultEnv): SettingsReading {
  const read = (name: string): string | undefined => nonBlank(env[`VAULT_${name}`]) ?? nonBlank(env[`BAO_${name}`]);
  const written = read('ADDR');
  if (written === undefined)
    return refuse(
      'vault-no-address',
      'Neither VAULT_ADDR nor BAO_ADDR is set.',
      'Set one in the process environment:\nVAULT_ADDR=https://vault.example.com',
    );
  const url = parseUrl(written);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname));
  if (
    url === undefined ||
    !isSafe ||
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== ''
  )
    return refuse(
      'vault-bad-address',
      'VAULT_ADDR is no https URL without user, password, `?` and `#`. Plain http is for this machine alone.',
    );
  const address = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  const login = readLogin(env, read);
  return 'code' in login
    ? { ok: false, fault: login }
    : { ok: true, settings: { address, namespace: read('NAMESPACE'), login } };
}

function readLogin(env: VaultEnv, read: (name: string) => string | undefined): VaultLogin | ProviderFault {
  const token = read('TOKEN');
  if (token !== undefined)
    return /^[\x21-\x7e]+$/.test(token)
      ? { kind: 'token', token: new Secret(token, 'VAULT_TOKEN') }
      : { code: 'vault-bad-token', detail: 'VAULT_TOKEN holds blanks or line breaks, so that it is no token.' };
  const role = read('ROLE');
  if (role === undefined)
    return {
      code: 'vault-no-login',
      detail: 'Neither VAULT_TOKEN nor VAULT_ROLE is set, so that nobody can log in.',
      hint: 'Set VAULT_TOKEN; or, in a job of GitHub with `permissions: id-token: write`, VAULT_ROLE to a role of the JWT method.',
    };
  const [tokenUrl, tokenRequest] = [env['ACTIONS_ID_TOKEN_REQUEST_URL'], env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']];
  if (tokenUrl === undefined || tokenRequest === undefined)
    return {
      code: 'vault-no-oidc',
      detail: 'VAULT_ROLE is set, but the job cannot ask GitHub for a token.',
      hint: 'Give the job `permissions: id-token: write`. Outside of GitHub, set VAULT_TOKEN.',
    };
  const audience = read('AUDIENCE');
  return {
    kind: 'github',
    tokenUrl: audience === undefined ? tokenUrl : addQuery(tokenUrl, audience),
    tokenRequest: new Secret(tokenRequest, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'),
    role,
    mount: trimSlashes(read('AUTH_PATH') ?? 'jwt'),
  };
}

function addQuery(url: string, audience: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}audience=${encodeURIComponent(audience)}`;
}

/** `/kv/` and `kv` are one path. */
export function trimSlashes(path: string): string {
  return path.replaceAll(/^\/+|\/+$/g, '');
}

function nonBlank(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}
