import type { Connector } from '../../model/connector.ts';
import type { Authentication, SandboxConnector, SandboxEntry } from './connector.ts';

/** How the sandbox plays a kind of authentication of the real catalogue; all that is no OAuth makes an instance without a person. */
export function playedAs(authentication: string | undefined): Authentication {
  if (authentication === 'oauth2' || authentication === 'basic') return authentication;
  return authentication?.startsWith('oauth1') === true ? 'oauth1' : 'custom';
}

/**
 * A connector of the real catalogue, as the sandbox plays it.
 *
 * @param played what the sandbox knows beyond the catalogue: how its keys come back, whether documented bodies have a grant
 */
export function fromCatalogue(source: Connector, id: number, played?: SandboxConnector): SandboxConnector {
  const real = source.entries.filter(({ key }) => played?.entryByAlias.has(key) !== true);
  const known = new Set(real.map(({ key }) => key));
  const renamed = (played?.entries ?? []).filter(
    ({ key, comesBackAs }) => comesBackAs !== undefined && !known.has(key),
  );
  const entries: readonly SandboxEntry[] = [
    ...real.map((entry) => {
      const { comesBackAs, neverReturned, description } = played?.entryByKey.get(entry.key) ?? {};
      return { ...entry, description, comesBackAs, neverReturned };
    }),
    ...renamed,
  ];
  const authentication = playedAs(source.authentication);
  return {
    id: played?.id ?? id,
    key: source.key,
    name: played?.name ?? source.name,
    hub: played?.hub ?? source.hub ?? 'general',
    authentication,
    needsGrant: played?.needsGrant ?? authentication.startsWith('oauth'),
    source,
    entries,
    entryByKey: new Map(entries.map((entry) => [entry.key, entry])),
    entryByAlias: new Map(
      entries.flatMap((entry) => (entry.comesBackAs === undefined ? [] : [[entry.comesBackAs, entry]])),
    ),
    defaults: Object.fromEntries(entries.map((entry) => [entry.key, entry.defaultValue ?? null])),
  };
}
