import type { ErrorCode, YAMLError } from 'yaml';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { TextLines } from './locate-node.ts';

/** Something wrong in a YAML text, placed by offsets (UTF-16 code units, end exclusive). */
export interface YamlProblem {
  readonly code: string;
  readonly message: string;
  readonly detail: string;
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
  /** Another place that belongs to it. */
  readonly related?: { readonly message: string; readonly start: number; readonly end: number };
}

/** The same problem as a person reads it: with line and column. */
export function toDiagnostic(problem: YamlProblem, lines: TextLines): Diagnostic {
  const { code, message, detail, hint, start, end, related } = problem;
  return {
    severity: 'error',
    code,
    message,
    detail,
    at: lines.position(start, end),
    ...(hint === undefined ? {} : { hint }),
    ...(related && {
      related: [{ message: related.message, at: lines.position(related.start, related.end) }],
    }),
  };
}

/** One code for all that YAML itself refuses: the message says which it is. */
const syntaxCode = 'yaml-syntax';

interface ProblemWords {
  readonly message: string;
  readonly detail: string;
}

// Own words where the library's presume knowledge of the YAML specification, or would quote the text (which may be a secret).
const words: Partial<Record<ErrorCode, ProblemWords>> = {
  TAB_AS_INDENT: { message: 'Tab used for indentation', detail: 'YAML is indented with spaces. Replace the tab.' },
  BAD_INDENT: {
    message: 'Wrong indentation',
    detail: 'This line does not line up with the others of its mapping or list.',
  },
  MISSING_CHAR: {
    message: 'Something is missing',
    detail: 'A colon, comma, quote or bracket that YAML needs is missing here or on the lines before.',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'Key without a value',
    detail: 'A key must be on one line, followed by a colon and a space. Perhaps the colon is missing.',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'Second colon in a value',
    detail: 'A value that contains a colon followed by a space must be quoted; a mapping must begin on its own line.',
  },
  BAD_SCALAR_START: {
    message: 'Value begins with a reserved character',
    detail: 'A value that begins with @, `, % or another character with a meaning in YAML must be quoted.',
  },
  BAD_DQ_ESCAPE: {
    message: 'Unknown escape in double quotes',
    detail: 'A backslash inside double quotes begins an escape. Write it twice, or use single quotes.',
  },
  UNEXPECTED_TOKEN: {
    message: 'Not expected here',
    detail:
      'YAML cannot make sense of the text from here on. Look for a quote or bracket that is not closed or not opened.',
  },
  BAD_ALIAS: { message: 'Bad alias or anchor', detail: 'The name of an alias (*name) or anchor (&name) is not valid.' },
  TAG_RESOLVE_FAILED: {
    message: 'Tag cannot be used',
    detail: 'The value does not fit its tag. Tags are not needed here: remove it, or quote the value.',
  },
};

/** Where the library's own message tells more than its code. */
function wordsFor({ code, message }: YAMLError): ProblemWords | undefined {
  if (code === 'BAD_INDENT' && /^Flow /i.test(message)) return openBracket;
  return code === 'MISSING_CHAR' && /quote/i.test(message) ? openQuote : words[code];
}

const openBracket: ProblemWords = {
  message: 'Bracket or brace without an end',
  detail: 'A `[` or `{` on a line before is not closed, so the line is read as a part of its list or mapping.',
};

const openQuote: ProblemWords = {
  message: 'Quote without an end',
  detail: 'A quote that opens a value, here or on a line before, is not closed.',
};

/** A fault that the YAML library found, in plain words. */
export function describeSyntaxError(error: YAMLError): YamlProblem {
  const known = wordsFor(error);
  const [start, end] = error.pos;
  return {
    code: 'yaml-syntax',
    message: known?.message ?? 'Not valid YAML',
    detail: known?.detail ?? `${error.message.split('\n')[0] ?? ''}.`,
    start,
    end: Math.max(end, start + 1),
  };
}

/** Faults of the shape, after which the library reads the lines that follow otherwise than they are meant. */
const shapeFaults: ReadonlySet<ErrorCode> = new Set([
  'TAB_AS_INDENT',
  'BAD_INDENT',
  'BLOCK_AS_IMPLICIT_KEY',
  'MULTILINE_IMPLICIT_KEY',
  'MISSING_CHAR',
  'UNEXPECTED_TOKEN',
]);

/**
 * The faults of one document. What only follows from the first fault of the shape is left out: the library finds one in each line
 * behind it, and none of these can be mended.
 */
export function describeSyntaxErrors(errors: readonly YAMLError[], text: string): readonly YamlProblem[] {
  const first = errors.findIndex(({ code }) => shapeFaults.has(code));
  return errors
    .filter((error, index) => index <= first || !shapeFaults.has(error.code))
    .map(
      (error) =>
        (error.code === 'BLOCK_AS_IMPLICIT_KEY' ? describeDeeperLine(error, text) : undefined) ??
        describeSyntaxError(error),
    );
}

/** A line that is indented further than the value above it, so that it reads as a part of that value. */
function describeDeeperLine({ pos: [at] }: YAMLError, text: string): YamlProblem | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  const line = text.slice(start, end < 0 ? text.length : end);
  if (end < 0 || !/^[ \t]*(?:- )?[^\s:]+:$/.test(text.slice(start, at).trimEnd()) || /:\s/.test(line.slice(at - start)))
    return undefined;
  const [blank = '', indent = ''] = /^(?:[ \t]*\r?\n)*([ \t]*)(?=[^\s])/.exec(text.slice(end + 1, end + 2000)) ?? [];
  if (indent.length <= line.length - line.trimStart().length) return undefined;
  const next = end + 1 + blank.length;
  return {
    code: syntaxCode,
    message: 'Wrong indentation',
    detail:
      'This line is indented further than the line above, which has a value already, so it reads as a part of that value. One of the two is indented wrongly.',
    hint: 'Let both begin in the same column, or that of the other keys of their mapping.',
    start: next,
    end: next + 1,
  };
}

/** What git leaves behind where it could not merge. */
export function findConflictMarks(text: string): YamlProblem | undefined {
  const start = text.search(/^<{7}(?: |$)/m);
  if (start < 0 || !/^={7}\r?$/m.test(text.slice(start)) || !/^>{7}(?: |$)/m.test(text.slice(start))) return undefined;
  return {
    code: syntaxCode,
    message: 'Unresolved merge conflict',
    detail: 'Git wrote both versions of these lines into the file, with marks around them.',
    hint: 'Keep the lines that are right, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>.',
    start,
    end: start + 7,
  };
}
