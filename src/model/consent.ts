import type { Secret } from './secret.ts';

/** How a provider asks a person: OAuth 2 with a code, or OAuth 1 with a request token and a verifier (platform-api §9). */
export type ConsentKind = 'oauth1' | 'oauth2';

/** What a person is asked for one definition, for a reader. */
export interface ShownConsent {
  readonly key: string;
  readonly connector: string;
  readonly name: string;
  readonly purpose: 'create' | 'replace' | 'reauthorize';
  /** Of the live instance. */
  readonly id?: string | undefined;
  /** Where the person consents. Holds no secret of ours: it may stand in a comment. */
  readonly url: string;
  /** Milliseconds since 1970. An answer that comes later is refused. */
  readonly expires: number;
}

/** What the platform needs to know to make the address at which a person consents. */
export interface ConsentApp {
  readonly apiKey: Secret | string;
  readonly apiSecret: Secret | string;
  readonly callbackUrl: Secret | string;
  readonly scope?: Secret | string | undefined;
  /** What the connector's authorization address has a placeholder for: a subdomain, or a whole host (platform-facts D7). */
  readonly siteAddress?: Secret | string | undefined;
  /** What else the authorization address has placeholders for, by configuration key. */
  readonly further?: ReadonlyMap<string, Secret | string> | undefined;
  /** What the provider gives back unchanged. */
  readonly state: string;
}

/** The first step of OAuth 1 (platform-facts D4). The token stands in the address, the secret comes back to nobody. */
export interface RequestToken {
  readonly token: Secret;
  readonly secret: Secret;
}

/** What came back with the person: `code`, or `oauth_token` and `oauth_verifier`, and whatever else the provider sent. */
export type GrantParameters = ReadonlyMap<string, Secret>;

/** Keyed hashes for what a provider gives back: base64url, 128 bits each, under a key that nothing else is hashed with. */
export interface ConsentSigner {
  /** @param fields joined so that no two lists give the same hash */
  readonly hash: (...fields: readonly string[]) => string;
  /** Compares without telling by its time how much is right. */
  readonly isSame: (one: string, other: string) => boolean;
  /** Hash over all that decides what a person is asked for. */
  readonly settings: (connector: string, kind: ConsentKind, app: Omit<ConsentApp, 'state'>) => string;
}
