import { loadPulled } from '../load-catalogue.ts';
import { PlatformError, type PlatformReader, type Probe } from '../../model/platform.ts';
import type { SetUpCheck } from '../../model/set-up-check.ts';
import { UserError } from '../../model/user-error.ts';
import type { Secret } from '../../model/secret.ts';
import { createRedactor } from '../../secret/redactor.ts';
import { connect, type Connection } from '../connect.ts';
import type { LoadedDefinitions } from '../load-definitions.ts';
import { resolveEach } from '../resolve-definitions.ts';
import { hideWhole } from '../redact-plan.ts';
import type { OperationPorts } from '../operation-ports.ts';
import { findOutdated, openConnectorSource } from '../read-connectors.ts';

/** Seconds by which clocks may differ. What is signed for minutes is refused long after. */
const mostSkew = 60;

/** Requests at the same time. */
const concurrency = 4;

/** What only the platform can say. Nothing is asked of it where the host may not have the credentials, or there are none. */
export async function checkPlatform(loaded: LoadedDefinitions, ports: OperationPorts): Promise<readonly SetUpCheck[]> {
  const redactor = createRedactor();
  const { environment } = loaded;
  let connection: Connection;
  try {
    // The account is checked here, so that more is told than that it is another one.
    connection = await connect({ ...loaded, environment: { ...environment, account: undefined } }, ports, { redactor });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // All else that stands in the way has a check of its own.
    if (error.code !== 'invalid-proxy') return skipAll(`Not asked: ${error.message}`, [connectionCheck]);
    const { message, hint } = error;
    return [
      { name: connectionCheck, status: 'failed', message, hint },
      ...skipAll('Not asked: there is no way there.'),
    ];
  }
  try {
    return await askPlatform(loaded, connection, { ports, hide: (text) => hideWhole(text, redactor) });
  } finally {
    await connection.close();
  }
}

const connectionCheck = 'connection';
const asked = ['clock', 'account', 'permissions', 'catalogue'] as const;

function skipAll(message: string, first: readonly SetUpCheck['name'][] = []): readonly SetUpCheck[] {
  return [...first, ...asked].map((name) => ({ name, status: 'skipped' as const, message }));
}

interface AskOptions {
  readonly ports: OperationPorts;
  /** Takes out of the platform's words what is a secret of ours. */
  readonly hide: (text: string) => string;
}

async function askPlatform(
  loaded: LoadedDefinitions,
  { reader, given }: Connection,
  { ports, hide }: AskOptions,
): Promise<readonly SetUpCheck[]> {
  let probe: Probe;
  try {
    probe = await reader.probe();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const failed = { name: connectionCheck, status: 'failed', message: error.message, hint: error.hint } as const;
    return [failed, ...skipAll('Not asked: the platform did not answer as it should.')];
  }
  const account = checkAccount(probe, loaded, hide);
  const isOther = account.status === 'failed';
  const rest = isOther
    ? skipAll('Not asked: the account comes first.').filter(
        ({ name }) => name === 'permissions' || name === 'catalogue',
      )
    : [await checkPermissions(loaded, reader), await checkCatalogue(loaded, reader, given)];
  return [describeConnection(loaded, reader), checkClock(probe, ports), account, ...rest];
}

function describeConnection({ environment }: LoadedDefinitions, { target }: PlatformReader): SetUpCheck {
  const name = connectionCheck;
  if (environment.platform === 'sandbox') return { name, status: 'ok', message: 'The sandbox answers.' };
  const { host, protocol } = new URL(target.baseUrl);
  if (protocol === 'https:') return { name, status: 'ok', message: `${host} answers, and its certificate is right.` };
  return { name, status: 'warning', message: `${host} answers, without TLS.`, hint: 'Only a test should do without.' };
}

function checkClock({ date }: Probe, ports: OperationPorts): SetUpCheck {
  const name = 'clock';
  const there = Date.parse(date ?? '');
  if (Number.isNaN(there)) return { name, status: 'skipped', message: 'The platform does not tell the time.' };
  const seconds = Math.round((ports.date().getTime() - there) / 1000);
  const apart = Math.abs(seconds);
  if (apart <= mostSkew) return { name, status: 'ok', message: 'The clock of this machine is right.' };
  return {
    name,
    status: 'warning',
    message: `The clock of this machine is ${apart} s ${seconds > 0 ? 'ahead of' : 'behind'} that of the platform.`,
    hint: 'Set it by a time server: tokens that are valid for minutes are refused, and times in records are wrong.',
  };
}

