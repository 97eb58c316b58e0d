import type { Reference } from '../../model/definition.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import type { Text } from '../subject.ts';

/** What people write who have another tool in mind: `${secrets.A}`, `{{ vars.B }}`, `$ {{ secrets.C }}`. */
const lookalike = /\$\{\s*(?:secrets|vars)\.[^}]*\}?|(?<!\$)(?:\$\s+)?\{\{\s*(?:secrets|vars)\.[^}]*\}{0,2}/g;
const hint = 'Write `${{ secrets.NAME }}` or `${{ vars.NAME }}`.';

export const malformedReference: DocumentRule = {
  code: 'malformed-reference',
  severity: 'error',
  message: 'Malformed reference',
  help: 'References are written `${{ secrets.NAME }}` and `${{ vars.NAME }}`. Anything else would be sent to the platform literally.',
  hides: 'all',
  check: ({ texts }) =>
    texts.filter(maybeReference).flatMap((text) =>
      text.references
        .filter(isBad)
        .map((reference) => unreadable(text, reference))
        .concat(lookalikes(text)),
    ),
};

function maybeReference({ text }: Text): boolean {
  return text.includes('{');
}

function isBad({ kind, problem }: Reference): boolean {
  return kind === 'unknown' || problem !== undefined;
}

function unreadable({ path, key }: Text, reference: Reference): Finding {
  return {
    path,
    span: reference,
    detail:
      reference.problem === undefined
        ? `\`${key}\` contains a reference that is neither to \`secrets\` nor to \`vars\`; there is nothing else to refer to.`
        : `\`${key}\` contains a reference that cannot be read. ${reference.problem}`,
    hint,
  };
}

function lookalikes({ text, path, key, references }: Text): readonly Finding[] {
  if (isReferenceOnly(text, references)) return [];
  return [...text.matchAll(lookalike)].map(({ 0: found, index }) => ({
    path,
    span: { start: index, end: index + found.length },
    detail: `\`${key}\` contains what looks like a reference but is not one, so it would be sent literally.`,
    hint,
  }));
}

function isReferenceOnly(text: string, [first]: readonly Reference[]): boolean {
  return first?.start === 0 && first.end === text.length;
}
