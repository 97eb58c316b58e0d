/**
 * What people type who come from Terraform, kubectl, Helm, Pulumi, Argo CD or git, and what it is called here. The answer is told and never
 * run: what a word means elsewhere may be more than what was meant here.
 */
interface Synonym {
  /** A whole sentence, or several. */
  readonly say: string;
  /** Commands to copy, without the name of the program. */
  readonly run?: readonly string[];
}

const showLive: Synonym = {
  say: 'Here, `status` lists the instances of an environment, with id and state.',
  run: ['status'],
};
const deleting: Synonym = {
  say: 'Here, an instance is deleted by taking its file out of the repository and letting `apply` prune; `plan` shows it first.',
  run: ['plan --prune'],
};
const applying: Synonym = { say: 'Here, that is `apply`. `plan` shows what it would do.', run: ['plan', 'apply'] };
const checking: Synonym = { say: 'Here, that is `validate`. It changes nothing.', run: ['validate'] };
const planning: Synonym = { say: 'Here, that is `plan`. It changes nothing.', run: ['plan'] };
const importing: Synonym = {
  say: 'Here, `import` writes definitions for the instances that are live.',
  run: ['import --all'],
};
const loggingIn: Synonym = {
  say: 'There is no login: the credentials are the environment variables CONNECTORCTL_USER_SECRET and CONNECTORCTL_ORGANIZATION_SECRET. `doctor` says whether they are set and which account they belong to.',
  run: ['doctor'],
};
const noState: Synonym = {
  say: 'There is no state: every plan reads the platform, and what was last applied stands in the tags of the instances. `drift` says what changed on the platform.',
  run: ['drift'],
};
const environments: Synonym = {
  say: 'Environments stand in connectorctl.yaml; any command takes one with --env. This shows all of them side by side:',
  run: ['status --all-environments'],
};
const explaining: Synonym = {
  say: 'Here, `explain` says what can be configured on a connector, and lists those that are known.',
  run: ['explain --list'],
};
const renaming: Synonym = {
  say: 'Here, a definition is renamed by renaming its file, with `git mv` as any other; the instance keeps its id, and `plan` shows a move.',
  run: ['plan'],
};
const letting: Synonym = {
  say: 'There is no command for that: a definition that is gone leaves its instance alone as an orphan unless `apply` prunes, and `ignore` in a definition leaves a key alone.',
  run: ['plan'],
};
const switching: Synonym = {
  say: 'Here, a definition says `enabled: false` or `enabled: true`.',
  run: ['plan'],
};
const rotating: Synonym = {
  say: 'Here, a secret is rotated by setting it anew where it is kept: the next plan notices, and `apply` sends it.',
  run: ['secrets list', 'plan'],
};
const copying: Synonym = {
  say: 'Here, one definition serves several environments, with `overrides` for what differs.',
  run: ['plan --all-environments'],
};
const labelling: Synonym = {
  say: 'Here, `tags` of a definition are the tags of its instance.',
  run: ['plan'],
};
const versioning: Synonym = {
  say: 'Definitions are files: git keeps, compares and takes back their versions. `plan` shows what those of now would do.',
  run: ['plan'],
};
const rollingBack: Synonym = {
  say: 'There is no rollback: revert the commit, and apply what the definitions then say.',
  run: ['plan'],
};
const tellingHistory: Synonym = {
  say: 'Here, `history` shows what was done, from a file that `apply --record` wrote.',
  run: ['history --help'],
};

