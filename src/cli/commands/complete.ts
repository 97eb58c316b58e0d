import type { Command } from 'commander';
import { visible } from '../../model/visible.ts';
import type { NameKind } from '../../operation/completion-names.ts';
import { type Candidate, findCompletion } from '../complete.ts';
import type { Host } from '../host.ts';
import { openTerminal } from '../terminal.ts';

/**
 * What the scripts of `connectorctl completion` ask: a candidate a line, with its description behind a tab; or `:files` where a file is meant.
 * Sends nothing, runs nothing, and never fails: a person is in the middle of typing.
 */
export async function complete(program: Command, words: readonly string[], host: Host): Promise<number> {
  const terminal = openTerminal(host, { color: false, quiet: true });
  const completion = findCompletion(program, words);
  if (completion.kind === 'files') terminal.raw(':files\n');
  if (completion.kind === 'nothing' || completion.kind === 'files') return 0;
  const current = words.at(-1) ?? '';
  // What stands before `=` or a comma is typed, and goes on standing there.
  const several = completion.kind === 'names' && completion.several;
  const [lead = ''] = (several ? /^(?:--[a-z-]+=)?(?:[^,]*,)*/ : /^(?:--[a-z-]+=)?/).exec(current) ?? [];
  const candidates = completion.kind === 'words' ? completion.words : await listWords(completion.names, words, host);
  const taken = new Set(lead.replace(/^--[a-z-]+=/, '').split(','));
  const fitting = candidates
    .map(({ word, about }) => ({ word: lead + word, about, isTaken: several && taken.has(word) }))
    .filter(({ word, isTaken }) => !isTaken && word.startsWith(current) && isWritable(word));
  terminal.raw(
    fitting.map(({ word, about }) => `${word}${about === undefined ? '' : `\t${shortenAbout(about)}`}\n`).join(''),
  );
  return 0;
}

async function listWords(kind: NameKind, words: readonly string[], { cwd }: Host): Promise<readonly Candidate[]> {
  // Commands and options are offered without it.
  const { listNames } = await import('../../operation/completion-names.ts');
  const at = words.lastIndexOf('--config');
  const configFile = at === -1 ? undefined : words[at + 1];
  return (await listNames(kind, { cwd }, { configFile })).map((word) => ({ word }));
}

/** A name that hides or moves something is left out: whoever completes it would not see what they run. */
function isWritable(word: string): boolean {
  return visible(word) === word && !/[\t\n]/.test(word);
}

/** The first clause: the rest is in the help. */
function shortenAbout(about: string): string {
  return visible(about.split(/[;:(]/)[0]?.trim() ?? '');
}
