import { Command, type OutputConfiguration } from 'commander';
import { renderExamples } from './examples.ts';
import { widthOfHelp } from './help-page.ts';
import type { ProgramOptions } from './invocation.ts';
import { nameOf, takesSeveral } from './program-options.ts';
import { UserError } from '../model/user-error.ts';
import { quoteWord } from '../model/shell-word.ts';
import { version } from '../operation/version.ts';

/** A command of the first level. Its options and what it runs are loaded only when it is asked for. */
interface Verb {
  readonly name: string;
  readonly about: string;
  /** What gives the command its options and says what it runs. */
  readonly load: () => Promise<(command: Command, options: ProgramOptions) => void>;
}

const verbs: readonly Verb[] = [
  {
    name: 'init',
    about:
      'write connectorctl.yaml, a first definition, schemas, workflows and the Action; never changes an existing file',
    load: async () => (await import('./program/set-up.ts')).declareInit,
  },
  {
    name: 'validate',
    about: 'check the definitions offline and report every problem with file:line:column',
    load: async () => (await import('./program/definitions.ts')).declareValidate,
  },
  {
    name: 'plan',
    about: 'show what apply would do; sends only read requests',
    load: async () => (await import('./program/planning.ts')).declarePlan,
  },
  {
    name: 'apply',
    about: 'plan, ask for confirmation, and apply',
    load: async () => (await import('./program/applying.ts')).declareApply,
  },
  {
    name: 'authorize',
    about:
      'log in at a provider for an instance: shows where to consent, takes the answer, and creates the instance or logs the live one in again',
    load: async () => (await import('./program/applying.ts')).declareAuthorize,
  },
  {
    name: 'drift',
    about:
      'show what changed on the platform without a definition asking for it; exits with code 2 when there is drift',
    load: async () => (await import('./program/planning.ts')).declareDrift,
  },
  {
    name: 'status',
    about: 'list the live instances of the environment, with id and state; sends only read requests',
    load: async () => (await import('./program/planning.ts')).declareStatus,
  },
  {
    name: 'doctor',
    about:
      'check the set-up: workspace, credentials, host, account, permissions, clock, secrets, workflows, Action; sends only read requests',
    load: async () => (await import('./program/set-up.ts')).declareDoctor,
  },
  {
    name: 'import',
    about: 'write definitions for live instances, or join those of other environments; secrets stay on the platform',
    load: async () => (await import('./program/definitions.ts')).declareImport,
  },
  {
    name: 'convert',
    about:
      'convert what creates an instance (a POST /instances body, a cURL or PowerShell command, a Postman collection) to a definition',
    load: async () => (await import('./program/definitions.ts')).declareConvert,
  },
  {
    name: 'catalog',
    about: 'keep what your platform says about connectors beside the definitions',
    load: async () => (await import('./program/definitions.ts')).declareCatalog,
  },
  {
    name: 'explain',
    about: 'say what can be configured on a connector, or what one of its keys is; asks no platform',
    load: async () => (await import('./program/definitions.ts')).declareExplain,
  },
  {
    name: 'secrets',
    about: 'see which secrets the definitions of an environment need',
    load: async () => (await import('./program/definitions.ts')).declareSecrets,
  },
  {
    name: 'history',
    about: 'show what was done to the instances, from files written by apply --record; sends no requests',
    load: async () => (await import('./program/records.ts')).declareHistory,
  },
  {
    name: 'report',
    about: 'work with what plan and apply reported',
    load: async () => (await import('./program/records.ts')).declareReport,
  },
  {
    name: 'events',
    about: 'receive the notifications of the platform, and check them',
    load: async () => (await import('./program/events.ts')).declareEvents,
  },
  {
    name: 'sandbox',
    about: 'run the embedded platform as a server on 127.0.0.1',
    load: async () => (await import('./program/sandbox.ts')).declareSandbox,
  },
  {
    name: 'completion',
    about: 'print the script by which a shell completes commands, options, keys, environments and connectors',
    load: async () => (await import('./program/set-up.ts')).declareCompletion,
  },
];

export interface Program {
  /** Knows the names of all commands, and of a command no more until it is declared. What it parses it declares itself. */
  readonly root: Command;
  /** Declares those that are wanted: for whoever looks at commands without running one. */
  readonly declare: (isWanted?: (name: string) => boolean) => Promise<void>;
}

