import { readShellWords } from './shell-words.ts';

/** A cURL command on a page: the offset where `curl` or its prompt begins, and where the text that may belong to it ends. */
export interface PageCommand {
  readonly start: number;
  readonly text: string;
}

/** `curl` at the beginning of a line, behind a prompt, an assignment (`ID=$(curl …`) or another command (`&& curl`). */
const beginning =
  /(?:^|(?:&&|\|\||;)[ \t]*)[ \t>]*(?:[$>#%][ \t]+|PS [^>\r\n]*>[ \t]*)?(?:(?:export[ \t]+)?\w+="?(?:\$\(|`)[ \t]*)?(?:sudo[ \t]+|time[ \t]+)?(?=curl(?:\.exe)?\s)/gm;
/** The end of a block of code in Markdown or HTML. */
const fence = /^[ \t>]*(?:```|~~~|<\/(?:code|pre)>)/m;

/** The cURL commands of a page, in order. Text around them is left alone. */
export function findCommands(page: string): readonly PageCommand[] {
  const starts = [...page.matchAll(beginning)]
    .map(({ 0: found, index }) => index + found.length)
    .filter((start) => !isInsideQuotes(page, start));
  return starts.map((start, index) => {
    const text = page.slice(start, starts[index + 1]);
    const end = fence.exec(text)?.index ?? text.length;
    return { start, text: withoutProse(text.slice(0, end)) };
  });
}

/** Whether the place lies in a quoted body: the last command before it has a quote open there. */
function isInsideQuotes(page: string, start: number): boolean {
  const before = page.slice(0, start);
  const last = before.lastIndexOf('curl ');
  // An apostrophe in a sentence opens nothing: only what a command opened counts, and only where the quote has an end.
  if (last < 0) return false;
  const { unclosed } = readShellWords(before.slice(last));
  return unclosed !== undefined && /[{[]\s*$/.test(before.slice(last, last + unclosed + 2));
}

/** The command without the paragraphs behind it, in which an apostrophe would open a quote. */
function withoutProse(text: string): string {
  if (readShellWords(text).unclosed === undefined) return text;
  for (const { index } of text.matchAll(/\r?\n[ \t]*\r?\n/g)) {
    const part = text.slice(0, index);
    if (readShellWords(part).unclosed === undefined) return part;
  }
  return text;
}

/** The text of a here-document, and its offset: `-d @- <<EOF`. */
export function findHereDocument(text: string): { readonly start: number; readonly text: string } | undefined {
  const match = /<<-?[ \t]*(["']?)(\w+)\1[^\n]*\n([^]*?)\n[ \t]*\2[ \t]*(?:\r?\n|$|\))/.exec(text);
  const [whole = '', , , body = ''] = match ?? [];
  return match === null ? undefined : { start: match.index + whole.indexOf('\n') + 1, text: body };
}

/** The value of a shell variable that the page itself sets: `BODY='{…}'`, where a command then sends `"$BODY"`. */
export function findAssignment(
  page: string,
  variable: string,
): ReturnType<typeof readShellWords>['words'][number] | undefined {
  const [name = ''] = /^\w+$/.exec(variable.replaceAll(/^\$\{?|\}$/g, '')) ?? [];
  const match = name === '' ? null : new RegExp(String.raw`^[ \t]*(?:export[ \t]+)?${name}=(?=['"$])`, 'm').exec(page);
  if (match === null) return undefined;
  const from = match.index + match[0].length;
  const [word] = readShellWords(page.slice(from)).words;
  if (word === undefined) return undefined;
  return { ...word, start: word.start + from, offsets: word.offsets.map((offset) => offset + from) };
}
