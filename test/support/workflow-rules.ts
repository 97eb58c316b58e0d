import { parse } from 'yaml';

/** What is asked of every workflow that we ship: what zizmor is known to look for, and what our threat model adds. */
export interface Rule {
  readonly name: string;
  /** What breaks the rule, a sentence each. */
  readonly find: (workflow: Workflow) => readonly string[];
}

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if?: string;
  readonly environment?: unknown;
  readonly permissions?: unknown;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly secrets?: unknown;
  readonly steps?: readonly Step[];
  readonly [field: string]: unknown;
}

export interface Workflow {
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>> | readonly string[] | string;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
  readonly [field: string]: unknown;
}

export function readWorkflowText(text: string): Workflow {
  return { ...parse(text), text };
}

/** The most that a job may do, by the first word of its id; each with its reason in the workflow. */
const mayHave: Readonly<Record<string, Readonly<Record<string, 'read' | 'write'>>>> = {
  plan: { contents: 'read', 'pull-requests': 'write', checks: 'write' },
  apply: { contents: 'read', 'pull-requests': 'write', checks: 'read', issues: 'write' },
  drift: { contents: 'read', issues: 'write' },
  authorize: { contents: 'read', 'pull-requests': 'write', issues: 'write' },
  check: { contents: 'read' },
  tag: { contents: 'write' },
  publish: { contents: 'read', 'id-token': 'write' },
};

const ownAction = /^\.\/(?:\.connectorctl-trusted\/)?\.github\/actions\/connectorctl$|\/connectorctl@[0-9a-f]{40}$/;

