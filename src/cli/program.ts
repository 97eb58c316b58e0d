import { Argument, Command, Option, type OutputConfiguration } from 'commander';
import { renderFaultHelp } from '../sandbox/faults/fault-help.ts';
import { renderExamples } from './examples.ts';
import { widthOfHelp } from './help-page.ts';
import type { Host } from './host.ts';
import type { InvocationFlags } from './invocation.ts';
import {
  addAllEnvironments,
  addSelection,
  nameOf,
  takesSeveral,
  formatOption,
  parseConcurrency,
  parseDuration,
  parseNumber,
} from './program-options.ts';
import { UserError } from '../model/user-error.ts';
import { quoteWord } from '../model/shell-word.ts';
import { version } from '../operation/version.ts';

export interface ProgramOptions {
  readonly host: Host;
  readonly finish: (code: number) => void;
  /** Takes what the parser would print on a usage error. */
  readonly usageError: (text: string) => void;
  /** Takes what was given, as soon as it was understood. */
  readonly understood: (given: GivenCommand) => void;
}

/** A command line that was understood. */
export interface GivenCommand {
  readonly verb: string;
  readonly flags: InvocationFlags & { readonly out?: string | undefined };
  readonly operands: readonly string[];
}

/** The command line. Each command's code is loaded only when it runs. */
export function buildProgram(options: ProgramOptions): Command {
  const program = new Command('connectorctl')
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
      refuseSeveral(command);
      options.understood({ verb: command.name(), flags: command.optsWithGlobals(), operands: command.args });
    });

  addInit(program, options);
  addValidate(program, options);
  addPlan(program, options);
  addApply(program, options);
  addAuthorize(program, options);
  addDrift(program, options);
  addStatus(program, options);
  addDoctor(program, options);
  addImport(program, options);
  addConvert(program, options);
  addCatalog(program, options);
  addExplain(program, options);
  addSecrets(program, options);
  addHistory(program, options);
  addReport(program, options);
  addEvents(program, options);
  addSandbox(program, options);
  addCompletion(program, options);
  addExamples(program);
  return program.addHelpText('after', help);
}

/** Environments are named one at a time where something is written: the second must not depend on what became of the first. */
function refuseSeveral(command: Command): void {
  const { env = '' } = command.optsWithGlobals<{ readonly env?: string }>();
  // Of init, the names are those of environments to be made.
  if (!env.includes(',') || takesSeveral(command) || command.name() === 'init') return;
  const names = env.split(',').map((name) => name.trim());
  const lines = names.filter((name) => name !== '').map((name) => `${nameOf(command)} --env ${quoteWord(name)}`);
  throw new UserError('usage', `\`${nameOf(command)}\` works on one environment at a time.`, {
    kind: 'invalid',
    hint: ['Run it once for each:', ...lines].join('\n'),
  });
}

/** Whoever reads the help of a command wants to see it used. */
function addExamples(command: Command, name = command.name()): void {
  const text = renderExamples(name);
  if (text !== '') command.addHelpText('after', text);
  for (const one of command.commands) {
    addExamples(one, command.parent === null ? one.name() : `${command.name()} ${one.name()}`);
  }
}

function addInit(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('init')
    .description(
      'write connectorctl.yaml, a first definition, schemas, workflows and the Action; never changes an existing file',
    )
    .option('--workspace <name>', 'name of the new workspace (default: the name of the folder)')
    .option(
      '--platform <platforms...>',
      'sandbox, or the URL of a platform; or one for each environment, dev=URL,prod=URL (default: sandbox)',
    )
    .option(
      '--connector <keys...>',
      'write a definition of each of these connectors, with every key that you have to give',
    )
    .option('--no-workflows', 'do not write workflows and the Action')
    .option(
      '--editor',
      'write .vscode/settings.json and .editorconfig, or add to them, and let the schemas for editors follow the definitions',
    )
    .option('--callback-page', 'write oauth-callback/index.html, a page that browsers can come back to after consent')
    .option(
      '--action <reference>',
      'use OWNER/REPOSITORY/PATH@COMMIT instead of a copy of the Action in the repository',
    )
    .option('--upgrade', 'bring the Action, and workflows that nobody changed, to the version of this program')
    .addOption(formatOption(['text', 'json']))
    .addHelpText(
      'after',
      '\n--env accepts several environments, separated by commas; the workflows have a run for each.',
    )
    .action(async (_options, command: Command) => {
      const { runInit } = await import('./commands/init.ts');
      finish(await runInit(command.optsWithGlobals(), host));
    });
}

