import type { Diagnostic } from '../model/diagnostic.ts';
import type { Workspace } from '../model/environment.ts';
import { didYouMean } from '../model/nearest-name.ts';
import { toPointer } from '../model/position.ts';
import { fixedRules } from './fixed-rules.ts';
import { rules } from './rules.ts';

const noLevels: NonNullable<Workspace['rules']> = new Map();

/** What is wrong with what a workspace file says of rules: a rule that does not exist, and one that cannot be weakened. */
export function checkRuleLevels(workspace: Workspace): readonly Diagnostic[] {
  return [...(workspace.rules ?? noLevels)].flatMap(([code, level]): readonly Diagnostic[] => {
    const place = workspace.at(toPointer('rules', code), 'key');
    const rule = rules.find((one) => one.code === code);
    if (rule === undefined) {
      return [
        {
          severity: 'error',
          code: 'unknown-rule',
          message: 'Unknown rule',
          detail: `\`${code}\` is not the name of a rule for definitions.`,
          hint:
            didYouMean(
              code,
              rules.map((one) => one.code),
            ) ?? 'The name of a rule stands beside each problem that `connectorctl validate` reports.',
          at: place,
        },
      ];
    }
    const why = fixedRules.get(code);
    if (why === undefined || level === 'error' || level === rule.severity) return [];
    return [
      {
        severity: 'error',
        code: 'fixed-rule',
        message: 'Rule cannot be weakened',
        detail: `\`${code}\` cannot be set to \`${level}\`. ${why}`,
        hint: 'Remove the line, and mend the definition instead.',
        at: place,
      },
    ];
  });
}
