import type { Environment } from '../model/environment.ts';
import { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import type { OperationPorts } from './operation-ports.ts';

/** What a platform account is opened with. */
interface Credentials {
  readonly userSecret: Secret;
  readonly organizationSecret: Secret;
}

/** The credentials of a run. Throws a UserError when one is not set. */
export function readCredentials(
  environment: Pick<Environment, 'name'>,
  ports: Pick<OperationPorts, 'env'>,
): Credentials {
  const { userSecret, organizationSecret } = findCredentials(ports);
  const missing = [userSecret, organizationSecret].filter(({ isEmpty }) => isEmpty).map(({ origin }) => origin);
  if (missing.length === 0) return { userSecret, organizationSecret };
  const what = `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set.`;
  const message = missing.length > 1 ? `This run has no credentials: ${what}` : what;
  throw new UserError('missing-credentials', message, {
    kind: 'invalid',
    hint: `Nothing was sent. Environment ${environment.name} needs the user secret and the organization secret of a service user, as environment variables; a workflow passes them to the step with \`env:\`. The platform's console shows both.`,
  });
}

/** Whether a run has no credentials although its environment needs them. Then it has no other secret either, most likely: one sentence says it all. */
export function lacksCredentials({ platform }: Environment, ports: Pick<OperationPorts, 'env'>): boolean {
  const { userSecret, organizationSecret } = findCredentials(ports);
  return platform !== 'sandbox' && userSecret.isEmpty && organizationSecret.isEmpty;
}

function findCredentials({ env }: Pick<OperationPorts, 'env'>): Credentials {
  const read = (name: string): Secret => new Secret(env[name] ?? '', name);
  return {
    userSecret: read('CONNECTORCTL_USER_SECRET'),
    organizationSecret: read('CONNECTORCTL_ORGANIZATION_SECRET'),
  };
}
