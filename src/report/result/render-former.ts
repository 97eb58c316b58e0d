import { createColors } from 'picocolors';
import type { FormerSubscription, FormerSubscriptions } from '../../model/former-subscription.ts';
import { visible } from '../../model/visible.ts';
import { markdownCode, markdownText } from '../escape/markdown.ts';
import { hangHint, hangText } from '../hang-text.ts';
import { type CommandContext, completeHint } from '../next-step.ts';
import { type Cell, type Paint, renderTable } from '../text-table.ts';
import { adviseFormer, describeFormer, formerMarks, summarizeFormer } from './former-words.ts';

interface FormerTextOptions {
  readonly colors: ReturnType<typeof createColors>;
  readonly width: number;
  readonly commands: CommandContext;
}

/** Subscriptions of former callbacks, for a person at a terminal: each in a row, why one was not removed, then all in one sentence. */
export function renderFormerText(subscriptions: FormerSubscriptions, options: FormerTextOptions): readonly string[] {
  const { colors, width, commands } = options;
  const { found } = subscriptions;
  const advice = adviseFormer(subscriptions);
  return [
    ...(found.length === 0
      ? []
      : renderTable(
          found.map((one) => renderRow(one, colors)),
          { width },
        )),
    ...found.flatMap(({ id, message }) =>
      message === undefined ? [] : hangText(`${formerMarks.failed} subscription ${visible(id)}: `, message, { width }),
    ),
    ...hangText('', summarizeFormer(subscriptions), { width }),
    ...hangHint('next: ', advice && completeHint(advice, commands), { width, paint: colors.cyan }),
  ];
}

function renderRow(one: FormerSubscription, colors: FormerTextOptions['colors']): readonly Cell[] {
  const paints: Readonly<Record<FormerSubscription['status'], Paint>> = {
    removed: colors.green,
    left: colors.yellow,
    failed: colors.red,
  };
  const paint = paints[one.status];
  return [
    { text: formerMarks[one.status], paint },
    { text: visible(one.key), paint: colors.bold },
    { text: visible(`subscription ${one.id}`) },
    { text: describeFormer(one), paint },
    { text: visible(one.url) },
  ];
}

/** So many are named in Markdown: a comment is not the place for more. */
const mostNamed = 20;

/** The same as a list in Markdown. Foreign text cannot make structure, links or mentions. Ends with an empty line. */
export function renderFormerMarkdown(subscriptions: FormerSubscriptions, commands: CommandContext): string {
  const { found } = subscriptions;
  const rows = found.slice(0, mostNamed).map((one) => {
    const why = one.message === undefined ? '' : `: ${markdownText(one.message)}`;
    return `- ${formerMarks[one.status]} ${markdownCode(one.key)}, subscription ${markdownText(one.id)} to ${markdownCode(one.url)}: ${describeFormer(one)}${why}\n`;
  });
  const more = found.length > mostNamed ? `- … and ${found.length - mostNamed} more\n` : '';
  const advice = adviseFormer(subscriptions);
  const next = advice === undefined ? '' : `\n\n${toMarkdownHint(completeHint(advice, commands))}`;
  return `${markdownText(summarizeFormer(subscriptions))}\n\n${rows.join('')}${more}${next.trimStart()}\n\n`;
}

/** A sentence, and commands of ours below it. */
function toMarkdownHint(hint: string): string {
  const [sentence = '', ...commands] = hint.split('\n');
  return `${markdownText(sentence)} ${commands.map((one) => markdownCode(one.trim())).join(' ')}`;
}
