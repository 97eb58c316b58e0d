import type { Diagnostic } from '../../../src/model/diagnostic.ts';

/** Source lines that are hard to show, by file. */
export const sources: Readonly<Record<string, string>> = {
  'instances/sharefile.yaml': [
    'connector: sharefile',
    'nme: ShareFile',
    'configuration:',
    '  oauth.callback.url: https;//example.com',
    '  password: hunter2',
    `  description: ${'long text without an end, '.repeat(12)}https;//example.com and then ${'more of it, '.repeat(12)}`,
    '  folder: 東京/書類 <wide>',
    '  tab:\tafter a tab',
    '',
  ].join('\n'),
  'instances/hostile.yaml': 'name: "a\u202Eb\u200Bc\u001B[31md ::error:: ##[command]"\r\nkey: x\r\n',
};

/** Diagnostics of every kind: with and without place, hint, end and related places. */
export const diagnostics: readonly Diagnostic[] = [
  {
    severity: 'error',
    code: 'unknown-field',
    message: 'Unknown field',
    detail: 'A definition has no field `nme`, so it would have no effect.',
    hint: 'Did you mean `name`?',
    at: { file: 'instances/sharefile.yaml', line: 2, column: 1, endLine: 2, endColumn: 4 },
  },
  {
    severity: 'error',
    code: 'broken-url',
    message: 'Broken URL',
    detail:
      '`oauth.callback.url` begins with `https;//`, not with `https://`, so `https;//example.com` cannot be called.',
    hint: 'Write it again, or take it from here:\n  connectorctl convert body.json',
    at: { file: 'instances/sharefile.yaml', line: 4, column: 23, endLine: 4, endColumn: 42 },
  },
  {
    severity: 'warning',
    code: 'literal-secret',
    message: 'Secret written in the file',
    detail: '`password` looks like a secret, and everyone can read its value in the file.',
    at: { file: 'instances/sharefile.yaml', line: 5, column: 3, endLine: 5, endColumn: 11 },
  },
  {
    severity: 'error',
    code: 'broken-url',
    message: 'Broken URL',
    detail: 'The place stands far to the right.',
    at: { file: 'instances/sharefile.yaml', line: 6, column: 316, endLine: 6, endColumn: 335 },
  },
  {
    severity: 'error',
    code: 'literal-placeholder',
    message: 'Placeholder instead of a value',
    detail: 'The caret stands below `<wide>`, behind wide characters.',
    at: { file: 'instances/sharefile.yaml', line: 7, column: 17, endLine: 7, endColumn: 23 },
  },
  {
    severity: 'warning',
    code: 'surrounding-blanks',
    message: 'Spaces around a value',
    detail: 'The caret stands below `after`, behind a tab, and ends where the line ends.',
    at: { file: 'instances/sharefile.yaml', line: 8, column: 8, endLine: 9, endColumn: 1 },
  },
  {
    severity: 'warning',
    code: 'html-in-text',
    message: 'HTML in a name or tag',
    detail: 'Foreign text in a detail: \u001B[2J \u202E ::warning::x ##[group] and 100% of it,\nwith a line break.',
    at: { file: 'instances/hostile.yaml', line: 1, column: 7, endLine: 1, endColumn: 12 },
  },
  {
    severity: 'error',
    code: 'duplicate-key',
    message: 'Duplicate key',
    detail: 'Another definition has the key `x` too, so both would claim the same instance.',
    at: { file: 'instances/hostile.yaml', line: 2, column: 99 },
    related: [{ message: 'the first one', at: { file: 'instances/other, file: 100%.yaml', line: 3, column: 6 } }],
  },
  {
    severity: 'error',
    code: 'missing-workspace',
    message: 'No workspace',
    detail: 'There is no `connectorctl.yaml` here, nor in a folder above.',
    hint: 'Make one with this command:\n  connectorctl init',
  },
];

/** Whether a text holds what a terminal would act on or not show. */
export function isUnsafe(text: string): boolean {
  return /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text);
}