function addValidate(program: Command, { host, finish }: ProgramOptions): void {
  const validateCommand = program
    .command('validate')
    .description('check the definitions offline and report every problem with file:line:column')
    .argument('[files...]', 'report only problems in these files');
  addAllEnvironments(validateCommand)
    .addOption(formatOption(['text', 'json', 'github', 'sarif', 'junit']))
    .option('--no-secrets', 'do not check whether secrets are set, for machines that have none')
    .option('--strict', 'count warnings as errors')
    .option('--show-silenced', 'list the problems that comments in the files silence')
    .action(async (files: string[], _options, command: Command) => {
      const { runValidate } = await import('./commands/validate.ts');
      finish(await runValidate(files, command.optsWithGlobals(), host));
    });
}

function addPlan(program: Command, { host, finish }: ProgramOptions): void {
  const planCommand = program
    .command('plan')
    .description('show what apply would do; sends only read requests')
    .option('--out <file>', 'write the plan to this file as JSON');
  addAllEnvironments(addSelection(planCommand))
    .option('--detailed-exitcode', 'exit with code 2 when there are changes')
    .option('--strict', 'count warnings about the definitions as errors')
    .option('--ping', 'ask the provider through each unchanged instance whether it works')
    .addOption(
      new Option('--offline', 'compare with the definitions at --base; needs no credentials and sends no requests') //
        .conflicts(['out', 'resend', 'deleteDuplicate', 'ping']),
    )
    .option('--base <ref>', 'branch or commit to compare with (requires --offline)')
    .addOption(new Option(withholdFlag, withholdWords).conflicts(['offline', 'resend']))
    .addOption(formatOption(['text', 'json', 'markdown']))
    .action(async (_options, command: Command) => {
      const { runPlan } = await import('./commands/plan.ts');
      finish(await runPlan(command.optsWithGlobals(), host));
    });
}

const withholdFlag = '--withhold-secrets';
const withholdWords = 'read no secret: compare the references to secrets with those that the last apply remembered';

function addApply(program: Command, { host, finish }: ProgramOptions): void {
  const applyCommand = program
    .command('apply')
    .description('plan, ask for confirmation, and apply')
    .argument('[plan]', 'reviewed plan file (from plan --out); changes that differ from it are refused')
    .option('-y, --yes', 'do not ask for confirmation');
  addSelection(applyCommand)
    .option('--allow-limits <digest>', 'allow the plan with this whole digest to exceed the limits')
    .option('--prune-subscriptions', 'remove subscriptions of former callbacks, which get each event too')
    .option('--no-verify', 'do not ping or read back changed instances')
    .option('--record <file>', 'append a log of the run to this file as JSON lines; see history')
    .addOption(
      new Option(
        '--lock-timeout <duration>',
        'how long to wait for another apply in this folder to finish, such as 30s or 5m',
      )
        .argParser(parseDuration)
        .default(0, 'do not wait'),
    )
    .addOption(
      new Option(
        '--concurrency <n>',
        'maximum number of parallel requests (default: adapts to the platform)',
      ).argParser(parseConcurrency),
    )
    .addOption(formatOption(['text', 'json', 'markdown']))
    .action(async (plan: string | undefined, _options, command: Command) => {
      const { runApply } = await import('./commands/apply.ts');
      finish(await runApply(plan, command.optsWithGlobals(), host));
    });
}

