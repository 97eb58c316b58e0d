import { isExactNumber } from '../../model/exact-number.ts';
import type { DesiredValue } from '../../model/desired.ts';
import { type Json, type JsonObject, toJsonObject, writeJson } from '../../model/json.ts';
import { isPlatformMask, looksMasked } from '../../model/placeholder.ts';
import { reveal, Secret } from '../../model/secret.ts';
import { UserError } from '../../model/user-error.ts';
import type { ConsentApp, RequestToken } from '../../model/consent.ts';
import type { CreateRequest, ReauthorizeRequest, UpdateRequest } from '../../model/work.ts';
import { decodeApplied } from '../../tags/applied-vector.ts';
import { isOwnTag, isReservedTag, mayBecomeOwnTag, readOwner } from '../../tags/owner-tags.ts';
import { pollerKey } from '../../model/platform-keys.ts';

/**
 * Body of `POST /instances` (platform-api §3). Holds secrets in clear: must go nowhere but into the request.
 * Throws a UserError rather than send a mask or an unresolved reference.
 */
export function encodeCreate(request: CreateRequest): JsonObject {
  const { connector, name, tags, configuration, providerData, externalAuthentication } = request;
  return toJsonObject([
    ['element', toJsonObject([['key', connector]])],
    ['name', encodeText('name', name)],
    ['tags', encodeTags(tags, isReservedTag)],
    ['configuration', encodeConfiguration(configuration)],
    ...(providerData.size === 0 ? [] : [['providerData', encodeProviderData(providerData)] as const]),
    ...(externalAuthentication === undefined ? [] : [['externalAuthentication', externalAuthentication] as const]),
  ]);
}

/** Body of `PATCH /instances/{id}` (platform-api §5): only what changes. Same promises as `encodeCreate`. */
export function encodeUpdate(request: UpdateRequest): JsonObject {
  const { name, tags, configuration, carriedTags } = request;
  return toJsonObject([
    ...(name === undefined ? [] : [['name', encodeText('name', name)] as const]),
    ...(tags === undefined ? [] : [['tags', encodeTags(tags, mayBecomeOwnTag, carriedTags)] as const]),
    ...(configuration === undefined ? [] : [['configuration', encodeConfiguration(configuration)] as const]),
  ]);
}

/** Body of `PUT /instances/{id}` that logs in again (platform-api §5, platform-facts D8). Without configuration: what is not sent stays. */
export function encodeReauthorize({
  connector,
  name,
  tags,
  providerData,
  carriedTags,
}: ReauthorizeRequest): JsonObject {
  return toJsonObject([
    ['name', encodeText('name', name)],
    ['element', toJsonObject([['key', connector]])],
    ['tags', encodeTags(tags, mayBecomeOwnTag, carriedTags)],
    ['providerData', encodeProviderData(providerData)],
  ]);
}

/**
 * Query of `GET /elements/{key}/oauth/url`, and of `/oauth/token` (platform-api §9). Holds the secret of the app in clear, as the platform
 * documents no other way that only reads: must go nowhere but into the request.
 */
export function encodeConsentQuery(
  { apiKey, apiSecret, callbackUrl, scope, siteAddress, further = new Map(), state }: ConsentApp,
  requestToken?: RequestToken,
): readonly (readonly [string, string])[] {
  const given: readonly (readonly [string, Secret | string | undefined])[] = [
    ['apiKey', apiKey],
    ['apiSecret', apiSecret],
    ['callbackUrl', callbackUrl],
    ['scope', scope],
    ['siteAddress', siteAddress],
    ...further,
    ['state', state],
    ['requestToken', requestToken?.token],
  ];
  return given.flatMap(([name, value]) => (value === undefined ? [] : [[name, encodeText(name, value, looksMasked)]]));
}

/**
 * The last look at the tags before they go out. Ours are written by us alone, so that they name one owner and hold one memory; what else
 * the platform may make one of ours is a forgery, wherever it came from. An update also carries what people wrote on the instance: a tag that
 * the platform answered so stays as it is, `Connectorctl` for one.
 * @param carried tags that the instance has: they go back as they are, also those that read as a reference of ours or as a mask
 */
function encodeTags(
  tags: readonly string[],
  isForgery: (tag: string) => boolean,
  carried: readonly string[] = [],
): readonly string[] {
  const forged = tags.find((tag) => !isOwnTag(tag) && isForgery(tag));
  if (forged !== undefined)
    throw reservedTag(`The tag ${JSON.stringify(forged)} could be taken for one of connectorctl`);
  if (readOwner(tags) === 'ambiguous') throw reservedTag('The tags that record the owner contradict each other');
  if (decodeApplied(tags) === 'damaged') throw reservedTag('The tags that record what was last applied are damaged');
  return tags.map((tag) => (carried.includes(tag) ? tag : encodeText('tags', tag)));
}

function reservedTag(what: string): UserError {
  return new UserError('reserved-tag-refused', `${what}, so nothing was sent.`, {
    kind: 'refused',
    hint: 'Remove tags that begin with connectorctl from the definition, and from the instance on the platform those that connectorctl did not write.',
  });
}

function encodeConfiguration(configuration: ReadonlyMap<string, DesiredValue>): JsonObject {
  return toJsonObject(Array.from(configuration, ([key, value]) => [key, encodeValue(key, value)] as const));
}

function encodeProviderData(providerData: ReadonlyMap<string, Secret | string>): JsonObject {
  return toJsonObject(
    Array.from(providerData, ([key, value]) => [key, encodeText(`providerData.${key}`, value, looksMasked)] as const),
  );
}

// Texts and booleans go as they are, numbers as text: no documented body holds a number (platform-api §3).
function encodeValue(key: string, value: DesiredValue): Json {
  const place = `configuration.${key}`;
  if (value instanceof Secret || typeof value === 'string') return encodeText(place, value, looksMasked);
  if (typeof value === 'number' || isExactNumber(value)) return String(value);
  if (typeof value === 'boolean' || value === null) return value;
  const text = encodeText(place, writeJson(value), looksMasked);
  return key === pollerKey ? value : text;
}

/** A name or a tag is never masked, and people write `***` for stars; so there only the platform's own mask is refused. */
function encodeText(
  place: string,
  value: Secret | string,
  isMask: (value: string) => boolean = isPlatformMask,
): string {
  const text = value instanceof Secret ? reveal(value) : value;
  if (isMask(text)) throw unsendable(place, 'is the mask that the platform shows in place of a secret');
  // What a secret holds is a value like any other; in text of a definition it is a reference that nobody resolved.
  if (!(value instanceof Secret) && text.includes('${{'))
    throw unsendable(place, 'contains a reference that was not resolved');
  return text;
}

function unsendable(place: string, why: string): UserError {
  return new UserError('unsendable-value', `${place} ${why}, so nothing was sent.`, {
    kind: 'invalid',
    hint: 'Write a reference such as ${{ secrets.NAME }} in the definition and set that secret to its real value.',
  });
}