/** By the first word. */
const commands: Readonly<Record<string, Synonym>> = {
  diff: planning,
  preview: planning,
  'dry-run': planning,
  compare: planning,
  simulate: planning,
  get: showLive,
  list: showLive,
  ls: showLive,
  ps: showLive,
  show: {
    say: 'Here, `status` shows the live instances, `plan` what would change, and `history` what was done.',
    run: ['status'],
  },
  describe: showLive,
  state: {
    say: 'There is no state file. `status` lists the instances of an environment; a definition is renamed by renaming its file, and `import` takes in what is there.',
    run: ['status'],
  },
  instances: showLive,
  output: { say: 'Here, `status` gives the ids of all instances as JSON.', run: ['status --format json'] },
  outputs: { say: 'Here, `status` gives the ids of all instances as JSON.', run: ['status --format json'] },
  ping: { say: 'Here, `status` asks the provider through each instance.', run: ['status --ping'] },
  health: { say: 'Here, `status` asks the provider through each instance.', run: ['status --ping'] },
  test: {
    say: 'Here, `validate` checks the files, and `status` asks the instances.',
    run: ['validate', 'status --ping'],
  },
  destroy: deleting,
  delete: deleting,
  remove: deleting,
  rm: deleting,
  del: deleting,
  uninstall: deleting,
  prune: deleting,
  lint: checking,
  check: checking,
  verify: checking,
  validation: checking,
  sync: applying,
  deploy: applying,
  up: applying,
  create: applying,
  update: applying,
  upgrade: {
    say: '`apply` brings the instances up to date. The tool itself is brought up to date by npm, or by the commit that a workflow names.',
    run: ['plan'],
  },
  push: applying,
  run: applying,
  install: applying,
  reconcile: applying,
  replace: {
    say: 'Here, `apply` replaces an instance whose connector changes, when that is allowed.',
    run: ['plan --allow-replace'],
  },
  dump: importing,
  export: importing,
  pull: {
    say: 'Here, `import` writes definitions, and `catalog pull` what the platform says about connectors.',
    run: ['import --all', 'catalog pull'],
  },
  clone: importing,
  download: importing,
  adopt: { say: 'Here, `import` writes definitions that adopt the live instances.', run: ['import --all --adopt'] },
  refresh: noState,
  taint: {
    say: 'An instance is not marked to be made again. `authorize` logs it in anew, and `apply --resend` sends its secrets once more.',
    run: ['plan --resend KEY'],
  },
  untaint: noState,
  unlock: {
    say: 'The lock of an apply belongs to its process, and ends with it. There is nothing to unlock.',
  },
  'force-unlock': {
    say: 'The lock of an apply belongs to its process, and ends with it. There is nothing to unlock.',
  },
  login: loggingIn,
  logout: loggingIn,
  auth: loggingIn,
  whoami: loggingIn,
  account: loggingIn,
  configure: loggingIn,
  config: {
    say: 'The workspace is the file connectorctl.yaml; `init` writes one, and `doctor` checks the set-up.',
    run: ['doctor'],
  },
  'cluster-info': loggingIn,
  info: { say: 'Here, `doctor` checks the set-up, and says which account it reaches.', run: ['doctor'] },
  diagnose: { say: 'Here, that is `doctor`.', run: ['doctor'] },
  workspace: environments,
  env: environments,
  environment: environments,
  environments,
  context: environments,
  contexts: environments,
  use: environments,
  stack: environments,
  'api-resources': explaining,
  connectors: explaining,
  elements: explaining,
  schema: explaining,
  schemas: explaining,
  man: { say: 'Here, `help COMMAND` prints the help of a command.', run: ['help'] },
  docs: { say: 'Here, `help COMMAND` prints the help of a command.', run: ['help'] },
  version: { say: 'Here, that is the option --version.', run: ['--version'] },
  new: { say: 'Here, `init` writes the first definition of a connector.', run: ['init --connector KEY'] },
  add: { say: 'Here, `init` writes the first definition of a connector.', run: ['init --connector KEY'] },
  generate: { say: 'Here, `init` writes the first definition of a connector.', run: ['init --connector KEY'] },
  ...fromWords(['mv', 'move', 'rename'], renaming),
  ...fromWords(['forget', 'release', 'unadopt', 'disown', 'unmanage', 'orphan', 'orphans'], letting),
  ...fromWords(['enable', 'disable', 'pause', 'resume', 'suspend', 'stop'], switching),
  ...fromWords(['rotate', 'rekey', 'rotate-secret'], rotating),
  ...fromWords(['copy', 'cp', 'promote'], copying),
  ...fromWords(['label', 'annotate', 'tag'], labelling),
  patch: { say: 'Definitions are files below instances/: edit them, and look at what that would do.', run: ['plan'] },
  ...fromWords(['commit', 'checkout', 'branch', 'merge', 'rebase', 'stash', 'reset', 'fetch', 'remote'], versioning),
  envs: environments,
  switch: environments,
  wait: { say: '`apply` waits by itself until each instance was read back and asked.', run: ['status --ping'] },
  watch: {
    say: 'Nothing is watched: run `drift` on a schedule, as the workflow does that `init` writes.',
    run: ['drift'],
  },
  instance: showLive,
  connector: explaining,
  ...fromWords(['search', 'find', 'providers'], explaining),
  ...fromWords(['reauth', 'reauthorize', 'consent'], { say: 'Here, that is `authorize`.', run: ['authorize KEY'] }),
  rollback: rollingBack,
  undo: rollingBack,
  revert: rollingBack,
  restore: rollingBack,
  log: tellingHistory,
  logs: tellingHistory,
  rollout: tellingHistory,
  fmt: {
    say: 'There is no formatter: comments and layout of a definition are yours, and any formatter for YAML keeps its meaning. `validate` checks it.',
    run: ['validate'],
  },
  format: {
    say: 'There is no formatter: comments and layout of a definition are yours, and any formatter for YAML keeps its meaning. `validate` checks it.',
    run: ['validate'],
  },
  graph: { say: 'There is no graph: no instance depends on another one. `plan` lists what is done.', run: ['plan'] },
  edit: {
    say: 'Definitions are files below instances/: edit them, and look at what that would do.',
    run: ['plan'],
  },
  scale: {
    say: 'An instance is there once. What it polls, and how often, stands in its definition.',
    run: ['explain --list'],
  },
  autocomplete: { say: 'Here, that is `completion`.', run: ['completion bash'] },
  completions: { say: 'Here, that is `completion`.', run: ['completion bash'] },
  secret: { say: 'Here, that is `secrets`.', run: ['secrets list'] },
  server: { say: 'Here, that is `sandbox`: the embedded platform as a server.', run: ['sandbox'] },
  serve: { say: 'Here, that is `sandbox`: the embedded platform as a server.', run: ['sandbox'] },
  start: { say: 'Here, that is `sandbox`: the embedded platform as a server.', run: ['sandbox'] },
  catalogue: { say: 'Here, that is `catalog pull`.', run: ['catalog pull'] },
  oauth: { say: '`plan` names the instances that wait for the consent of a person.', run: ['plan'] },
  console: { say: 'There is no console: `plan` shows what is wanted, and `status` what is live.', run: ['status'] },
};

