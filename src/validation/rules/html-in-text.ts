import type { DocumentRule } from '../rule.ts';

export const htmlInText: DocumentRule = {
  code: 'html-in-text',
  severity: 'warning',
  message: 'HTML in a name or tag',
  help: 'The platform removes HTML from names and tags, so they come back shorter than they were sent.',
  check: ({ texts }) =>
    texts
      .filter(({ area, key, text }) => area === 'other' && (key === 'name' || key === 'tags') && /[<>]/.test(text))
      .map(({ path, key }) => ({
        path,
        detail: `\`${key}\` contains \`<\` or \`>\`, and the platform removes what looks like HTML.`,
        hint: 'Write it without angle brackets.',
      })),
};
