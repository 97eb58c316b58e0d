import { toPointer } from '../../model/position.ts';
import type { DocumentRule } from '../rule.ts';
import type { Subject, Text } from '../subject.ts';

export const commentInValue: DocumentRule = {
  code: 'comment-in-value',
  severity: 'warning',
  message: 'Comment where a value goes on',
  help: 'In YAML, a `#` behind a blank begins a comment, also in the middle of a password or a name. What follows it is not part of the value and is not sent.',
  check: (subject) =>
    listCut(subject).map(({ path, key }) => ({
      path,
      detail: `The value of \`${key}\` ends before the \`#\` on its line: YAML takes the rest for a comment.`,
      hint: 'If it belongs to the value, put the whole value in quotes. If it is a comment, write a blank behind the `#`.',
    })),
};

/** Asked for places only where a line looks like it. */
function listCut({ document, texts }: Subject): readonly Text[] {
  const { cutValues = [] } = document;
  if (cutValues.length === 0) return [];
  const kept = new Set(cutValues.map((cut) => `${cut.line} ${cut.kept}`));
  const words = new Set(cutValues.map((cut) => cut.kept));
  return texts.filter(
    ({ path, text }) => words.has(text) && kept.has(`${document.at(toPointer(...path)).line} ${text}`),
  );
}