function checkAccount(
  { account: { id, name: called } }: Probe,
  { environment }: LoadedDefinitions,
  hide: AskOptions['hide'],
): SetUpCheck {
  const name = 'account';
  const shown = [id, called].flatMap((one) => (one === undefined ? [] : [hide(one)])).join(', ');
  const wanted = environment.account;
  if (environment.platform === 'sandbox') return { name, status: 'ok', message: 'The sandbox has only one.' };
  if (wanted !== undefined) {
    if (wanted === id || wanted === called)
      return { name, status: 'ok', message: `The account is ${shown}, as it should be.` };
    const found = shown === '' ? 'the platform does not say which one it is' : `the credentials belong to ${shown}`;
    return {
      name,
      status: 'failed',
      message: `The account should be ${wanted}, and ${found}. No instance was read.`,
      hint: 'Set the credentials of the right account, or correct `account` of the environment in the workspace file.',
    };
  }
  if (shown === '') {
    return {
      name,
      status: 'warning',
      message: 'The platform does not say which account the credentials belong to.',
      hint: 'Ask for the privilege to see the organization, and run this again.',
    };
  }
  return {
    name,
    status: 'warning',
    message: `The environment does not say which account it is: any credentials would do. These belong to ${shown}.`,
    hint: `If that is right, add to the environment ${environment.name} in the workspace file:\naccount: ${JSON.stringify(hide(id ?? called ?? ''))}`,
  };
}

/** What reads can tell. Whether writes are allowed shows only when something is written. */
async function checkPermissions(loaded: LoadedDefinitions, reader: PlatformReader): Promise<SetUpCheck> {
  const name = 'permissions';
  const [used] = loaded.definitions.map(({ connector }) => connector);
  const questions: readonly (readonly [what: string, ask: () => Promise<unknown>])[] = [
    ['list instances', () => reader.listInstances()],
    ['see connectors', () => reader.readConnector(used ?? 'sharefile')],
    ['see formula instances', () => reader.listFormulaInstances('0')],
  ];
  const refused: string[] = [];
  const failures: string[] = [];
  for (const [what, ask] of questions) {
    try {
      await ask();
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      if (error.status === 401 || error.status === 403) refused.push(what);
      else failures.push(`${what}: ${error.message}`);
    }
  }
  const [blocking] = questions.map(([what]) => what);
  if (refused.includes(blocking ?? '')) {
    return {
      name,
      status: 'failed',
      message: `The user may not ${refused.join(', or ')}.`,
      hint: 'Give the user of the credentials the privileges for instances; without them there is no plan.',
    };
  }
  if (failures.length > 0) {
    return { name, status: 'failed', message: `It could not be found out what the user may do. ${failures.join(' ')}` };
  }
  if (refused.length > 0) {
    return {
      name,
      status: 'warning',
      message: `The user may not ${refused.join(', or ')}.`,
      hint: 'Plans say less then, and a delete cannot be checked for formulas that use the instance.',
    };
  }
  return {
    name,
    status: 'ok',
    message: 'The user may list instances, connectors and formulas. Writes were not tried.',
  };
}

/** Whether what was pulled of connectors is still what the platform says. */
async function checkCatalogue(
  loaded: LoadedDefinitions,
  reader: PlatformReader,
  given: readonly Secret[],
): Promise<SetUpCheck> {
  const name = 'catalogue';
  const { values, blocked } = resolveEach(loaded);
  const pulled = await loadPulled(loaded.workspace.directory, [...values, ...blocked]);
  if (pulled.length === 0) return { name, status: 'ok', message: 'No connector was pulled.' };
  try {
    const outdated = await findOutdated(openConnectorSource(reader, concurrency), pulled, given);
    const files = outdated.flatMap(({ at }) => (at === undefined ? [] : [at.file]));
    if (files.length === 0) {
      return {
        name,
        status: 'ok',
        message: `${pulled.length === 1 ? '1 pulled connector' : `${pulled.length} pulled connectors`}, up to date.`,
      };
    }
    return {
      name,
      status: 'warning',
      message: `The platform says something else today than ${files.join(', ')}.`,
      hint: 'Write them anew and look at the difference:\nconnectorctl catalog pull',
    };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { name, status: 'warning', message: `The catalogue could not be read. ${error.message}`, hint: error.hint };
  }
}
