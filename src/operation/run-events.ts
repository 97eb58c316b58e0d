import type { ApplyEvent, Failure, Outcome } from '../model/apply.ts';
import { actions, type Change, type Plan } from '../model/plan.ts';
import type { InstanceEnded, InstanceStarted, RequestEnded, RunStarted } from '../model/run-record.ts';
import type { RequestLine } from '../platform/connect-options.ts';
import type { OperationPorts } from './operation-ports.ts';
import type { Show, Untimed } from './run-log.ts';

/** The first line of a run. */
export function toRunStarted(plan: Plan, env: OperationPorts['env'], show: Show): Untimed<RunStarted> {
  const { toolVersion, workspace, environment, target, commit, digest, summary } = plan;
  const planned = actions.map((action) => [action, summary[action]] as const);
  return {
    event: 'run-started',
    toolVersion,
    workspace,
    environment,
    baseUrl: target.baseUrl,
    ...(target.account === undefined ? {} : { account: show(target.account) }),
    ...(commit === undefined ? {} : { commit }),
    digest,
    planned: Object.fromEntries(planned.filter(([, count]) => count > 0)),
    ...readActor(env, show),
    ...readJob(env, show),
  };
}

/** Work on an instance begins. The change was redacted with its plan; what a definition says stands in it as it is. */
export function toStarted({ key, action, connector, name, id, previousKey }: Change): Untimed<InstanceStarted> {
  return {
    event: 'started',
    key,
    action,
    connector,
    name,
    ...(id === undefined ? {} : { id }),
    ...(previousKey === undefined ? {} : { previousKey }),
  };
}

/** An attempt of a request about an instance is over. */
export function toRequestEnded(key: string, line: RequestLine, show: Show): Untimed<RequestEnded> {
  const { method, path, attempt, status, requestId, durationMs } = line;
  return {
    event: 'request',
    key,
    method,
    path: show(path),
    attempt,
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId: show(requestId) }),
    durationMs: roundMs(durationMs),
  };
}

type Told = Exclude<ApplyEvent, { status: 'started' }> | Outcome;

/** What became of an instance. */
export function toOutcome(told: Told, show: Show): Untimed<InstanceEnded> {
  const { change, status } = told;
  const id = ('id' in told ? told.id : undefined) ?? change.id;
  return {
    event: 'outcome',
    key: change.key,
    action: change.action,
    status,
    ...(id === undefined ? {} : { id: show(id) }),
    ...('reason' in told && told.reason !== undefined ? { reason: show(told.reason) } : {}),
    ...('failure' in told && told.failure !== undefined ? { failure: showFailure(told.failure, show) } : {}),
  };
}

/** Milliseconds to the tenth. */
export function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

function showFailure({ code, message, requestId, hint }: Failure, show: Show): Failure {
  return {
    code,
    message: show(message),
    ...(requestId === undefined ? {} : { requestId: show(requestId) }),
    ...(hint === undefined ? {} : { hint: show(hint) }),
  };
}

/** Who a CI job was started by, else the user of this machine. */
function readActor(env: OperationPorts['env'], show: Show): { readonly actor?: string } {
  const names = isGithub(env) ? ['GITHUB_ACTOR'] : ['USER', 'LOGNAME', 'USERNAME'];
  const actor = names.map((name) => env[name] ?? '').find((text) => text !== '');
  return actor === undefined ? {} : { actor: show(actor) };
}

/** The address under which a GitHub job is found; nothing else of its environment is written down. */
function readJob(env: OperationPorts['env'], show: Show): { readonly job?: string } {
  const names = ['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'];
  const [server = '', repository = '', run = ''] = names.map((name) => env[name]);
  const isNamed = [server, repository, run].every((text) => text !== '');
  return isGithub(env) && isNamed ? { job: show(`${server}/${repository}/actions/runs/${run}`) } : {};
}

function isGithub(env: OperationPorts['env']): boolean {
  return env['GITHUB_ACTIONS'] === 'true';
}
