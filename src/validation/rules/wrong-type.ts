import type { DocumentRule } from '../rule.ts';
import { findWrongKinds, isLivable } from '../schema-findings.ts';

export const wrongType: DocumentRule = {
  code: 'wrong-type',
  severity: 'error',
  message: 'Wrong kind of value',
  help: 'The value is not of the type that this field needs. `schema/instance.schema.json` lists what each field accepts; editors show it while typing.',
  check: (subject) => findWrongKinds(subject, (path, value) => !isLivable(path, value)),
};
