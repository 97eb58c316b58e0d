import { groupBy } from '../model/group-by.ts';
import { fromPointer } from '../model/position.ts';
import { visible } from '../model/visible.ts';
import type { ImportedDefinition, ImportedResult } from '../operation/result.ts';
import { type CommandContext, completeHint } from '../report/next-step.ts';
import { wrapText } from '../report/fit-text.ts';
import { renderResultText } from '../report/result/render-result-text.ts';
import { renderToSet } from './render-to-set.ts';
import type { DisplayOptions } from './terminal.ts';

const importWords: Readonly<Record<ImportedDefinition['status'], string>> = {
  written: 'written to',
  joined: 'joins',
  changed: 'brought up to date in',
  unchanged: 'already the same as in',
  waiting: 'not compared, as references are not set in',
  kept: 'not written, as there are uncommitted edits in',
};

/** Why a key is in no definition, by what import says. */
const leftOutWords: Readonly<Record<ImportedDefinition['leftOut'][number]['why'], string>> = {
  hidden: 'secret or masked',
  volatile: 'that the platform fills',
  default: 'with the default',
  null: 'without a value',
  masked: 'of another kind of authentication',
  secret: 'of another kind of authentication',
  placeholder: 'that reads as a placeholder',
};

function renderLeftOut(leftOut: ImportedDefinition['leftOut']): string {
  if (leftOut.length === 0) return '';
  // What somebody may miss comes first.
  const sorted = leftOut.toSorted((a, b) => Number(b.why === 'hidden') - Number(a.why === 'hidden'));
  const counts = groupBy(sorted, ({ why }) => leftOutWords[why]);
  const kinds = [...counts].map(([words, { length }]) => `${length} ${words}`);
  return `left out: ${kinds.join(', ')}`;
}

function renderSecrets(secrets: readonly string[]): string {
  return secrets.length === 0 ? '' : `to set: ${secrets.map((name) => visible(name)).join(', ')}`;
}

/** What has to be set before the references mean anything. */
export function renderImportedToSet(definitions: readonly ImportedDefinition[]): string {
  return renderToSet(
    definitions.flatMap((one) => one.secrets),
    definitions.flatMap((one) => one.vars),
  );
}

const keptHint =
  '\nNothing was written over edits that are not committed. Commit them and import again, or give --force.\n';

interface ImportDisplay extends DisplayOptions {
  readonly commands: CommandContext;
  /** False: a log, or a file, in which a row stays one line however long it is. */
  readonly isScreen?: boolean;
}

/** What was imported: a row for each instance, and what became of its tags. Ends with a line feed. */
export function renderImported({ definitions, applied, environment }: ImportedResult, display: ImportDisplay): string {
  if (definitions.length === 0) return 'Nothing to import: no instance without an owner matches.\n';
  const rows = definitions.map((one): readonly [string, string] => [
    `instance ${visible(one.id)} ${importWords[one.status]} ${visible(one.file)}`,
    [renderAlike(one), renderOwn(one, environment), renderLeftOut(one.leftOut), renderSecrets(one.secrets)]
      .filter(Boolean)
      .join('; '),
  ]);
  const kept = definitions.some(({ status }) => status === 'kept') ? keptHint : '';
  return renderRows(rows, display) + kept + (applied === undefined ? '' : `\n${renderResultText(applied, display)}`);
}

/** Side by side in a log; below each other on a screen, where the second column would be broken. */
function renderRows(rows: readonly (readonly [string, string])[], { width, isScreen = false }: ImportDisplay): string {
  const widest = Math.min(Math.max(...rows.map(([what]) => what.length)), widestColumn);
  return rows
    .map(([what, more]) => {
      if (more === '') return `${what}\n`;
      if (!isScreen) return `${what.padEnd(widest)}  ${more}\n`;
      return [what, ...wrapText(more, width - 4).map((line) => `    ${line}`)].map((line) => `${line}\n`).join('');
    })
    .join('');
}

/** Behind it, the second column of the row begins where its first one ends. */
const widestColumn = 72;

/** What this environment has for itself in a definition that others share, and whether somebody should look. */
function renderOwn({ status, overridden = [], guessed = false }: ImportedDefinition, environment: string): string {
  if (status !== 'joined') return '';
  const names = overridden.map((at) => visible(fromPointer(at).at(-1) ?? ''));
  const own = names.length === 0 ? 'all values are shared' : `own in ${visible(environment)}: ${names.join(', ')}`;
  return guessed
    ? `${own}; one of several of this name, paired by their order: if that is wrong, use --match KEY=ID`
    : own;
}

/** Two definitions for one connection are no harm, but what nobody wants who has sixty. */
function renderAlike({ id, file, alike }: ImportedDefinition): string {
  if (alike === undefined) return '';
  return `if it is ${visible(alike)} of another environment, remove ${visible(file)} and import with --match ${visible(alike)}=${visible(id)}`;
}

/** How many of each kind, why values are not in the files, and the command that comes next. Empty when there is nothing to go on with. */
export function renderImportNext(
  { definitions, applied, stoppedBy, environment }: ImportedResult,
  { commands, width, isScreen = false }: ImportDisplay,
): string {
  const counts = groupBy(definitions, ({ status }) => status);
  const count = (status: ImportedDefinition['status']) => counts.get(status)?.length ?? 0;
  const sums = [
    `${count('written')} written`,
    `${count('joined')} joined`,
    ...(['changed', 'unchanged', 'waiting', 'kept'] as const).map((one) =>
      count(one) > 0 ? `${count(one)} ${one}` : '',
    ),
  ].filter((one) => one !== '' && !one.startsWith('0 '));
  if (sums.length === 0) return '';
  const hidden = definitions.flatMap(({ leftOut }) => leftOut).filter(({ why }) => why === 'hidden').length;
  const left =
    hidden === 0
      ? ''
      : `${hidden} secret or masked ${hidden === 1 ? 'value stays' : 'values stay'} as ${hidden === 1 ? 'it is' : 'they are'} on the platform. A comment in each file names the references that would manage them; --with-secrets writes these.\n`;
  const isNext = applied === undefined && stoppedBy === undefined;
  const next = isNext ? completeHint('Next: connectorctl plan', { ...commands, environment }) : '';
  const wrapped = isScreen
    ? wrapText(left.trimEnd(), width)
        .map((line) => `${line}\n`)
        .join('')
    : left;
  return `\n${definitions.length} ${definitions.length === 1 ? 'instance' : 'instances'}: ${sums.join(', ')}.\n${left === '' ? '' : wrapped}${next === '' ? '' : `${next}\n`}`;
}
