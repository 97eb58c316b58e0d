import { Argument, Command, InvalidArgumentError, Option, type OutputConfiguration } from 'commander';
import { renderFaultHelp } from '../sandbox/faults/fault-help.ts';
import type { Host } from './host.ts';
import { toMilliseconds } from './to-milliseconds.ts';
import { version } from './version.ts';

export interface ProgramOptions {
  readonly host: Host;
  readonly finish: (code: number) => void;
  /** Takes what the parser would print on a usage error. */
  readonly usageError: (text: string) => void;
}

/** The command line. Each command's code is loaded only when it runs. */
export function buildProgram(options: ProgramOptions): Command {
  const program = new Command('connectorctl')
    .description('GitOps for connector instances on SAP Open Connectors and Cloud Elements.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [COMMAND]', 'print help for a command')
    .option('--env <name>', 'environment of connectorctl.yaml (default: its defaultEnvironment)')
    .option('--config <file>', 'workspace file (default: connectorctl.yaml of this repository)')
    .option('--no-color', 'no colours; so does NO_COLOR')
    .option('-q, --quiet', 'no progress and no notices on stderr')
    .option('-v, --verbose', 'one line on stderr for each request')
    .exitOverride()
    .configureOutput(toOutputs(options))
    .showSuggestionAfterError();

  addInit(program, options);
  addValidate(program, options);
  addPlan(program, options);
  addApply(program, options);
  addDrift(program, options);
  addImport(program, options);
  addConvert(program, options);
  addHistory(program, options);
  addSandbox(program, options);
  return program.addHelpText('after', help);
}

function addInit(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('init')
    .description('write connectorctl.yaml, a first definition, schemas, workflows and the Action; changes no file')
    .option('--workspace <name>', 'name of the new workspace (default: that of the folder)')
    .option('--platform <platform>', 'sandbox, or the address of a platform (default: sandbox)')
    .option('--no-workflows', 'no workflows and no Action')
    .option('--action <reference>', 'OWNER/REPOSITORY/PATH@COMMIT in place of the Action in the repository')
    .addOption(formats(['text', 'json']))
    .addHelpText('after', '\n--env may name several, with commas between them: workflows apply them in this order.')
    .action(async (_options, command: Command) => {
      const { runInit } = await import('./commands/init.ts');
      finish(await runInit(command.optsWithGlobals(), host));
    });
}

function addValidate(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('validate')
    .description('check the definitions offline: every problem at once, with file:line:column')
    .argument('[files...]', 'report only what concerns these files')
    .addOption(formats(['text', 'json', 'github', 'sarif', 'junit']))
    .option('--no-secrets', 'do not ask whether the secrets are set, for places that have none')
    .action(async (files: string[], _options, command: Command) => {
      const { runValidate } = await import('./commands/validate.ts');
      finish(await runValidate(files, command.optsWithGlobals(), host));
    });
}

function addPlan(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('plan')
    .description('say what apply would do; sends only reads')
    .option('--out <file>', 'write the plan as JSON')
    .option('--only <key...>', 'plan these definitions only')
    .option('--prune', 'plan to delete instances whose definition is gone')
    .option('--allow-replace', 'plan to make an instance anew when its connector changes')
    .option('--resend <key...>', 'send all values of these definitions where nothing shows what stands there')
    .option('--delete-duplicate <id...>', 'plan to delete these, where several instances carry one key')
    .option('--detailed-exitcode', 'end with 2 when there are changes')
    .addOption(
      new Option('--offline', 'compare with the definitions of --base; needs no credentials, asks the platform nothing') //
        .conflicts(['out', 'resend', 'deleteDuplicate']),
    )
    .option('--base <ref>', 'branch or commit to compare with (with --offline)')
    .addOption(formats(['text', 'json', 'markdown']))
    .action(async (_options, command: Command) => {
      const { runPlan } = await import('./commands/plan.ts');
      finish(await runPlan(command.optsWithGlobals(), host));
    });
}

function addApply(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('apply')
    .description('plan, ask, and carry it out')
    .argument('[plan]', 'plan that was reviewed (plan --out): only what is still the same is done')
    .option('-y, --yes', 'do not ask')
    .option('--only <key...>', 'apply these definitions only')
    .option('--prune', 'delete instances whose definition is gone')
    .option('--allow-replace', 'make an instance anew when its connector changes')
    .option('--allow-limits <digest>', 'let the plan with this digest go over the limits')
    .option('--resend <key...>', 'send all values of these definitions where nothing shows what stands there')
    .option('--delete-duplicate <id...>', 'delete these, where several instances carry one key')
    .option('--no-verify', 'do not ask changed instances whether they work')
    .option('--record <file>', 'append what happens to this file, one line of JSON an event; see history')
    .addOption(
      new Option('--lock-timeout <duration>', 'wait so long for another apply of this folder: 30s, 5m')
        .argParser(toMilliseconds)
        .default(0, 'refuse at once'),
    )
    .addOption(
      new Option('--concurrency <n>', 'requests at the same time (default: as many as the platform bears)').argParser(
        toCount,
      ),
    )
    .addOption(formats(['text', 'json', 'markdown']))
    .action(async (plan: string | undefined, _options, command: Command) => {
      const { runApply } = await import('./commands/apply.ts');
      finish(await runApply(plan, command.optsWithGlobals(), host));
    });
}

