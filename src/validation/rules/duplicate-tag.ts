import type { Json } from '../../model/json.ts';
import type { DocumentRule } from '../rule.ts';
import { quote } from '../show-text.ts';
import { tagsOf } from '../subject.ts';

export const duplicateTag: DocumentRule = {
  code: 'duplicate-tag',
  severity: 'warning',
  message: 'Duplicate tag',
  help: 'A repeated tag adds nothing, and the platform may return it only once, which would look like a difference.',
  hides: 'schema',
  check: (subject) =>
    tagsOf(subject).flatMap(({ path, tags }) =>
      repeated(tags).map(([index, tag]) => ({
        path: [...path, index],
        detail: `The tag ${quote(tag)} appears twice in the list.`,
        hint: 'Remove one of them.',
      })),
    ),
};

function repeated(tags: readonly Json[]): readonly [number, string][] {
  const seen = new Set<string>();
  return [...tags.entries()].filter((pair): pair is [number, string] => {
    const [, tag] = pair;
    if (typeof tag !== 'string') return false;
    if (seen.has(tag)) return true;
    seen.add(tag);
    return false;
  });
}