/** @param inputs names of the inputs of our Action */
export function listRules(inputs: ReadonlySet<string>): readonly Rule[] {
  return [
    { name: 'dangerous triggers', find: findTriggers },
    { name: 'unpinned uses', find: findUnpinned },
    { name: 'excessive permissions', find: findPermissions },
    { name: 'persisted credentials', find: findPersisted },
    { name: 'template injection', find: ({ jobs }) => inSteps(jobs, isInjectable) },
    { name: 'all secrets at once', find: findAllSecrets },
    { name: 'secrets outside of an environment', find: findLooseSecrets },
    { name: 'conditions on who somebody says to be', find: findBotConditions },
    { name: 'caches and artifacts as input', find: findStored },
    { name: 'another machine than a fresh one', find: findMachines },
    { name: 'a container', find: ({ jobs }) => inJobs(jobs, (job) => 'container' in job || 'services' in job) },
    { name: 'rights without a reason', find: findUndocumentedRights },
    { name: 'runs at the same time', find: findUnlimited },
    { name: 'conditions that are always true', find: findUnsoundConditions },
    { name: 'a secret taken out of another', find: ({ text }) => lines(text, /fromJSON\(\s*secrets/i) },
    {
      name: 'commands that GitHub switched off',
      find: ({ text }) => lines(text, /ACTIONS_ALLOW_UNSECURE|::set-output|::save-state/),
    },
    { name: 'a name for each workflow and job', find: findAnonymous },
    { name: 'text from outside as a shell', find: findOddShells },
    { name: 'a path that hides what is used', find: findObfuscated },
    { name: 'a token for a registry', find: ({ text }) => lines(text, /NODE_AUTH_TOKEN|NPM_TOKEN|_authToken/) },
    { name: 'tools fetched over the network', find: findFetched },
    { name: 'writes to GITHUB_ENV', find: ({ text }) => lines(text, /GITHUB_(?:ENV|PATH)|::set-env|::add-path/) },
    { name: 'jobs without an end', find: findEndless },
    { name: 'the tool of the pull request', find: findOwnTool },
    { name: 'a checkout into what the pull request brought', find: findUnclearedPaths },
    { name: 'install scripts beside secrets or rights to write', find: findInstallScripts },
    { name: 'applies that are cancelled', find: findCancelled },
    {
      name: 'an answer that a runner prints',
      find: ({ text }) => lines(text, /inputs\.redirect|inputs\[|toJSON\(\s*(?:github\.event\.)?inputs/),
    },
    { name: 'an action that nobody looked at', find: findUnknownActions },
    { name: 'a checkout of what a pull request names', find: findNamedCheckouts },
    { name: 'unknown inputs', find: (workflow) => findUnknownInputs(workflow, inputs) },
  ];
}

function listTriggers(on: Workflow['on']): readonly string[] {
  if (typeof on === 'string') return [on];
  return Array.isArray(on) ? on.map(String) : Object.keys(on);
}

function findTriggers({ on }: Workflow): readonly string[] {
  const names = listTriggers(on);
  // Events that anybody can cause, and that run with the secrets and rights of the default branch.
  return names.filter((name) =>
    /^(?:pull_request_target|workflow_run|issues?|issue_comment|discussion.*|fork|watch)$/.test(name),
  );
}

/** An expression in a script is text of the script before anybody quotes it; so is the input of an action that runs it. */
function isInjectable({ run = '', with: given = {} }: Step): boolean {
  return [run, given['script'], given['run']].some((text) => typeof text === 'string' && text.includes('${{'));
}

/** By GitHub itself and read by us: nothing archived, nothing with a known hole, nothing that a shell does as well. */
const known: ReadonlySet<string> = new Set(['actions/checkout', 'actions/setup-node', 'actions/upload-artifact']);

function findUnknownActions({ jobs }: Workflow): readonly string[] {
  const called = Object.values(jobs).flatMap(({ uses }) => (typeof uses === 'string' ? [uses] : []));
  return [
    ...called,
    ...inSteps(jobs, ({ uses }) => uses !== undefined && !ownAction.test(uses) && !known.has(uses.replace(/@.*/, ''))),
  ];
}

/** What GitHub made of a pull request, or a commit of the base: a branch by its name may be moved, and may be that of a fork. */
function findNamedCheckouts({ jobs }: Workflow): readonly string[] {
  return inSteps(jobs, ({ uses = '', with: given = {} }) => {
    const { ref = '', repository = '' } = given;
    return uses.startsWith('actions/checkout@') && /head|inputs\.|\.ref\b/.test(`${String(ref)} ${String(repository)}`);
  });
}

/** Text, as the version stands in a comment; and what YAML reads, however it is written. */
function findUnpinned({ text, jobs }: Workflow): readonly string[] {
  const read = Object.values(jobs).flatMap((job) => [job, ...(job.steps ?? [])].flatMap(({ uses }) => uses ?? []));
  const loose = read.map(String).filter((value) => !/^\.\/\S+$|^[\w./-]+@[0-9a-f]{40}$/.test(value));
  const uses = [...text.matchAll(/^\s*(?:- )?uses:\s*(.*)$/gm)].map(([, value = '']) => value);
  const unnamed = uses.filter(
    (value) => !/^(?:\.\/\S+|[\w./-]+@[0-9a-f]{40} # (?:v\d+\.\d+\.\d+|set by connectorctl init))$/.test(value),
  );
  return [...loose, ...unnamed];
}

function findPermissions({ permissions, jobs }: Workflow): readonly string[] {
  const top = JSON.stringify(permissions) === '{}' ? [] : ['the workflow itself has permissions'];
  const each = Object.entries(jobs).flatMap(([id, job]) => {
    const most = mayHave[id.split('-')[0] ?? ''] ?? {};
    const { permissions: own } = job;
    if (typeof own !== 'object' || own === null) return [`${id} names no permissions one by one`];
    return Object.entries(own)
      .filter(([name, level]) => level !== 'none' && level !== 'read' && most[name] !== level)
      .concat(Object.entries(own).filter(([name]) => !(name in most)))
      .map(([name, level]) => `${id} has ${name}: ${level}`);
  });
  return [...top, ...each];
}

function findPersisted({ jobs }: Workflow): readonly string[] {
  return inSteps(
    jobs,
    ({ uses = '', with: given = {} }) => uses.startsWith('actions/checkout@') && given['persist-credentials'] !== false,
  );
}

function findAllSecrets({ text }: Workflow): readonly string[] {
  return lines(text, /secrets:\s*inherit|toJSON\(\s*secrets|secrets\[|secrets\.\*|\$\{\{\s*secrets\s*\}\}/i);
}

/** Only `env` of the step of our Action, and only in a job that GitHub's environment guards. */
function findLooseSecrets({ jobs, text }: Workflow): readonly string[] {
  const allowed = Object.values(jobs).flatMap(({ environment, steps = [] }) =>
    environment === undefined ? [] : steps.filter(({ uses = '' }) => ownAction.test(uses)).map(({ env = {} }) => env),
  );
  const inPlace = allowed.flatMap((env) => Object.values(env)).reduce((sum, value) => sum + countSecrets(value), 0);
  const all = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .reduce((sum, line) => sum + countSecrets(line), 0);
  return all === inPlace ? [] : [`${all - inPlace} secrets stand elsewhere`];
}

function countSecrets(text: string): number {
  return text.match(/secrets\s*[.[]/g)?.length ?? 0;
}

function findBotConditions({ text }: Workflow): readonly string[] {
  return lines(text, /github\.(?:actor|triggering_actor)|\.login\b|\[bot\]|sender/);
}

function findStored({ jobs }: Workflow): readonly string[] {
  return inSteps(jobs, ({ uses = '', with: given = {} }) => {
    const stores = /^actions\/(?:cache|download-artifact)\b/.test(uses) || given['cache'] !== undefined;
    return stores || (uses.startsWith('actions/setup-node@') && given['package-manager-cache'] !== false);
  });
}

function findEndless({ jobs }: Workflow): readonly string[] {
  return Object.entries(jobs).flatMap(([id, job]) => {
    const minutes = job['timeout-minutes'];
    return typeof minutes === 'number' && minutes <= 60 ? [] : [id];
  });
}

/** On a pull request the checkout is what somebody proposes: our Action must not come out of it, nor be built by it. */
function findOwnTool({ on, jobs }: Workflow): readonly string[] {
  if (!listTriggers(on).includes('pull_request')) return [];
  const planning = Object.entries(jobs).filter(([, { steps = [] }]) =>
    steps.some(({ uses = '' }) => uses.startsWith('./')),
  );
  return inSteps(Object.fromEntries(planning), ({ uses = '', run = '' }) => {
    const isForeign = uses.startsWith('./') && !uses.startsWith('./.connectorctl-trusted/');
    const builds = lines(run, /\b(?:npm|npx|node)\b/).some(
      (line) => !line.includes(' --prefix .connectorctl-trusted '),
    );
    return isForeign || builds;
  });
}

/** A pull request may bring the name of the folder as a link, and a checkout empties what is behind it: the step before it removes the name. */
function findUnclearedPaths({ on, jobs }: Workflow): readonly string[] {
  if (!listTriggers(on).includes('pull_request')) return [];
  return Object.entries(jobs).flatMap(([id, { steps = [] }]) =>
    steps.flatMap(({ uses = '', with: given = {} }, index) => {
      const { path } = given;
      if (!uses.startsWith('actions/checkout@') || typeof path !== 'string' || index === 0) return [];
      return steps[index - 1]?.run?.trim() === `rm -rf -- ${path}` ? [] : [`${id}: ${path}`];
    }),
  );
}

/** What is installed runs nothing at once where a job may do more than read. */
function findInstallScripts({ jobs }: Workflow): readonly string[] {
  const able = Object.entries(jobs).filter(([, { permissions, environment, steps = [] }]) => {
    const mayWrite = Object.values(permissions ?? {}).includes('write');
    return mayWrite || environment !== undefined || steps.some(({ uses = '' }) => ownAction.test(uses));
  });
  return inSteps(Object.fromEntries(able), ({ run = '' }) =>
    lines(run, /\bnpm (?:ci|i|install)\b/).some((line) => !line.includes(' --ignore-scripts')),
  );
}

function findCancelled({ jobs }: Workflow): readonly string[] {
  return Object.entries(jobs)
    .filter(([, { steps = [] }]) =>
      steps.some((step) => ['apply', 'authorize'].includes(String(step.with?.['command']))),
    )
    .filter(([, { concurrency }]) => concurrency?.['cancel-in-progress'] !== false || concurrency['queue'] !== 'max')
    .map(([id]) => id);
}

function findUnknownInputs({ jobs }: Workflow, inputs: ReadonlySet<string>): readonly string[] {
  const steps = Object.values(jobs).flatMap(({ steps: own = [] }) => own);
  return steps
    .filter(({ uses = '' }) => ownAction.test(uses))
    .flatMap(({ with: given = {} }) => Object.keys(given).filter((name) => !inputs.has(name)));
}

/** A runner of one's own keeps what the job before it left there. */
function findMachines({ jobs }: Workflow): readonly string[] {
  return inJobs(
    jobs,
    (job) => !/^ubuntu-(?:latest|\d\d\.\d\d)$/.test(JSON.stringify(job['runs-on'] ?? '').replaceAll('"', '')),
  );
}

/** Reading the repository explains itself where nothing else is asked for. */
function findUndocumentedRights({ text }: Workflow): readonly string[] {
  const rights = lines(text, /^ {6}[a-z-]+: (?:read|write)\b/);
  return rights.filter((line) => !/ # \S/.test(line) && !line.endsWith('contents: read'));
}

/** Each workflow, or each of its jobs, says what may run beside it. */
function findUnlimited({ concurrency, jobs }: Workflow): readonly string[] {
  if (concurrency !== undefined) return [];
  return inJobs(jobs, (job) => job.concurrency?.['group'] === undefined);
}

/** A block scalar ends in a line feed, and text beside an expression makes it a string: both are true. `contains` of a string finds parts of words. */
function findUnsoundConditions({ text, jobs }: Workflow): readonly string[] {
  const all = Object.values(jobs).flatMap((job) => [job, job.steps ?? []].flat());
  const mixed = all.map((one) => one.if ?? '').filter((condition) => /\$\{\{[^]*\}\}\s*\S|\S\s*\$\{\{/.test(condition));
  return [...mixed, ...lines(text, /^\s*(?:- )?if:\s*[|>]|contains\(\s*'/)];
}

function findAnonymous({ text, jobs }: Workflow): readonly string[] {
  return [
    ...(/^name: \S/m.test(text) ? [] : ['the workflow']),
    ...inJobs(jobs, ({ name }) => typeof name !== 'string'),
  ];
}

/** Only the shell of the runner, with what it was given: no program from the checkout is the shell. */
function findOddShells({ text }: Workflow): readonly string[] {
  return lines(text, /^\s*(?:- )?shell:/);
}

/** An address that climbs or repeats is read differently by people and by GitHub. */
function findObfuscated({ jobs }: Workflow): readonly string[] {
  return inSteps(jobs, ({ uses = '' }) => /\/\.{1,2}(?:\/|@|$)|\/\/|\\|%/.test(uses.replace(/^\.\//, '')));
}

/** What a job runs is in the checkout, in the lock file or in the image. */
function findFetched({ jobs }: Workflow): readonly string[] {
  return inSteps(jobs, ({ run = '' }) =>
    /\b(?:curl|wget|npx|pip|go install|docker|gem install|npm (?:i|install)\b)/.test(run),
  );
}

function inJobs(jobs: Workflow['jobs'], isBroken: (job: Job) => boolean): readonly string[] {
  return Object.entries(jobs)
    .filter(([, job]) => isBroken(job))
    .map(([id]) => id);
}

function inSteps(jobs: Workflow['jobs'], isBroken: (step: Step) => boolean): readonly string[] {
  return Object.entries(jobs).flatMap(([id, { steps = [] }]) =>
    steps.filter(isBroken).map(({ name, uses, run }) => `${id}: ${name ?? uses ?? run ?? ''}`),
  );
}

function lines(text: string, what: RegExp): readonly string[] {
  return text.split('\n').filter((line) => what.test(line));
}
