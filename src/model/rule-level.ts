/** What a workspace may say of a rule. */
export const ruleLevels = ['off', 'warning', 'error'] as const;

/** How much a rule weighs in a workspace; `off`: it is not told. */
export type RuleLevel = (typeof ruleLevels)[number];
