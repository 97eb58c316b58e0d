import { type RuleExample, ruleExamples } from '../validation/rule-examples.ts';
import type { RuleText } from '../validation/rule.ts';
import { rules } from '../validation/rules.ts';

type ExplainedRule = Pick<RuleText, 'code' | 'severity' | 'message' | 'help'> & {
  readonly example?: RuleExample | undefined;
};

/** What every rule for definitions is about, for reports that explain codes. */
export function listRules(): readonly ExplainedRule[] {
  return rules.map(({ code, severity, message, help }) => {
    return { code, severity, message, help, example: ruleExamples.get(code) };
  });
}
