import type { OperationResult, ImportedDefinition } from '../operation/result.ts';
import { visible } from '../model/visible.ts';
import { renderResultText } from '../report/result/render-result-text.ts';

const words: Readonly<Record<ImportedDefinition['status'], string>> = {
  written: 'written to',
  changed: 'brought up to date in',
  unchanged: 'already the same as in',
};

/** What was imported: a line for each instance, and what became of its tags. Ends with a line feed. */
export function renderImported(
  { definitions, applied }: Extract<OperationResult, { kind: 'imported' }>,
  look: { readonly color: boolean; readonly width: number },
): string {
  if (definitions.length === 0) return 'Nothing to import: no instance without an owner matches.\n';
  const lines = definitions.map(
    ({ id, file, status, leftOut }) =>
      `instance ${visible(id)} ${words[status]} ${visible(file)}${leftOut.length === 0 ? '' : `, ${leftOut.length} keys left out`}\n`,
  );
  return lines.join('') + (applied === undefined ? '' : `\n${renderResultText(applied, look)}`);
}
