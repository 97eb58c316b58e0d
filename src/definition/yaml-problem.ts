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

/** A fault that the YAML library found, in plain words. */
export function describeSyntaxError(error: YAMLError): YamlProblem {
  const known = words[error.code];
  const [start, end] = error.pos;
  return {
    code: 'yaml-syntax',
    message: known?.message ?? 'Not valid YAML',
    detail: known?.detail ?? `${error.message.split('\n')[0] ?? ''}.`,
    start,
    end: Math.max(end, start + 1),
  };
}
