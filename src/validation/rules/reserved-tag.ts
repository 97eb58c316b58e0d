import { isReservedTag } from '../../tags/owner-tags.ts';
import type { DocumentRule } from '../rule.ts';
import { quote } from '../show-text.ts';
import { tagsOf } from '../subject.ts';

export const reservedTag: DocumentRule = {
  code: 'reserved-tag',
  severity: 'error',
  message: 'Reserved tag',
  help: 'Tags that begin with `connectorctl` record who owns an instance and what was last applied to it. Only connectorctl writes them.',
  check: (subject) =>
    tagsOf(subject).flatMap(({ path, tags }) =>
      [...tags.entries()].flatMap(([index, tag]) =>
        typeof tag === 'string' && isReservedTag(tag)
          ? [
              {
                path: [...path, index],
                detail: `The tag ${quote(tag)} begins with \`connectorctl\`, which is reserved for the tags that mark ownership.`,
                hint: 'Remove it; connectorctl sets its own tags.',
              },
            ]
          : [],
      ),
    ),
};
