import type { DocumentRule } from '../rule.ts';

export const keyMismatch: DocumentRule = {
  code: 'key-mismatch',
  severity: 'warning',
  message: 'Key looks like a path',
  help: 'A key that comes from a path has no leading `instances/` and no extension. With them it is a different key, and a new instance would be created.',
  check: ({ fields: { key } }) =>
    typeof key === 'string' && /^(?:\.?\/)?instances\/|\.(?:ya?ml|json)$/i.test(key)
      ? [
          {
            path: ['key'],
            detail: `\`key: ${key}\` looks like the path of a file, but keys have no leading \`instances/\` and no extension.`,
            hint: `Write \`key: ${key.replace(/^(?:\.?\/)?instances\//i, '').replace(/\.(?:ya?ml|json)$/i, '')}\`, or omit it.`,
          },
        ]
      : [],
};
