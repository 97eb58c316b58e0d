import { chosenAuthentication } from '../../catalogue/choices.ts';
import type { Authentication, SandboxConnector } from '../catalogue/connector.ts';
import { playedAs } from '../catalogue/from-catalogue.ts';
import { type Configuration, withDefaults } from './configuration.ts';

/** How an instance logs in: as the configuration chooses, where the connector knows several ways (platform-facts A5). */
export function authenticationOf(connector: SandboxConnector, configuration: Configuration): Authentication {
  const { source } = connector;
  if (source === undefined) return connector.authentication;
  const values = withDefaults(configuration, connector);
  return playedAs(chosenAuthentication(source, (key) => values[key] ?? undefined));
}
