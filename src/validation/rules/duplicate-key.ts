import { groupBy } from '../../model/group-by.ts';
import { toPointer } from '../../model/position.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { Outline } from '../subject.ts';

export const duplicateKey: WorkspaceRule = {
  code: 'duplicate-key',
  severity: 'error',
  message: 'Duplicate key',
  help: 'The key is how a definition finds its live instance again. Two definitions with the same key would fight over one instance; keys that differ only in case cannot both be files on every system.',
  checkAll: (outlines) =>
    [...groupBy(outlines, ({ key }) => key?.toLowerCase()).values()].flatMap(([first, ...others]) =>
      first === undefined
        ? []
        : others.map((outline) => ({
            outline,
            finding: {
              path: placeOfKey(outline),
              detail: describe(outline, first),
              hint: 'Give one of them a different `key`, or move the file.',
              related: [{ message: 'the first one', at: first.document.at(toPointer(...placeOfKey(first))) }],
            },
          })),
    ),
};

function placeOfKey({ fields }: Outline): readonly string[] {
  return Object.hasOwn(fields, 'key') ? ['key'] : [];
}

function describe({ key }: Outline, first: Outline): string {
  return key === first.key
    ? `Another definition also has the key \`${key}\`, so both would claim the same instance.`
    : `The key \`${key}\` differs from \`${first.key}\` only in upper and lower case, which some file systems do not distinguish.`;
}