const formatting = (json: boolean): Synonym => ({
  say: json
    ? 'Here, that is --format json.'
    : 'Here, the format of the output is chosen by --format, and `plan` writes itself to a file with --out.',
});
const environmentFlag: Synonym = { say: 'Here, that is --env NAME.' };
const selecting: Synonym = {
  say: "Here, that is --only KEY. Patterns do too: --only 'crm/*'.",
};
const saying: Synonym = { say: 'Here, that is --yes, of `apply`.' };
const dry: Synonym = { say: 'Here, that is a command of its own: `plan` sends only reads.', run: ['plan'] };
const varying: Synonym = {
  say: 'Variables stand in connectorctl.yaml, below `vars` of the environment; secrets are environment variables, CONNECTORCTL_SECRET_NAME.',
};
const forcing: Synonym = {
  say: 'There is no one option that forces everything. Each limit has a way of its own, and a plan that is refused names it: --allow-limits, --allow-replace, --prune, --resend, and --force of `import`.',
};
const where: Synonym = { say: 'Here, the workspace file is named: --config FOLDER/connectorctl.yaml.' };

/** By the option without its dashes and its value. */
const options: Readonly<Record<string, Synonym>> = {
  o: formatting(true),
  output: formatting(true),
  json: formatting(true),
  j: formatting(true),
  'output-format': formatting(true),
  out: formatting(false),
  yaml: { say: 'Plans and lists are printed as text or JSON: --format json.' },
  f: { say: 'Here, all definitions below instances/ count. --only KEY chooses some, and `validate FILE` checks one.' },
  filename: {
    say: 'Here, all definitions below instances/ count. --only KEY chooses some, and `validate FILE` checks one.',
  },
  file: {
    say: 'Here, all definitions below instances/ count. --only KEY chooses some, and `validate FILE` checks one.',
  },
  version: { say: 'Here, that is --version.' },
  e: environmentFlag,
  environment: environmentFlag,
  environments: { say: 'Here, that is --env dev,stage,prod, or --all-environments, of the commands that only read.' },
  context: environmentFlag,
  stack: environmentFlag,
  stage: environmentFlag,
  profile: environmentFlag,
  namespace: environmentFlag,
  n: environmentFlag,
  workspace: environmentFlag,
  A: { say: 'Here, that is --all-environments, of the commands that only read.' },
  'all-environments': {
    say: 'That is an option of commands that only read: `validate`, `plan`, `drift`, `status`, `doctor`, `secrets list` and `secrets check`.',
  },
  'all-namespaces': { say: 'Here, that is --all-environments, of the commands that only read.' },
  'all-envs': { say: 'Here, that is --all-environments, of the commands that only read.' },
  target: selecting,
  t: selecting,
  selector: selecting,
  l: selecting,
  filter: selecting,
  include: selecting,
  key: selecting,
  name: selecting,
  select: selecting,
  skip: { say: 'Here, that is --exclude KEY.' },
  'auto-approve': saying,
  approve: saying,
  'non-interactive': saying,
  'no-input': saying,
  'no-prompt': saying,
  'no-confirm': saying,
  input: saying,
  y: saying,
  yes: saying,
  'dry-run': dry,
  dryrun: dry,
  'what-if': dry,
  whatif: dry,
  preview: dry,
  diff: dry,
  k: { say: 'Here, all definitions below instances/ count. --only KEY chooses some.' },
  fix: {
    say: 'Here, `apply` brings back what the definitions say, and `drift --accept KEY` writes what is live into them.',
  },
  'refresh-only': { say: 'Here, that is a command of its own: `drift`.', run: ['drift'] },
  refresh: { say: 'Every plan reads the platform: there is no state that could be old.' },
  destroy: deleting,
  delete: deleting,
  'delete-orphans': { say: 'Here, that is --prune.' },
  force: forcing,
  replace: { say: 'Here, that is --allow-replace.' },
  recreate: { say: 'Here, that is --allow-replace.' },
  var: varying,
  'var-file': varying,
  set: varying,
  values: varying,
  watch: { say: 'Nothing is watched: run `drift` on a schedule, as the workflow does that `init` writes.' },
  w: { say: 'Nothing is watched: run `drift` on a schedule, as the workflow does that `init` writes.' },
  wait: { say: '`apply` waits by itself until each instance was read back and asked.' },
  parallelism: { say: 'Here, that is --concurrency, of `apply`.' },
  parallel: { say: 'Here, that is --concurrency, of `apply`.' },
  jobs: { say: 'Here, that is --concurrency, of `apply`.' },
  lock: { say: 'An apply always locks its folder; --lock-timeout says how long to wait for another one.' },
  'no-verify': { say: 'That is an option of `apply`.' },
  debug: { say: 'Here, that is --verbose.' },
  trace: { say: 'Here, that is --verbose.' },
  d: { say: 'Here, that is --verbose.' },
  silent: { say: 'Here, that is --quiet.' },
  s: { say: 'Here, that is --quiet.' },
  chdir: where,
  C: where,
  dir: where,
  directory: where,
  cwd: where,
  c: where,
  kubeconfig: where,
  'no-colour': { say: 'Here, that is --no-color.' },
  colour: { say: 'Colours are shown on a terminal; --no-color leaves them out, and FORCE_COLOR=1 keeps them.' },
  color: { say: 'Colours are shown on a terminal; --no-color leaves them out, and FORCE_COLOR=1 keeps them.' },
  strict: { say: '--strict is an option of `validate` and `plan`.' },
  'detailed-exit-code': { say: 'Here, that is --detailed-exitcode, of `plan`.' },
  token: loggingIn,
  username: loggingIn,
  password: loggingIn,
  url: { say: 'The address of a platform stands in connectorctl.yaml, as `baseUrl` of the environment.' },
  host: { say: 'The address of a platform stands in connectorctl.yaml, as `baseUrl` of the environment.' },
  server: { say: 'The address of a platform stands in connectorctl.yaml, as `baseUrl` of the environment.' },
};

