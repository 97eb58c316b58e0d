import { definitionFields } from '../known-keys.ts';
import type { DocumentRule } from '../rule.ts';

export const secretOutsideConfiguration: DocumentRule = {
  code: 'secret-outside-configuration',
  severity: 'error',
  message: 'Secret outside the configuration',
  help: 'Names, tags and keys are shown in plans, lists and event callbacks. Secrets are allowed only under `configuration` and `providerData`, where they stay hidden.',
  check: ({ texts }) =>
    texts
      .filter(({ area, references }) => area === 'other' && references.length > 0)
      // What stands under a field that there is none of is shown to nobody, and may be a misspelt `configuration`.
      .filter(({ path: [field] }) => definitionFields.has(String(field)))
      .flatMap(({ path, key, references }) =>
        references
          .filter(({ kind }) => kind === 'secrets')
          .map((reference) => ({
            path,
            span: reference,
            detail: `\`${key}\` refers to the secret \`${reference.name ?? ''}\`, but this value is shown to everyone.`,
            hint: 'Write the value itself, or a variable: `${{ vars.NAME }}`.',
          })),
      ),
};
