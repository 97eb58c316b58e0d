/*
 * The state of a consent: what a provider gives back unchanged, and by which an answer is known to belong to one definition of one environment.
 * It stands in an address that anybody may read, so it says nothing but a number used once, a time, and keyed hashes.
 */

import type { ConsentSigner } from '../model/consent.ts';

/** What a state is bound to. */
export interface ConsentPlace {
  readonly workspace: string;
  readonly environment: string;
  /** Host of the platform. */
  readonly host: string;
  /** Key of the definition. */
  readonly key: string;
  /** Keyed hash over how the definition asks for consent: its connector, app, callback, scope and site. */
  readonly settings: string;
}

/** What a request for consent is for. */
export interface ConsentClaims {
  /** 128 random bits, base64url: tells one request for consent from every other one. */
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** Id of the live instance that consent logs in again or replaces; undefined: there was none, and consent makes it. */
  readonly live: string | undefined;
}

/** A state that is ours, fits, and is fresh. */
export interface StateClaims extends Omit<ConsentClaims, 'live'> {
  /**
   * Whether it was asked for while the definition had this very instance, or none. Otherwise it was used, or somebody else authorized the definition since:
   * whoever opens the link once more must not change whose account a live instance is logged in with.
   */
  readonly isFor: (live: string | undefined) => boolean;
}

/**
 * Why a state is refused. `missing`: there is none. `malformed`: it is none of ours. `forged`: it was changed, or signed with another key.
 * The others are signed by us: for another environment, for another definition, too long ago, or before the app of the definition changed.
 */
export type StateFault =
  | 'missing'
  | 'malformed'
  | 'forged'
  | 'other-environment'
  | 'other-definition'
  | 'expired'
  | 'settings-changed';

export type ReadState =
  | { readonly ok: true; readonly claims: StateClaims }
  | { readonly ok: false; readonly fault: StateFault };

const version = 'c2';
const shape = /^c2\.[\w-]{22}\.[0-9a-z]{1,9}\.[\w-]{11}\.[\w-]{22}\.[\w-]{22}\.[\w-]{22}\.[\w-]{22}$/;

/** The state for one request of consent. At most 140 letters of `A-Za-z0-9_.-`, which no provider has to escape. */
export function signState({ nonce, expires, live }: ConsentClaims, place: ConsentPlace, signer: ConsentSigner): string {
  const time = Math.ceil(expires / 1000).toString(36);
  const body = [version, nonce, time, hashLive(live, place, signer), ...Object.values(hashPlace(place, signer))].join(
    '.',
  );
  return `${body}.${signer.hash('state', body)}`;
}

/**
 * Reads a state that came back.
 * @param now milliseconds since 1970
 * @param place what the answer must belong to
 */
export function readState(
  text: string | undefined,
  { place, now, signer }: { readonly place: ConsentPlace; readonly now: number; readonly signer: ConsentSigner },
): ReadState {
  if (text === undefined || text === '') return { ok: false, fault: 'missing' };
  if (!shape.test(text)) return { ok: false, fault: 'malformed' };
  const parts = text.split('.');
  const [, nonce = '', time = '', target = '', environment = '', definition = '', settings = '', mac = ''] = parts;
  if (!signer.isSame(mac, signer.hash('state', parts.slice(0, -1).join('.')))) return { ok: false, fault: 'forged' };
  const own = hashPlace(place, signer);
  if (environment !== own.environment) return { ok: false, fault: 'other-environment' };
  if (definition !== own.definition) return { ok: false, fault: 'other-definition' };
  const expires = Number.parseInt(time, 36) * 1000;
  if (now >= expires) return { ok: false, fault: 'expired' };
  if (settings !== own.settings) return { ok: false, fault: 'settings-changed' };
  const isFor: StateClaims['isFor'] = (live) => signer.isSame(target, hashLive(live, place, signer));
  return { ok: true, claims: { nonce, expires, isFor } };
}

/** In the order in which they stand in a state. */
function hashPlace(
  { workspace, environment, host, key, settings }: ConsentPlace,
  signer: ConsentSigner,
): { readonly environment: string; readonly definition: string; readonly settings: string } {
  return {
    environment: signer.hash('environment', workspace, environment, host),
    definition: signer.hash('definition', workspace, environment, host, key),
    settings: signer.hash('settings', workspace, environment, host, key, settings),
  };
}

/** 66 bits: it only has to tell a few instances of one definition from each other, and is signed with the rest. */
function hashLive(
  live: string | undefined,
  { workspace, environment, host, key }: ConsentPlace,
  signer: ConsentSigner,
): string {
  const names = live === undefined ? ['none'] : ['instance', live];
  return signer.hash('live', workspace, environment, host, key, ...names).slice(0, 11);
}