/** Options of our own that a command does not have on purpose. */
const applyOne: Synonym = {
  say: 'An apply is for one environment, so that each is looked at and agreed to by itself: run it for one after the other, with --env NAME. `plan` shows what it would do in all of them.',
  run: ['apply --env NAME', 'plan --all-environments'],
};
const authorizeOne: Synonym = {
  say: 'A login is for one environment: run it for one after the other, with --env NAME. `plan` shows what waits in all of them.',
  run: ['authorize --env NAME', 'plan --all-environments'],
};
const importOne: Synonym = {
  say: 'An import is from one environment: run it for one after the other, with --env NAME. `status` shows the instances of all of them.',
  run: ['import --env NAME', 'status --all-environments'],
};
const oneEnvironment: Readonly<Record<string, Synonym>> = {
  apply: applyOne,
  authorize: authorizeOne,
  import: importOne,
};
const everyEnvironment: ReadonlySet<string> = new Set([
  'all-environments',
  'all-envs',
  'all-namespaces',
  'A',
  'environments',
]);

/** Commands that take a key or a file in other tools and take none here. */
const operands: Readonly<Record<string, (word: string) => Synonym>> = {
  plan: (word) => keyOrPlan(word, 'plan'),
  drift: (word) => keyOrPlan(word, 'drift'),
  status: (word) => keyOrPlan(word, 'status'),
  apply: (word) => ({
    say: '`apply` takes at most one plan file. Keys are chosen by --only.',
    run: [`apply --only ${word}`],
  }),
  import: (word) => ({
    say: 'Here, instances are named by --id, or taken all.',
    run: [/^\d+$/.test(word) ? `import --id ${word}` : 'import --all'],
  }),
  doctor: (word) => ({ say: 'The environment is named by --env.', run: [`doctor --env ${word}`] }),
  init: (word) => ({
    say: 'Connectors of first definitions are named by --connector.',
    run: [`init --connector ${word}`],
  }),
};

