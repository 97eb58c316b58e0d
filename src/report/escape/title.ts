import { visible } from '../../model/visible.ts';

/** GitHub refuses a title of an issue or a pull request that is longer: "title is too long (maximum is 256 characters)". */
const longestTitle = 256;

/** What acts in a title, or in the commit message that a title becomes on merge, and what stands for it. */
const standIns: Readonly<Record<string, string>> = {
  '@': '＠',
  '#': '＃',
  '`': "'",
  // `[skip ci]` in the title of a pull request would keep its merge from being applied.
  '[': '(',
  ']': ')',
  ':': '：',
};

/**
 * Foreign text as the title of an issue, a pull request or a check: one line, no mention, no reference, no link, nothing that speaks to CI.
 * A title is no Markdown, so characters that act are replaced by others that look alike.
 */
export function titleText(text: string, limit = longestTitle): string {
  const shown = visible(text)
    .replace(/[@`[\]]|#(?=\d)|:(?=\/\/|[\w+-]+:)/g, (found) => standIns[found] ?? found)
    .replace(/GH-(?=\d)/gi, (found) => found.replace('-', '‑'))
    .trim();
  return shown.length <= limit ? shown : `${startWithin(shown, limit - 1)}…`;
}

/** The longest start of at most so many UTF-16 code units that splits no character. */
function startWithin(text: string, limit: number): string {
  const start = text.slice(0, limit);
  return /[\ud800-\udbff]$/.test(start) ? start.slice(0, -1) : start;
}
