import type { Connector } from '../../model/connector.ts';
import { type Authentication, connector, type SandboxConnector } from './connector.ts';

/** How the sandbox plays a kind of authentication of the real catalogue; all that is no OAuth makes an instance without a person. */
export function playedAs(authentication: string | undefined): Authentication {
  if (authentication === 'oauth2' || authentication === 'basic') return authentication;
  return authentication?.startsWith('oauth1') === true ? 'oauth1' : 'custom';
}

/** A connector of the real catalogue, as the sandbox plays it: as its entries say, and nothing more. */
export function fromCatalogue(source: Connector, id: number): SandboxConnector {
  const { key, name, hub = 'general' } = source;
  const authentication = playedAs(source.authentication);
  return { ...connector({ id, key, name, hub, authentication }, source.entries), source };
}