function keyOrPlan(word: string, verb: string): Synonym {
  if (word.endsWith('.json')) return { say: 'A plan file is what `apply` takes.', run: [`apply ${word}`] };
  return { say: 'Keys are chosen by --only.', run: [`${verb} --only ${word.replace(/^instances\/|\.ya?ml$/g, '')}`] };
}

/** Of a group of commands, by its name. */
const groups: Readonly<Record<string, Readonly<Record<string, Synonym>>>> = {
  secrets: {
    ...fromWords(['ls', 'get', 'show', 'status'], { say: 'Here, that is `secrets list`.', run: ['secrets list'] }),
    ...fromWords(['verify', 'validate', 'test'], { say: 'Here, that is `secrets check`.', run: ['secrets check'] }),
    ...fromWords(['set', 'put', 'add', 'create', 'delete', 'rotate'], {
      say: 'Secrets are set where they are kept; `secrets list` says where each belongs.',
      run: ['secrets list'],
    }),
  },
  catalog: {
    ...fromWords(['list', 'ls', 'show', 'get', 'search'], {
      say: 'Here, that is `explain --list`.',
      run: ['explain --list'],
    }),
    ...fromWords(['update', 'refresh', 'sync', 'push', 'download'], {
      say: 'Here, that is `catalog pull`.',
      run: ['catalog pull'],
    }),
  },
};

function fromWords(words: readonly string[], synonym: Synonym): Readonly<Record<string, Synonym>> {
  return Object.fromEntries(words.map((word) => [word, synonym]));
}

/** Every word that is answered, by what it is. */
export const knownWords: Readonly<Record<'command' | 'option', readonly string[]>> = {
  command: Object.keys(commands),
  option: Object.keys(options),
};

/** What the parser did not understand. */
export type Misunderstood = 'command' | 'option' | 'operand';

/**
 * What a word is called here, as the lines of a hint; undefined when nobody is known to use it.
 * @param word as it was typed; of an option with its dashes and its value
 * @param verb the command that it was given to; absent for the first word
 */
export function findSynonym(kind: Misunderstood, word: string, verb = ''): string | undefined {
  const found = lookUp(kind, word, verb);
  if (found === undefined) return undefined;
  return [found.say, ...(found.run ?? []).map((command) => `connectorctl ${command}`)].join('\n');
}

function lookUp(kind: Misunderstood, word: string, verb: string): Synonym | undefined {
  const own = (table: Readonly<Record<string, Synonym>>, name: string) =>
    Object.hasOwn(table, name) ? table[name] : undefined;
  switch (kind) {
    case 'command': {
      const table = verb === '' ? commands : ((Object.hasOwn(groups, verb) ? groups[verb] : undefined) ?? {});
      return own(table, word) ?? own(table, word.toLowerCase());
    }
    case 'option': {
      const [name = ''] = word.replace(/^-+/, '').split('=');
      if (everyEnvironment.has(name) && Object.hasOwn(oneEnvironment, verb)) return oneEnvironment[verb];
      return own(options, name) ?? own(options, name.toLowerCase());
    }
    case 'operand':
      return isPlain(word) && Object.hasOwn(operands, verb) ? operands[verb]?.(word) : undefined;
    default:
      return kind satisfies never;
  }
}

/** Whether a word can stand in a command to copy as it is. */
function isPlain(word: string): boolean {
  return /^[\w./*-]+$/.test(word);
}
