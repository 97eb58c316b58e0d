import type { DocumentRule } from '../rule.ts';

export const unusedOverride: DocumentRule = {
  code: 'unused-override',
  severity: 'warning',
  message: 'Override that never applies',
  help: 'An override for an environment that `environments` leaves out has no effect.',
  check: ({ fields, overrides }, context) => {
    const { environments } = fields;
    if (!Array.isArray(environments)) return [];
    return [...overrides.keys()]
      .filter((name) => context.environments.has(name) && !environments.includes(name))
      .map((name) => ({
        path: ['overrides', name],
        part: 'key',
        detail: `There is an override for \`${name}\`, but \`environments\` does not name it, so the override never applies.`,
        hint: `Add \`${name}\` to \`environments\`, or remove the override.`,
      }));
  },
};
