import * as fc from 'fast-check';

/** What no text for people may hold, apart from line feeds of our own. */
export const unseenCharacters =
  /(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

/** Pieces with which strangers try to get out of where their text belongs. */
export const hostilePieces: readonly string[] = [
  '\u001b[31m',
  '\u001b]8;;https://evil.example\u0007',
  '\u009b2J',
  '\u202e',
  '\u200b',
  '\r\n',
  '\n```\n',
  '\n~~~\n',
  '`',
  '``',
  '```',
  '|',
  String.raw`\|`,
  '\\',
  '</details>',
  '</summary>',
  '<details open>',
  '<!-- connectorctl -->',
  '-->',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '@acme/admins',
  'a@b.example',
  '#1',
  'GH-1',
  '![x](https://evil.example/x.png)',
  '[click](javascript:alert(1))',
  'https://evil.example',
  'www.evil.example',
  '$x$',
  '&lt;',
  '&#64;team',
  '::add-mask::secret',
  '::',
  '##[group]',
  '%0A::error::x',
  '共有フォルダ',
  '📁',
  'e\u0301',
  ' ',
  '  ',
  '\t',
  '*',
  '_',
  '# ',
  '- ',
  '> ',
  '1. ',
  '"',
  "'",
  '{"a":[1,{"b":null}]}',
  '(secret)',
  'x'.repeat(150),
];

/** Text as the worst stranger would write it, and text of all characters there are. */
export const anyForeignText = fc.oneof(
  fc.array(fc.constantFrom(...hostilePieces), { maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
);
