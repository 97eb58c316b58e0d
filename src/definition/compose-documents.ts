import { Composer, CST, type Document, Lexer, Parser } from 'yaml';
import { describeSyntaxError, type YamlProblem } from './yaml-problem.ts';

/** How many levels lists and maps may stand inside each other. A definition needs about six. */
export const maxDepth = 64;

/** How many documents one file may hold. */
const maxDocuments = 1000;

/** How many YAML tokens one file may hold. A thousand definitions of twenty keys have fewer. */
const maxTokens = 250_000;

/**
 * How many characters a text in double quotes may have. The library puts it together one by one, which takes thirty times its length in
 * memory; every other kind of text may be as long as the file.
 */
const maxQuoted = 256 * 1024;

/** How many problems of one file are told; one early mistake can cause a problem on every line. */
export const maxProblems = 100;

interface Composed {
  /** The documents up to the first limit that was passed. */
  readonly documents: readonly Document.Parsed[];
  readonly problems: readonly YamlProblem[];
}

// Duplicate keys are looked for in readNode, as the library's own check takes quadratic time.
const options = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  uniqueKeys: false,
  prettyErrors: false,
  strict: true,
  logLevel: 'silent',
} as const;

/**
 * Reads a YAML 1.2 stream into syntax trees.
 * The limits are watched token by token, so that a hostile text costs no more than what was read until then.
 */
export function composeDocuments(text: string): Composed {
  const documents: Document.Parsed[] = [];
  const problems: YamlProblem[] = [];
  try {
    const composer = new Composer(options);
    for (const document of composer.compose(readTokens(text, problems))) {
      documents.push(document);
      if (documents.length > maxDocuments) {
        documents.pop();
        problems.push(tooManyDocuments(document));
        break;
      }
    }
    // Without any document, what was found wrong stays with the composer.
    problems.push(...composer.streamInfo().errors.slice(0, maxProblems).map(describeSyntaxError));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push(tooDeep(0));
  }
  return { documents, problems };
}

function* readTokens(text: string, problems: YamlProblem[]): Generator<CST.Token, void> {
  const parser = new Parser();
  let count = 0;
  let faults = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.length > maxQuoted && lexeme.startsWith('"')) {
      problems.push(tooLongQuoted(parser.offset));
      return;
    }
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') faults += 1;
      if (faults <= maxProblems) yield token;
    }
    if (parser.stack.length > maxDepth && parser.stack.filter(CST.isCollection).length > maxDepth) {
      problems.push(tooDeep(parser.offset - lexeme.length));
      return;
    }
    count += 1;
    if (count > maxTokens) {
      problems.push(tooManyTokens(parser.offset));
      return;
    }
    if (faults > maxProblems) return;
  }
  yield* parser.end();
}

function tooDeep(offset: number): YamlProblem {
  return {
    code: 'yaml-too-deep',
    message: 'Nested too deeply',
    detail: `Lists and mappings are nested more than ${maxDepth} levels deep. Nothing after this point was read.`,
    start: offset,
    end: offset + 1,
  };
}

function tooLongQuoted(offset: number): YamlProblem {
  return {
    code: 'yaml-text-too-long',
    message: 'Text too long',
    detail: `A text in double quotes may have at most ${maxQuoted / 1024} KiB. Nothing after this point was read.`,
    hint: 'Write it as a block, with `|` behind the key and the text indented below.',
    start: offset,
    end: offset + 1,
  };
}

function tooManyTokens(offset: number): YamlProblem {
  return {
    code: 'yaml-too-many-tokens',
    message: 'Too many values',
    detail: `The file contains more than ${maxTokens} YAML tokens. Nothing after this point was read.`,
    hint: 'Split the file.',
    start: offset,
    end: offset + 1,
  };
}

function tooManyDocuments({ range: [start] }: Document.Parsed): YamlProblem {
  return {
    code: 'yaml-too-many-documents',
    message: 'Too many documents',
    detail: `A file may contain at most ${maxDocuments} documents. Nothing after this point was read.`,
    hint: 'Split the file.',
    start,
    end: start + 1,
  };
}
