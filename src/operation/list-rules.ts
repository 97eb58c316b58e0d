import type { RuleText } from '../validation/rule.ts';
import { rules } from '../validation/rules.ts';

/** What every rule for definitions is about, for reports that explain codes. */
export function listRules(): readonly Pick<RuleText, 'code' | 'severity' | 'message' | 'help'>[] {
  return rules.map(({ code, severity, message, help }) => ({ code, severity, message, help }));
}
