import { isReservedTag } from '../../tags/owner-tags.ts';
import { environmentsInForce, inEnvironments } from '../build-views.ts';
import { fillVariables } from '../../definition/references.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import { quote } from '../show-text.ts';
import { type Path, type Subject, tagsOf } from '../subject.ts';

export const reservedTag: DocumentRule = {
  code: 'reserved-tag',
  severity: 'error',
  message: 'Reserved tag',
  help: 'Tags that begin with `connectorctl`, or would on the platform, record who owns an instance and what was last applied to it. Only connectorctl writes them.',
  check: (subject) =>
    tagsOf(subject).flatMap(({ path, tags }) =>
      [...tags.entries()].flatMap(([index, tag]) =>
        typeof tag === 'string' ? checkTag(tag, [...path, index], subject) : [],
      ),
    ),
};

/** What is sent is the tag with its variables filled in, and each environment has its own. */
function checkTag(tag: string, path: Path, subject: Subject): readonly Finding[] {
  if (isReservedTag(tag)) return [{ path, detail: explain(quote(tag)), hint }];
  const reserved = environmentsInForce(subject, path).flatMap((environment) => {
    const sent = fillVariables(tag, environment.vars);
    return sent !== undefined && isReservedTag(sent) ? [{ environment, sent }] : [];
  });
  const [first] = reserved;
  if (first === undefined) return [];
  const where = inEnvironments(reserved.map(({ environment }) => environment));
  return [{ path, detail: explain(`${quote(tag)}, which is ${quote(first.sent)}${where},`), hint }];
}

const hint = 'Remove it; connectorctl sets its own tags.';

function explain(tag: string): string {
  return `The tag ${tag} begins with \`connectorctl\` on the platform, which takes out HTML and may take out what cannot be seen. That is reserved for the tags that mark ownership.`;
}
