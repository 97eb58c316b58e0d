import { type Plan, type PlanSelection, type SelectedNames, selectionOf } from '../model/plan.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { quoteWord } from '../model/shell-word.ts';

/** What the commands of next steps have in common: how the program was started, and what of its arguments goes on into the next one. */
export interface CommandContext {
  /** How the program is started, where that is not `connectorctl`: `npx connectorctl`. */
  readonly program?: string | undefined;
  readonly environment?: string | undefined;
  /** The workspace file, as it was given. */
  readonly config?: string | undefined;
  /** The plan file, as it was given: what `apply` takes and `plan` writes. It holds the selection. */
  readonly planFile?: string | undefined;
  readonly selection?: PlanSelection | undefined;
  /** Further options of the run, by name; only the same run again takes them: `{ record: 'run.jsonl' }`. */
  readonly sameRun?: Readonly<Record<string, FlagValue>> | undefined;
}

type FlagValue = string | number | boolean | readonly string[] | undefined;

/** A command of ours, alone on its line or behind a colon, up to the end of the line. */
const commandLine = /^(\s*|.*: +)connectorctl ((?:secrets|catalog|events|report) [a-z]+|[a-z]+)((?: .*)?)$/gm;

/** Commands that work on no environment, and so take nothing along. */
const aloneVerbs: ReadonlySet<string> = new Set([
  'help',
  'init',
  'convert',
  'history',
  'explain',
  'sandbox',
  'completion',
  'events',
  'report',
]);

/** An own option of a command by which it is the same run again, now allowed to go on. */
const sameRunOptions = ['yes', 'lock-timeout', 'allow-limits'];

/**
 * A hint whose commands work as they stand: with the environment and the arguments that were given. A command stands in a hint without them, as nobody
 * below knows them; it is alone on its line, or ends the line behind a colon.
 */
export function completeHint(hint: string, context: CommandContext): string {
  return hint.replace(commandLine, (_, lead: string, verb: string, rest: string) => {
    return `${lead}${renderCommand(verb, rest.trim(), context)}`;
  });
}

/** Problems whose hints are complete. */
export function completeDiagnostics(
  diagnostics: readonly Diagnostic[],
  context: CommandContext,
): readonly Diagnostic[] {
  return diagnostics.map((one) => (one.hint === undefined ? one : { ...one, hint: completeHint(one.hint, context) }));
}

type SelectedPlan = SelectedNames & Pick<Plan, 'environment' | 'changes' | 'shard'>;

/** What the commands about a plan have in common: its environment, and the selection that makes it again. */
export function commandsAbout(plan: SelectedPlan, given: CommandContext = {}): CommandContext {
  const { environment } = plan;
  const { prune, allowReplace, ...names } = selectionOf(plan);
  const { selection = {} } = given;
  const switches = {
    prune: (selection.prune ?? false) || prune,
    allowReplace: (selection.allowReplace ?? false) || allowReplace,
  };
  return { ...given, environment, selection: { ...switches, ...names } };
}

/** The command that makes this very plan again and carries it out. */
export function renderApplyCommand(plan: Plan, given: CommandContext = {}): string {
  const { selection, ...context } = commandsAbout(plan, given);
  // What the plan uses of the switches says more than what was allowed.
  return renderCommand('apply', '', { ...context, selection: { ...selection, ...selectionOf(plan) } }, true);
}

function renderCommand(
  verb: string,
  own: string,
  context: CommandContext,
  isSameRun = sameRunOptions.some((name) => hasOption(own, name)),
): string {
  const { program = 'connectorctl', environment, config } = context;
  const isAlone = aloneVerbs.has(verb.split(' ')[0] ?? '') || hasOption(own, 'help');
  const carried = isAlone
    ? []
    : [
        ...operandOf(verb, context),
        ...renderOption('env', environment),
        ...renderOption('config', config),
        ...carriedBy(verb, context, isSameRun),
      ].filter(({ name }) => name === '' || !hasOption(own, name));
  return [program, verb, ...carried.map(({ text }) => text), own].filter((part) => part !== '').join(' ');
}

/** An option as a shell takes it; an operand has no name. */
interface RenderedOption {
  readonly name: string;
  readonly text: string;
}

function operandOf(verb: string, { planFile }: CommandContext): readonly RenderedOption[] {
  return verb === 'apply' && planFile !== undefined ? [{ name: '', text: quoteWord(planFile) }] : [];
}

function carriedBy(
  verb: string,
  { planFile, selection = {}, sameRun = {} }: CommandContext,
  isSameRun: boolean,
): readonly RenderedOption[] {
  const all = (options: Readonly<Record<string, FlagValue>>) =>
    Object.entries(options).flatMap(([name, value]) => renderOption(name, value));
  const { only, exclude } = selection;
  if (verb === 'drift') return all({ only, exclude });
  if (verb !== 'plan' && verb !== 'apply') return [];
  const out = verb === 'plan' ? renderOption('out', planFile) : [];
  // A plan file takes no selection: it holds its own.
  const chosen = verb === 'apply' && planFile !== undefined ? {} : selection;
  // Duplicates that are gone by then would be refused.
  const kept = isSameRun ? chosen : { ...chosen, deleteDuplicate: undefined };
  return [...out, ...all(kept), ...(isSameRun ? all(sameRun) : [])];
}

/** The parser of the command line makes `deleteDuplicate` of `--delete-duplicate`; this is the way back. */
function renderOption(option: string, value: FlagValue): readonly RenderedOption[] {
  const name = option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (value === undefined || value === false) return [];
  if (value === true) return [{ name, text: `--${name}` }];
  const words = typeof value === 'object' ? value : [String(value)];
  return [{ name, text: [`--${name}`, ...words.map(quoteWord)].join(' ') }];
}

/** Whether a command says it already, or says what it cannot go with. */
function hasOption(own: string, name: string): boolean {
  const bare = own.replace(/'[^']*'/g, "''");
  const has = (option: string) => new RegExp(`(?:^|\\s)--${option}(?=[\\s=]|$)`).test(bare);
  if (has(name)) return true;
  if (has('only')) return ['exclude', 'resend', 'prune', 'shard', 'out'].includes(name);
  return (
    has('delete-duplicate') && ['only', 'exclude', 'resend', 'prune', 'allow-replace', 'shard', 'out'].includes(name)
  );
}
