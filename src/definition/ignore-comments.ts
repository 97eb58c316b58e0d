import { Lexer } from 'yaml';
import type { IgnoreComment } from '../model/position.ts';
import type { TextLines } from './locate-node.ts';

const word = 'connectorctl-ignore';
const form = /^#+[ \t]*connectorctl-ignore(?![\w-])[ \t]*([^\s:]*)[ \t]*(?::[ \t]*(.*?))?[ \t\r]*$/;

/**
 * The comments `# connectorctl-ignore RULE: reason` of a file. Where the same words stand in a text, they are no comment.
 * One behind something is about its own line; one on a line of its own about the next line that holds something; and one before all else
 * of a document about the whole document.
 */
export function findIgnoreComments(source: string, count: () => TextLines): readonly IgnoreComment[] {
  if (!source.includes(word)) return [];
  const lines = count();
  const found: IgnoreComment[] = [];
  let waiting: Omit<IgnoreComment, 'line'>[] = [];
  let offset = 0;
  let isHead = true;
  let isScalar = false;
  let filledLine = 0;
  for (const lexeme of new Lexer().lex(source)) {
    // Marks of the lexer that stand for no text.
    if (lexeme === '\u0002' || lexeme === '\u0018' || lexeme === '\u001F') {
      if (lexeme === '\u0002') isHead = true;
      isScalar = lexeme === '\u001F';
      continue;
    }
    const kind = isScalar ? 'content' : kindOf(lexeme);
    isScalar = false;
    if (kind === 'content') {
      const { line } = lines.position(offset);
      found.push(...waiting.map((comment) => placed(comment, line)));
      waiting = [];
      isHead = false;
      filledLine = lines.position(offset + lexeme.trimEnd().length).line;
    } else if (kind === 'edge') {
      isHead = true;
    } else if (kind === 'comment') {
      const [, rule, reason = ''] = form.exec(lexeme) ?? [];
      const at = lines.position(offset, offset + lexeme.length);
      const comment = rule === undefined ? undefined : { rule, reason, at, isForDocument: isHead };
      if (comment !== undefined && filledLine === at.line) found.push({ ...comment, line: at.line });
      else if (comment !== undefined) waiting.push(comment);
    }
    offset += lexeme.length;
  }
  // What comes after everything else is about nothing.
  return [...found, ...waiting.map((comment) => placed(comment, comment.at.line))];
}

function placed(comment: Omit<IgnoreComment, 'line'>, line: number): IgnoreComment {
  return { ...comment, line };
}

function kindOf(lexeme: string): 'comment' | 'edge' | 'blank' | 'content' {
  if (lexeme.startsWith('#')) return 'comment';
  if (lexeme === '---' || lexeme === '...' || lexeme.startsWith('%')) return 'edge';
  return lexeme.trim() === '' || lexeme === '\uFEFF' ? 'blank' : 'content';
}
