import type { DocumentRule } from '../rule.ts';

export const keyMismatch: DocumentRule = {
  code: 'key-mismatch',
  severity: 'warning',
  message: 'Key looks like a path',
  help: 'A key that comes from a path has neither `instances/` in front nor an extension. Written with them it is another key, and the live instance would be taken for a new one.',
  check: ({ fields: { key } }) =>
    typeof key === 'string' && /^(?:\.?\/)?instances\/|\.(?:ya?ml|json)$/i.test(key)
      ? [
          {
            path: ['key'],
            detail: `\`key: ${key}\` is written like the path of a file, but keys have neither \`instances/\` in front nor an extension.`,
            hint: `Write \`key: ${key.replace(/^(?:\.?\/)?instances\//i, '').replace(/\.(?:ya?ml|json)$/i, '')}\`, or leave it out.`,
          },
        ]
      : [],
};
