import { readFileSync } from 'node:fs';
import { isJsonObject, type JsonRecord } from '../../src/model/json.ts';

import { sandboxCredentials, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { TenantAccess } from './tenant-client.ts';

export interface Tenant extends TenantAccess {
  /** The part of a create body that lets the platform log in to the provider. */
  login(connector: string): JsonRecord;
  close(): Promise<void>;
}

/**
 * What the suite runs against: a real account when CONNECTORCTL_CONFORMANCE_URL, _USER_SECRET and _ORGANIZATION_SECRET are set, else
 * a new sandbox. A real account needs real log-ins: CONNECTORCTL_CONFORMANCE_LOGINS names a JSON file with
 * `{"<connector>": {"configuration": {...}, "providerData": {...}}}`. Grant codes work once, so there is one run for each.
 */
export async function tenant(): Promise<Tenant> {
  const environment = process.env;
  const baseUrl = environment['CONNECTORCTL_CONFORMANCE_URL'];
  if (baseUrl === undefined || baseUrl === '') return sandboxTenant();
  const logins = readLogins(environment['CONNECTORCTL_CONFORMANCE_LOGINS']);
  return {
    baseUrl,
    userSecret: environment['CONNECTORCTL_CONFORMANCE_USER_SECRET'] ?? '',
    organizationSecret: environment['CONNECTORCTL_CONFORMANCE_ORGANIZATION_SECRET'] ?? '',
    login: (connector) => {
      const login = logins[connector];
      if (!isJsonObject(login)) throw new Error(`CONNECTORCTL_CONFORMANCE_LOGINS has no log-in for ${connector}`);
      return login;
    },
    close: () => Promise.resolve(),
  };
}

async function sandboxTenant(): Promise<Tenant> {
  const sandbox = await startSandbox();
  let codes = 0;
  return {
    baseUrl: sandbox.url,
    ...sandboxCredentials,
    login: (connector) => {
      codes += 1;
      return {
        configuration: sandboxLogins[connector] ?? {},
        ...(connector === 'sfdc' ? { providerData: { code: `code-${codes}` } } : {}),
      };
    },
    close: () => sandbox.close(),
  };
}

const sandboxLogins: Readonly<Record<string, JsonRecord>> = {
  closeio: { username: 'api-key-of-closeio' },
  jira: { username: 'ada', password: 'correct horse', 'jira.subdomain': 'example' },
  sfdc: {
    'oauth.api.key': 'client-id',
    'oauth.api.secret': 'client-secret',
    'oauth.callback.url': 'https://app.example.com/callback',
  },
};

function readLogins(file: string | undefined): JsonRecord {
  const logins: unknown = file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'));
  return isJsonObject(logins) ? logins : {};
}