function addAuthorize(program: Command, { host, finish }: ProgramOptions): void {
  const authorizeCommand = program
    .command('authorize')
    .description(
      'log in at a provider for an instance: shows where to consent, takes the answer, and creates the instance or logs the live one in again',
    )
    .argument('[key]', 'definition to authorize')
    .option('--all', 'everything that waits for a person, one after the other')
    .option('--redirect <source>', '-: read the address at which the browser ended from standard input')
    .option('--no-browser', 'do not open a browser')
    .option('--qr', 'show the address as a QR code too, for a browser on another device')
    .option('--ping', 'with --all: ask the provider through each unchanged instance whether it works')
    .addOption(
      new Option('--timeout <duration>', 'how long to wait for the answer of the provider')
        .argParser(parseDuration)
        .default(600_000, '10m'),
    );
  addSelection(authorizeCommand, ['allowReplace'])
    .option(
      '--allow-limits <digest>',
      'create it although none of the instances that there were can be seen, for the plan with this whole digest',
    )
    .option('--no-verify', 'do not ping or read back the instance')
    .option('--record <file>', 'append a log of the run to this file as JSON lines; see history')
    .addOption(
      new Option(
        '--lock-timeout <duration>',
        'how long to wait for another apply in this folder to finish, such as 30s or 5m',
      )
        .argParser(parseDuration)
        .default(0, 'do not wait'),
    )
    .addOption(formatOption(['text', 'json']))
    .action(async (key: string | undefined, _options, command: Command) => {
      const { runAuthorize } = await import('./commands/authorize.ts');
      finish(await runAuthorize(key, command.optsWithGlobals(), host));
    });
}

function addDrift(program: Command, { host, finish }: ProgramOptions): void {
  const driftCommand = program
    .command('drift')
    .description(
      'show what changed on the platform without a definition asking for it; exits with code 2 when there is drift',
    );
  addAllEnvironments(addSelection(driftCommand, ['only', 'exclude']))
    .option('--ping', 'ask the provider through each unchanged instance whether it works')
    .option('--accept <key...>', 'write the drift of these definitions, keys or patterns, into their files')
    .option(withholdFlag, withholdWords)
    .addOption(formatOption(['text', 'json', 'markdown', 'github']))
    .action(async (_options, command: Command) => {
      const { runDrift } = await import('./commands/drift.ts');
      finish(await runDrift(command.optsWithGlobals(), host));
    });
}

function addStatus(program: Command, { host, finish }: ProgramOptions): void {
  const statusCommand = program
    .command('status')
    .description('list the live instances of the environment, with id and state; sends only read requests');
  addAllEnvironments(addSelection(statusCommand, ['only']))
    .option('--ping', 'ask the provider through each instance; exits with 1 when one does not work')
    .addOption(formatOption(['text', 'json']))
    .action(async (_options, command: Command) => {
      const { runStatus } = await import('./commands/status.ts');
      finish(await runStatus(command.optsWithGlobals(), host));
    });
}

function addDoctor(program: Command, { host, finish }: ProgramOptions): void {
  const doctorCommand = program
    .command('doctor')
    .description(
      'check the set-up: workspace, credentials, host, account, permissions, clock, secrets, workflows, Action; sends only read requests',
    );
  addAllEnvironments(doctorCommand)
    .addOption(formatOption(['text', 'json']))
    .addHelpText('after', '\nExits with 0 when all is well or there are only warnings, with 1 when something fails.')
    .action(async (_options, command: Command) => {
      const { runDoctor } = await import('./commands/doctor.ts');
      finish(await runDoctor(command.optsWithGlobals(), host));
    });
}

function addImport(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('import')
    .description(
      'write definitions for live instances, or join those of other environments; secrets stay on the platform',
    )
    .option('--id <id...>', 'import the instances with these ids')
    .option('--connector <key>', 'import all unmanaged instances of this connector')
    .option('--all', 'import all unmanaged instances')
    .option('--match <key=id...>', 'these instances are the connections of these definitions of other environments')
    .option('--with-secrets', 'write references for secrets too; they have to be set before the next plan')
    .option('--force', 'write over files with uncommitted edits')
    .option('--adopt', 'also mark them as managed on the platform; writes only tags')
    .addOption(formatOption(['text', 'json']))
    .action(async (_options, command: Command) => {
      const { runImport } = await import('./commands/import.ts');
      finish(await runImport(command.optsWithGlobals(), host));
    });
}

