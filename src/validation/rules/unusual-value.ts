import type { DocumentRule } from '../rule.ts';
import { findWrongKinds, isLivable } from '../schema-findings.ts';

export const unusualValue: DocumentRule = {
  code: 'unusual-value',
  severity: 'warning',
  message: 'Unusual value of a setting',
  help: 'The value is not of the kind that this setting usually has. The platform takes any text, so it is sent as it is, and instances live with such values; the connector may not understand it.',
  check: (subject) => findWrongKinds(subject, isLivable),
};
