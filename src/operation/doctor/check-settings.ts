import { judgeHost, readAllowedHosts, readBaseUrl } from '../../model/base-url.ts';
import type { Environment } from '../../model/environment.ts';
import { makeKeyCommand } from '../../model/hashing.ts';
import { isLacking } from '../../model/listed-secret.ts';
import { generalVariables } from '../../model/own-variables.ts';
import type { SetUpCheck } from '../../model/set-up-check.ts';
import { UserError } from '../../model/user-error.ts';
import { checkFingerprintKey } from '../../secret/fingerprint.ts';
import { readBothSecrets, readCredentials, readOwnSecret } from '../credentials.ts';
import { listSecrets } from '../list-secrets.ts';
import type { LoadedDefinitions } from '../load-definitions.ts';
import type { OperationPorts, OperationTarget } from '../operation-ports.ts';

/** As `engines` of the package says. */
const leastNode = [20, 19] as const;

export function checkNode(version: string): SetUpCheck {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isFit = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  const wanted = leastNode.join('.');
  return isFit
    ? { name: 'node', status: 'ok', message: `Node.js ${version}.` }
    : {
        name: 'node',
        status: 'failed',
        message: `Node.js ${version} is too old.`,
        hint: `Install ${wanted} or newer.`,
      };
}

/** The same as `secrets check`, as one line: which are set is asked, and no value is shown. */
export async function checkSecrets(ports: OperationPorts, target: OperationTarget): Promise<SetUpCheck> {
  const name = 'secrets';
  try {
    const listed = await listSecrets({ ...ports, notice: () => {} }, target, { isCheck: true });
    if (listed.kind !== 'secrets') {
      return { name, status: 'skipped', message: 'Not looked at: the definitions come first.' };
    }
    const { secrets } = listed;
    const count = (status: string) => secrets.filter((one) => one.status === status).length;
    const lacking = secrets.filter(isLacking);
    const [waiting, unused] = [count('waiting'), count('unused')];
    const rest = [
      ...(waiting === 0 ? [] : [`${waiting} to be set when a person authorises`]),
      ...(unused === 0 ? [] : [`${unused} set and not used`]),
    ];
    const told = [
      ...(count('set') === 0 && lacking.length > 0 ? [] : [`${count('set')} set`]),
      ...(lacking.length === 0 ? [] : [`${lacking.length} not set`]),
      ...rest,
    ].join(', ');
    if (lacking.length > 0) {
      const names = lacking.slice(0, 3).map((one) => one.name);
      const more = lacking.length > 3 ? ` and ${lacking.length - 3} more` : '';
      return {
        name,
        status: 'failed',
        message: `${told}: ${names.join(', ')}${more}. Definitions that need them are left alone.`,
        hint: 'Where each is to be set:\nconnectorctl secrets check',
      };
    }
    return { name, status: 'ok', message: secrets.length === 0 ? 'No definition needs any.' : `${told}.` };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, status: 'failed', message: error.message, hint: error.hint };
  }
}

/** Whether credentials may go to the host of the environment. Nothing is sent. */
export function checkHostName({ environment }: LoadedDefinitions, { env }: OperationPorts): SetUpCheck {
  const name = 'host';
  if (environment.platform === 'sandbox') {
    return { name, status: 'ok', message: 'The embedded sandbox, which runs on this machine.' };
  }
  const read = readBaseUrl(environment.baseUrl ?? '');
  const fault = read.ok ? judgeHost(read.baseUrl, readAllowedHosts(env)) : read.fault;
  if (fault !== undefined) return { name, status: 'failed', message: fault.message, hint: fault.hint };
  const { host, protocol } = new URL(read.ok ? read.baseUrl : '');
  return { name, status: 'ok', message: `${host} may have the credentials, over ${protocol.replace(':', '')}.` };
}

export function checkCredentials(loaded: LoadedDefinitions, ports: OperationPorts): SetUpCheck {
  const { environment } = loaded;
  const name = 'credentials';
  if (environment.platform === 'sandbox') return { name, status: 'ok', message: 'The sandbox needs none.' };
  try {
    const { userSecret, organizationSecret } = readCredentials(loaded, ports);
    return { name, status: 'ok', message: `${userSecret.origin} and ${organizationSecret.origin} are set.` };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, status: 'failed', message: error.message, hint: error.hint };
  }
}

/** What the fingerprints in the tags are made with. The length of the key is all that is told of it. */
export function checkFingerprints({ platform, name: environment }: Environment, ports: OperationPorts): SetUpCheck {
  const name = 'fingerprint-key';
  const key = readOwnSecret(generalVariables.fingerprintKey, environment, ports);
  try {
    checkFingerprintKey(key);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, status: 'failed', message: error.message, hint: error.hint };
  }
  const left = [generalVariables.formerFingerprintKey, generalVariables.formerOrganizationSecret]
    .flatMap((one) => readBothSecrets(one, environment, ports))
    .map(({ origin }) => origin);
  if (left.length > 0) {
    return {
      name,
      status: 'warning',
      message: `${left.join(' and ')} ${left.length > 1 ? 'are' : 'is'} still set.`,
      hint: 'Take it away once an apply has gone through with the new key.',
    };
  }
  if (!key.isEmpty) return { name, status: 'ok', message: `${key.origin} is set, 256 bits or more.` };
  if (platform === 'sandbox') return { name, status: 'ok', message: 'The sandbox makes one up.' };
  return {
    name,
    status: 'warning',
    message: `${key.origin} is not set: the key is derived from the organization secret.`,
    hint: [
      'Whoever knows that secret can try values against the fingerprints in the tags. Make a key, and store it as a secret:',
      makeKeyCommand,
      `If instances were applied without it, set ${generalVariables.formerOrganizationSecret} to the organization secret as well until an apply has gone through, so that nothing is forgotten.`,
    ].join('\n'),
  };
}