function addDrift(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('drift')
    .description('say what changed on the platform that no definition asked for; ends with 2 when there is any')
    .option('--only <key...>', 'look at these definitions only')
    .option('--accept <key...>', 'write the drift of these into their definitions')
    .addOption(formats(['text', 'json', 'markdown']))
    .action(async (_options, command: Command) => {
      const { runDrift } = await import('./commands/drift.ts');
      finish(await runDrift(command.optsWithGlobals(), host));
    });
}

function addImport(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('import')
    .description('write definitions for live instances; secrets become references')
    .option('--id <id...>', 'the instances with these ids')
    .option('--connector <key>', 'all instances of this connector that nobody manages')
    .option('--all', 'all instances that nobody manages')
    .option('--adopt', 'mark them as ours on the platform; writes only tags')
    .addOption(formats(['text', 'json']))
    .action(async (_options, command: Command) => {
      const { runImport } = await import('./commands/import.ts');
      finish(await runImport(command.optsWithGlobals(), host));
    });
}

function addConvert(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('convert')
    .description('turn a POST /instances body, or a cURL command that sends one, into a definition')
    .addArgument(new Argument('<files...>', 'JSON bodies or cURL commands; - for standard input'))
    .option('--out <folder>', 'write one file a definition instead of printing it')
    .addOption(formats(['text', 'json']))
    .action(async (files: string[], _options, command: Command) => {
      const { runConvert } = await import('./commands/convert.ts');
      finish(await runConvert(files, command.optsWithGlobals(), host));
    });
}

function addHistory(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('history')
    .description('say what was done to the instances, from a file that apply --record wrote; sends nothing')
    .argument('<file>', 'the record')
    .argument('[key]', 'tell of this definition only, also under a key that it had before')
    .option('--since <time>', 'only runs under way then or later: a date or date-time, UTC unless it has a zone')
    .option('--until <time>', 'only runs under way then or earlier; a date is meant to its end')
    .option('--failed', 'only what did not end well')
    .addOption(formats(['text', 'json']))
    .action(async (file: string, key: string | undefined, _options, command: Command) => {
      const { runHistory } = await import('./commands/history.ts');
      finish(runHistory(file, key, command.optsWithGlobals(), host));
    });
}

function addSandbox(program: Command, { host, finish }: ProgramOptions): void {
  program
    .command('sandbox')
    .description('run the embedded platform as a server on 127.0.0.1')
    .addOption(new Option('--port <n>', 'port to listen on; 0 for any that is free').argParser(toNumber).default(8787))
    .option('--data <file>', 'file that keeps its state (default: none is kept)')
    .addOption(new Option('--latency <ms>', 'delay of each answer in milliseconds').argParser(toNumber).default(0))
    .option('--fault <spec...>', 'something that goes wrong, as described below')
    .option('--fault-seed <text>', 'from which is drawn what a fault strikes (default: always the same)')
    .addHelpText('after', renderFaultHelp)
    .action(async (_options, command: Command) => {
      const { runSandboxServer } = await import('./commands/sandbox.ts');
      finish(await runSandboxServer(command.optsWithGlobals(), host));
    });
}

/** Columns of the help where nobody looks at a screen. */
const widthOfHelp = 80;

/** The parser must ask nobody but the host; its help has no colours anyway. */
function toOutputs({ host, usageError }: ProgramOptions): OutputConfiguration {
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

function formats(choices: readonly string[]): Option {
  return new Option('--format <format>', 'form of the result').choices([...choices]).default('text');
}

function toNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
}

function toCount(text: string): number {
  const count = toNumber(text);
  if (count < 1 || count > 256) throw new InvalidArgumentError('It must be a whole number from 1 to 256.');
  return count;
}

const help = `
Environment variables:
  CONNECTORCTL_USER_SECRET, CONNECTORCTL_ORGANIZATION_SECRET   credentials of the platform account
  CONNECTORCTL_SECRET_<NAME>                                   value of \${{ secrets.<NAME> }}
  CONNECTORCTL_FINGERPRINT_KEY                                 key of the applied vector (default: made from the organization secret)
  CONNECTORCTL_ALLOWED_HOSTS                                   further hosts that may receive the credentials

Exit codes: 0 done or nothing to do, 1 failed, 2 changes present, 3 invalid input, 5 partly applied, 6 refused, 7 verification failed.`;