function addConvert(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('convert')
    .description(
      'convert what creates an instance (a POST /instances body, a cURL or PowerShell command, a Postman collection) to a definition',
    )
    .addArgument(
      new Argument('<files...>', 'JSON bodies, commands, pages with commands, collections; - for standard input'),
    )
    .option('--out <folder>', 'write each definition to a file in this folder instead of printing it')
    .addOption(formatOption(['text', 'json']))
    .action(async (files: string[], _options, command: Command) => {
      const { runConvert } = await import('./commands/convert.ts');
      finish(await runConvert(files, command.optsWithGlobals(), host));
    });
}

function addCatalog(program: Command, { host, finish }: ProgramOptions): void {
  const catalog = program
    .command('catalog')
    .description('keep what your platform says about connectors beside the definitions');
  catalog
    .command('pull')
    .description(
      'write what the platform says about connectors to schema/connectors/, for validate and explain; sends only read requests',
    )
    .argument('[connectors...]', 'keys of connectors (default: those that definitions use)')
    .addOption(formatOption(['text', 'json']))
    .action(async (keys: string[], _options, command: Command) => {
      const { runCatalogPull } = await import('./commands/catalog.ts');
      finish(await runCatalogPull(keys, command.optsWithGlobals(), host));
    });
}

function addExplain(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('explain')
    .description('say what can be configured on a connector, or what one of its keys is; asks no platform')
    .argument('[connector[.key]]', 'such as sharefile, or sharefile.event.vendor.type')
    .option('--list [word]', 'list the known connectors, all or those whose key, name or hub contains the word')
    .addOption(formatOption(['text', 'json']))
    .action(async (subject: string | undefined, _options, command: Command) => {
      const { runExplain } = await import('./commands/explain.ts');
      finish(await runExplain(subject, command.optsWithGlobals(), host));
    });
}

function addSecrets(program: Command, { host, finish }: ProgramOptions): void {
  const secrets = program.command('secrets').description('see which secrets the definitions of an environment need');
  const add = (name: 'list' | 'check', description: string): void => {
    addAllEnvironments(secrets.command(name).description(description))
      .addOption(formatOption(['text', 'json']))
      .action(async (_options, command: Command) => {
        const { runSecrets } = await import('./commands/secrets.ts');
        finish(await runSecrets(name, command.optsWithGlobals(), host));
      });
  };
  add(
    'list',
    'list the secrets, whether each is set, and which definitions need it; shows no values and asks no platform',
  );
  add('check', 'the same, and ends with 3 when one that definitions need is not set');
}

function addHistory(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('history')
    .description('show what was done to the instances, from files written by apply --record; sends no requests')
    .usage('[options] <file...> [key]')
    .argument(
      '<file...>',
      'files written by apply --record, or folders of them; then a key, to show only this definition, also under its former keys',
    )
    .option(
      '--since <time>',
      'only runs active at or after this time: a date or date-time, in UTC unless it has a zone',
    )
    .option('--until <time>', 'only runs active at or before this time; a date includes the whole day')
    .option('--failed', 'show only what did not succeed')
    .addOption(formatOption(['text', 'json']))
    .action(async (words: readonly string[], _options, command: Command) => {
      const { runHistory } = await import('./commands/history.ts');
      finish(runHistory(words, command.optsWithGlobals(), host));
    });
}

function addReport(program: Command, { host, finish }: ProgramOptions): void {
  const report = program.command('report').description('work with what plan and apply reported');
  report
    .command('merge')
    .description('put the reports of all shards together, as if one run had done all of it; sends no requests')
    .argument('<file...>', 'what plan or apply printed with --shard and --format json, or plan files')
    .option('--out <file>', 'write the merged plan to this file, for apply')
    .option('--detailed-exitcode', 'exit with code 2 when there are changes')
    .addOption(formatOption(['text', 'json', 'markdown']))
    .action(async (files: [string, ...string[]], _options, command: Command) => {
      const { runReportMerge } = await import('./commands/report.ts');
      finish(await runReportMerge(files, command.optsWithGlobals(), host));
    });
}

