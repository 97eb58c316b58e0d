import type { DocumentRule } from '../rule.ts';

export const secretOutsideConfiguration: DocumentRule = {
  code: 'secret-outside-configuration',
  severity: 'error',
  message: 'Secret outside the configuration',
  help: 'Names, tags and keys are shown in plans, lists and event callbacks. Secrets are allowed only below `configuration` and `providerData`, where they stay hidden.',
  check: ({ texts }) =>
    texts
      .filter(({ area, references }) => area === 'other' && references.length > 0)
      .flatMap(({ path, key, references }) =>
        references
          .filter(({ kind }) => kind === 'secrets')
          .map((reference) => ({
            path,
            span: reference,
            detail: `\`${key}\` refers to the secret \`${reference.name ?? ''}\`, but what stands there is shown to everybody.`,
            hint: 'Write the text itself, or a variable: `${{ vars.NAME }}`.',
          })),
      ),
};
