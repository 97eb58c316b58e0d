import { groupBy } from '../model/group-by.ts';
import { visible } from '../model/visible.ts';
import type { ImportedDefinition, OperationResult } from '../operation/result.ts';
import type { CommandContext } from '../report/next-step.ts';
import { renderResultText } from '../report/result/render-result-text.ts';
import { renderToSet } from './render-to-set.ts';
import type { DisplayOptions } from './terminal.ts';

const importWords: Readonly<Record<ImportedDefinition['status'], string>> = {
  written: 'written to',
  changed: 'brought up to date in',
  unchanged: 'already the same as in',
  waiting: 'not compared, as references are not set in',
  kept: 'not written, as there are uncommitted edits in',
};

/** Why a key is in no definition, by what import says. */
const leftOutWords: Readonly<Record<string, string>> = {
  volatile: 'that the platform fills',
  default: 'with its default',
  null: 'without a value',
  masked: 'of another kind of authentication',
  secret: 'of another kind of authentication',
  placeholder: 'that reads as a placeholder',
};

function renderLeftOut(leftOut: ImportedDefinition['leftOut']): string {
  if (leftOut.length === 0) return '';
  const counts = groupBy(leftOut, ({ why }) => leftOutWords[why] ?? why);
  const kinds = [...counts].map(([words, { length }]) => `${length} ${words}`);
  return `, without ${leftOut.length === 1 ? 'a key' : 'keys'}: ${kinds.join(', ')}`;
}

function renderSecrets(secrets: readonly string[]): string {
  return secrets.length === 0 ? '' : `; to set: ${secrets.map((name) => visible(name)).join(', ')}`;
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

/** What was imported: a line for each instance, and what became of its tags. Ends with a line feed. */
export function renderImported(
  { definitions, applied }: Extract<OperationResult, { kind: 'imported' }>,
  display: DisplayOptions & { readonly commands: CommandContext },
): string {
  if (definitions.length === 0) return 'Nothing to import: no instance without an owner matches.\n';
  const lines = definitions.map(
    ({ id, file, status, secrets, leftOut }) =>
      `instance ${visible(id)} ${importWords[status]} ${visible(file)}${renderLeftOut(leftOut)}${renderSecrets(secrets)}\n`,
  );
  const kept = definitions.some(({ status }) => status === 'kept') ? keptHint : '';
  return lines.join('') + kept + (applied === undefined ? '' : `\n${renderResultText(applied, display)}`);
}