export function buildProgram(options: ProgramOptions): Program {
  const declared = new Set<Command>();
  const declareVerb = async (command: Command): Promise<void> => {
    const verb = verbs.find(({ name }) => name === command.name());
    if (verb === undefined || declared.has(command)) return;
    declared.add(command);
    const declare = await verb.load();
    declare(command, options);
    addExamples(command);
  };
  const root = buildRoot(options).hook('preSubcommand', (_, command) => declareVerb(command));
  for (const { name, about } of verbs) root.command(name).description(about);
  const declare: Program['declare'] = async (isWanted = () => true) => {
    for (const command of root.commands) if (isWanted(command.name())) await declareVerb(command);
  };
  return { root, declare };
}

function buildRoot(options: ProgramOptions): Command {
  return new Command('connectorctl')
    .description('GitOps for connector instances on SAP Open Connectors and Cloud Elements.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [COMMAND]', 'print help for a command')
    .option('--env <name>', 'environment from connectorctl.yaml (default: its defaultEnvironment)')
    .option('--config <file>', 'workspace file (default: the connectorctl.yaml of this repository)')
    .option('--no-color', 'disable colored output (also: NO_COLOR)')
    .option('-q, --quiet', 'hide progress and notices on stderr')
    .option('-v, --verbose', 'log each request to stderr')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput(outputsOf(options))
    .showSuggestionAfterError()
    .hook('preAction', (_, command) => {
      refuseSeveral(command, options.argv);
      options.understood({ verb: command.name(), flags: command.optsWithGlobals(), operands: command.args });
    })
    .addHelpText('after', renderExamples('connectorctl'))
    .addHelpText('after', help);
}

/** Environments are named one at a time where something is written: the second must not depend on what became of the first. */
function refuseSeveral(command: Command, argv: readonly string[]): void {
  const { env = '' } = command.optsWithGlobals<{ readonly env?: string }>();
  // Of init, the names are those of environments to be made.
  if (!env.includes(',') || takesSeveral(command) || command.name() === 'init') return;
  const names = env.split(',').map((name) => name.trim());
  const lines = names.filter((name) => name !== '').map((name) => withEnvironment(command, argv, name));
  throw new UserError('usage', `\`${nameOf(command)}\` works on one environment at a time.`, {
    kind: 'invalid',
    hint: ['Run it once for each:', ...lines].join('\n'),
  });
}

/** The command line as it was given, for one of the environments that it names. */
function withEnvironment(command: Command, argv: readonly string[], name: string): string {
  const verb = nameOf(command);
  const words = verb.split(' ').slice(1);
  const rest = argv.filter((word, index) => {
    if (word === '--env' || word.startsWith('--env=') || argv[index - 1] === '--env') return false;
    if (word !== words[0]) return true;
    words.shift();
    return false;
  });
  return [verb, '--env', ...[name, ...rest].map(quoteWord)].join(' ');
}

/** Whoever reads the help of a command wants to see it used. */
function addExamples(command: Command, name = command.name()): void {
  const text = renderExamples(name);
  if (text !== '') command.addHelpText('after', text);
  for (const one of command.commands) addExamples(one, `${name} ${one.name()}`);
}

/** The parser must ask nobody but the host; its help has no colours anyway. */
function outputsOf({ host, usageError }: ProgramOptions): OutputConfiguration {
  return {
    writeOut: host.stdout.write,
    writeErr: usageError,
    outputError: (text) => usageError(text),
    getOutHelpWidth: () => host.stdout.screen?.columns ?? widthOfHelp,
    getErrHelpWidth: () => host.stderr.screen?.columns ?? widthOfHelp,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
}

const help = `
Environment variables:
  CONNECTORCTL_USER_SECRET, CONNECTORCTL_ORGANIZATION_SECRET   credentials of the platform account
  CONNECTORCTL_SECRET_<NAME>                                   value of \${{ secrets.<NAME> }}
  CONNECTORCTL_SECRETS                                         many of them in one: a JSON object, or lines of NAME=value
  CONNECTORCTL_FINGERPRINT_KEY                                 key for fingerprints of secret values, 256 random bits or more (default: the organization secret)
  CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS                        the key before that one, until an apply has gone through
  CONNECTORCTL_ORGANIZATION_SECRET_PREVIOUS                    the same where the organization secret was the key
  CONNECTORCTL_ALLOWED_HOSTS                                   additional hosts that may receive the credentials
  <one of these>_<ENVIRONMENT>                                 for one environment alone, as CONNECTORCTL_USER_SECRET_PROD is for prod;
                                                               not for CONNECTORCTL_SECRET_<NAME> and CONNECTORCTL_ALLOWED_HOSTS

Exit codes: 0 success or nothing to do, 1 failed, 2 changes present, 3 invalid input, 5 partly applied, 6 refused, 7 verification failed.`;
