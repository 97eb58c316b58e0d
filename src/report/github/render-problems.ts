import type { Diagnostic } from '../../model/diagnostic.ts';
import { countDiagnostics } from '../diagnostics/count-diagnostics.ts';
import { markdownHint, markdownText, toCount } from '../escape/markdown.ts';
import { sizeOf, type TextSize, subtractSize, takeFitting } from '../budget.ts';
import { saySilenced } from '../diagnostics/render-silenced.ts';
import { renderPlace, type RunLinks } from './run-links.ts';

interface ProblemsOptions {
  readonly links: RunLinks;
  readonly budget: TextSize;
  /** Where the rest is, as part of a sentence, in Markdown. */
  readonly rest: string;
}

const tableHead = '| | problem | what and why | where |\n| --- | --- | --- | --- |\n';

/** Kept for the sentence that says what was cut. */
const noticeBudget = 400;

/** A table of which there may be more than there was room for. */
export interface CutTable {
  readonly markdown: string;
  /** How many rows were left out. */
  readonly left: number;
}

/** What is wrong with the definitions, as a table that leads to each line; errors first. Empty when nothing is wrong, else ends with an empty line. */
export function renderProblems(diagnostics: readonly Diagnostic[], { links, budget, rest }: ProblemsOptions): CutTable {
  if (diagnostics.length === 0) return { markdown: '', left: 0 };
  const ordered = diagnostics.toSorted((left, right) => rank(left) - rank(right));
  const rows = ordered.map((diagnostic) => renderRow(diagnostic, links));
  const shown = takeFitting(rows, subtractSize(budget, sizeOf(`${tableHead}${' '.repeat(noticeBudget)}`)));
  const left = rows.length - shown.length;
  const cut = left === 0 ? '' : `**… ${toCount(left)} more**, ${rest}.\n\n`;
  return { markdown: shown.length === 0 ? cut : `${tableHead}${shown.join('')}\n${cut}`, left };
}

/** The same, folded below their number. */
export function renderFoldedProblems(
  diagnostics: readonly Diagnostic[],
  { silenced = 0, ...options }: ProblemsOptions & { readonly silenced?: number | undefined },
): string {
  const hidden = saySilenced(silenced);
  if (diagnostics.length === 0) return hidden === '' ? '' : `<sub>${hidden}</sub>\n\n`;
  const more = silenced === 0 ? '' : `, ${silenced} silenced by comments`;
  const open = `<details><summary>${countDiagnostics(diagnostics)} in the definitions${more}</summary>\n\n`;
  const close = '</details>\n\n';
  const budget = subtractSize(options.budget, sizeOf(`${open}${close}`));
  return `${open}${renderProblems(diagnostics, { ...options, budget }).markdown}${close}`;
}

function renderRow({ severity, code, message, detail, hint, at, related = [] }: Diagnostic, links: RunLinks): string {
  const also = related.map(
    ({ message: words, at: place }) => `<br>Also: ${renderPlace(place, links)} ${markdownText(words, 120)}`,
  );
  const next = hint === undefined ? '' : `<br>Next: ${markdownHint(hint)}`;
  const cells = [
    severity === 'error' ? '✗' : '!',
    `${markdownText(message, 120)} (${markdownText(code, 80)})`,
    `${markdownText(detail, 600)}${next}${also.slice(0, 3).join('')}`,
    at === undefined ? '' : renderPlace(at, links),
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function rank({ severity }: Diagnostic): number {
  return severity === 'error' ? 0 : 1;
}
