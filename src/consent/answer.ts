import type { ConsentKind, GrantParameters } from '../model/consent.ts';
import { parseUrl } from '../model/parse-url.ts';
import { revealValue, Secret } from '../model/secret.ts';

/** What a provider sent back with the person. */
export type ProviderAnswer =
  | { readonly kind: 'granted'; readonly state: string | undefined; readonly grant: GrantParameters }
  /** Foreign text, neither escaped nor cut. */
  | {
      readonly kind: 'denied';
      readonly state: string | undefined;
      readonly error: string;
      readonly description: string | undefined;
    }
  | { readonly kind: 'unusable'; readonly fault: AnswerFault };

/**
 * Why an address is no answer. `not-an-address`: no URL. `other-callback`: of another place than the app's callback. `repeated`: a parameter stands there
 * more than once, so that nobody knows which one is meant. `nothing`: neither a grant nor a refusal.
 */
export type AnswerFault =
  | { readonly code: 'not-an-address' }
  | { readonly code: 'other-callback'; readonly expected: string; readonly found: string }
  | { readonly code: 'repeated'; readonly name: string }
  | { readonly code: 'too-long' }
  | { readonly code: 'nothing'; readonly needed: string };

/** Longest address that is read, in characters. */
const mostCharacters = 16_384;

const needed: Readonly<Record<ConsentKind, readonly string[]>> = {
  oauth2: ['code'],
  oauth1: ['oauth_token', 'oauth_verifier'],
};

/** Parameters that are for us and not for the platform. */
const own: ReadonlySet<string> = new Set(['state', 'error', 'error_description', 'error_uri']);

/**
 * Reads the address that a browser ended at after consent. All that the provider sent is passed on, as some send more than a code:
 * `realmId`, `dataSource`, `org` (platform-facts D3).
 * @param callback what the app named; an address of another place is no answer to it
 */
export function readConsentAnswer(
  address: Secret | string,
  { kind, callback }: { readonly kind: ConsentKind; readonly callback: string | undefined },
): ProviderAnswer {
  const text = revealValue(address).trim();
  if (text.length > mostCharacters) return unusable({ code: 'too-long' });
  const url = /^https?:/i.test(text) ? parseUrl(text) : undefined;
  if (url === undefined) return unusable({ code: 'not-an-address' });
  const expected = callback === undefined ? undefined : parseUrl(callback);
  if (expected !== undefined && placeOfUrl(expected) !== placeOfUrl(url)) {
    return unusable({ code: 'other-callback', expected: placeOfUrl(expected), found: placeOfUrl(url) });
  }
  const parameters = [...url.searchParams];
  const repeated = parameters.find(([name], index) => parameters.findIndex(([other]) => other === name) !== index);
  if (repeated !== undefined) return unusable({ code: 'repeated', name: repeated[0] });
  return readParameters(new Map(parameters), kind);
}

function readParameters(parameters: ReadonlyMap<string, string>, kind: ConsentKind): ProviderAnswer {
  const state = parameters.get('state');
  // OAuth 1 has no error of its own: a provider that is refused comes back with `denied` (RFC 5849 names none).
  const error =
    parameters.get('error') ?? parameters.get('oauth_problem') ?? (parameters.has('denied') ? 'denied' : undefined);
  if (error !== undefined) {
    return { kind: 'denied', state, error, description: parameters.get('error_description') };
  }
  const lacking = needed[kind].find((name) => (parameters.get(name) ?? '') === '');
  if (lacking !== undefined) return unusable({ code: 'nothing', needed: lacking });
  const passed = [...parameters].filter(([name, value]) => !own.has(name) && value !== '');
  const grant = new Map(passed.map(([name, value]) => [name, new Secret(value, `${name} of the answer`)]));
  return { kind: 'granted', state, grant };
}

function unusable(fault: AnswerFault): ProviderAnswer {
  return { kind: 'unusable', fault };
}

/** Where an address leads, without what it carries. A slash at the end means nothing. */
function placeOfUrl({ host, pathname }: { readonly host: string; readonly pathname: string }): string {
  return `${host}${pathname.replace(/\/+$/, '')}`;
}