function addEvents(program: Command, { host, finish }: ProgramOptions): void {
  const events = program.command('events').description('receive the notifications of the platform, and check them');
  events
    .command('listen')
    .description('receive notifications on 127.0.0.1, check their signatures and show each in one line')
    .addOption(new Option('--port <n>', 'port to listen on; 0 for any free port').argParser(parseNumber).default(8788))
    .option('--key-from <key>', 'definition whose signature key counts (default: that of the definition each is of)')
    .addOption(new Option('--key <file>', 'file with the signature key').conflicts('keyFrom'))
    .option('--forward <url>', 'where to send what is rightly signed, as it came; its answer is passed back')
    .option('--json', 'print each as JSON on a line of its own')
    .action(async (_options, command: Command) => {
      const { runListen } = await import('./commands/events.ts');
      finish(await runListen(command.optsWithGlobals(), host));
    });
  events
    .command('status')
    .description('show the subscriptions, pollers and last events of the instances; sends only read requests')
    .argument('[key]', 'show only this definition')
    .addOption(formatOption(['text', 'json']))
    .action(async (key: string | undefined, _options, command: Command) => {
      const { runEventsStatus } = await import('./commands/events.ts');
      finish(await runEventsStatus(key, command.optsWithGlobals(), host));
    });
  events
    .command('test')
    .description(
      'prove the way of the events of one definition: what `events status` shows, and what its callback answers to a signed test that tells of no event; on the sandbox, also to an event that it makes',
    )
    .argument('<key>', 'key of the definition')
    .option('--post', 'send the test also to a callback on another machine')
    .addOption(formatOption(['text', 'json']))
    .action(async (key: string, _options, command: Command) => {
      const { runEventsTest } = await import('./commands/events.ts');
      finish(await runEventsTest(key, command.optsWithGlobals(), host));
    });
  events
    .command('verify')
    .description('check the signature of a notification from files, and say what differs')
    .argument('<body>', 'file with the body, as it came over the wire')
    .option('--signature <file>', 'file with the value of Elements-Webhook-Signature, or with all headers')
    .option('--key-from <key>', 'definition whose signature key it is')
    .addOption(new Option('--key <file>', 'file with the signature key').conflicts('keyFrom'))
    .addOption(formatOption(['text', 'json']))
    .action(async (body: string, _options, command: Command) => {
      const { runVerifyEvent } = await import('./commands/events.ts');
      finish(await runVerifyEvent(body, command.optsWithGlobals(), host));
    });
}

function addSandbox(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('sandbox')
    .description('run the embedded platform as a server on 127.0.0.1')
    .addOption(new Option('--port <n>', 'port to listen on; 0 for any free port').argParser(parseNumber).default(8787))
    .option('--data <file>', 'file to keep its state in (default: state is not kept)')
    .addOption(new Option('--latency <ms>', 'delay of each response in milliseconds').argParser(parseNumber).default(0))
    .option('--element <file...>', 'connector that an export or GET /elements/{key} holds, to be known too')
    .addOption(
      new Option('--event-speed <n>', 'how many times faster than a clock pollers tick and deliveries are repeated')
        .argParser(parseNumber)
        .default(1),
    )
    .addOption(
      new Option('--event-retries <schedule>', 'documented schedule of repetitions: nine in 97 hours, or five in 10')
        .choices(['nine', 'five'])
        .default('nine'),
    )
    .addOption(
      new Option(
        '--event-policy <policy>',
        'what becomes of a notification that is not taken: it is repeated, or queued',
      )
        .choices(['retry', 'queue'])
        .default('retry'),
    )
    .addOption(
      new Option('--poll-failures <n>', 'failures in a row after which a polling job is switched off')
        .argParser(parseNumber)
        .default(100),
    )
    .option('--fault <spec...>', 'fault to inject, as described below')
    .option('--fault-seed <text>', 'seed that decides which requests a fault hits (default: fixed)')
    .addHelpText('after', renderFaultHelp)
    .action(async (_options, command: Command) => {
      const { runSandboxServer } = await import('./commands/sandbox.ts');
      finish(await runSandboxServer(command.optsWithGlobals(), host));
    });
}

function addCompletion(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('completion')
    .description('print the script by which a shell completes commands, options, keys, environments and connectors')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      '\nbash  source <(connectorctl completion bash)     in ~/.bashrc\nzsh   source <(connectorctl completion zsh)      in ~/.zshrc, after compinit\nfish  connectorctl completion fish | source      in ~/.config/fish/config.fish',
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { runCompletion } = await import('./commands/completion.ts');
      finish(runCompletion(shell, host));
    });
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
