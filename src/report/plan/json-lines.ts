import type { Json } from '../../model/json.ts';
import { visible } from '../../model/visible.ts';
import { displayWidth } from '../escape/terminal.ts';
import { shorten, shortenPair, wrapText } from '../fit-text.ts';
import { hangText } from '../hang-text.ts';
import type { Paint } from '../text-table.ts';
import type { JsonBranch, JsonDifference, JsonLeaf } from './diff-json.ts';
import { showPair, showValue } from './show-value.ts';
import type { TextContext } from './text-context.ts';

/** How the lines of a tree begin. */
interface TreeOptions {
  /** Blanks before each line. */
  readonly indent: number;
  /** Marks what came and went with `+`, `-` and `~`; without them the lines only list. */
  readonly signs: boolean;
}

/** More lines than this for one field are counted instead of shown. */
const mostLines = 40;

/** A value is not shortened to fewer columns than this; it rather goes on a line of its own. */
const roomy = 32;

type Sign = 'added' | 'removed' | 'both' | 'changed';

/** An indented tree of what differs between two JSON values, with `+`, `-` and `~` as in a diff. */
export function renderJsonLines(
  differences: readonly JsonDifference[],
  options: TreeOptions,
  context: TextContext,
): readonly string[] {
  const lines = renderTree(differences, options, context);
  if (context.verbose || lines.length <= mostLines) return lines;
  const rest = lines.length - mostLines + 1;
  return [...lines.slice(0, -rest), `${' '.repeat(options.indent)}… ${rest} more lines, see --verbose`];
}

/** Two values under one another, each on a line that shows where they differ. */
export function renderPairLines(
  before: Json | undefined,
  after: Json | undefined,
  { indent, context }: { readonly indent: number; readonly context: TextContext },
): readonly string[] {
  const { colors } = context;
  const room = Math.max(1, context.width - indent - 2);
  const [left, right] = showPair(before, after).map(visible);
  const whole: readonly [string, string] = [left ?? '', right ?? ''];
  const [old, fresh] = context.verbose ? whole : shortenPair(...whole, room);
  return [...renderSide('-', old, colors.red), ...renderSide('+', fresh, colors.green)];

  function renderSide(sign: string, text: string, paint: Paint): readonly string[] {
    return wrapText(text, room).map((part, index) => `${' '.repeat(indent)}${paint(index === 0 ? sign : ' ')} ${part}`);
  }
}

function renderTree(
  differences: readonly JsonDifference[],
  options: TreeOptions,
  context: TextContext,
): readonly string[] {
  const most = Math.floor((context.width - options.indent) / 2);
  const widths = differences
    .filter((difference) => !('children' in difference))
    .map(({ name }) => displayWidth(toName(name)));
  const nameWidth = Math.min(Math.max(0, ...widths), most);
  return differences.flatMap((difference) => renderDifference(difference, nameWidth, { ...options, context }));
}

function renderDifference(
  difference: JsonDifference,
  nameWidth: number,
  options: TreeOptions & { readonly context: TextContext },
): readonly string[] {
  return 'children' in difference ? renderBranch(difference, options) : renderLeaf(difference, nameWidth, options);
}

function renderBranch(
  branch: JsonBranch,
  { context, indent, signs }: TreeOptions & { readonly context: TextContext },
): readonly string[] {
  const inner = indent + (signs ? 2 : 0);
  // A place at the far right cannot hold a tree any more: it goes on at the same depth.
  const deeper = inner + 24 > context.width ? indent : indent + 2;
  return [
    ...renderName(branch.name, { sign: branch.kind, indent, signs, context }),
    ...renderTree(branch.children, { indent: deeper, signs }, context),
  ];
}

function renderLeaf(
  { name, before, after }: JsonLeaf,
  nameWidth: number,
  { context, indent, signs }: TreeOptions & { readonly context: TextContext },
): readonly string[] {
  const oneSided = before === undefined ? 'added' : 'removed';
  const sign = before !== undefined && after !== undefined ? 'both' : oneSided;
  const value = visible(sign === 'both' ? showPair(before, after).join(' → ') : showValue(after ?? before));
  const inner = indent + (signs ? 2 : 0);
  const shown = toName(name);
  const missing = Math.max(0, nameWidth - displayWidth(shown));
  const room = context.width - inner - displayWidth(shown) - missing - 2;
  const head = renderName(name, { sign, indent, signs, context });

  if (displayWidth(value) <= room) return [`${head.join('')}${' '.repeat(missing + 2)}${value}`];
  if (sign === 'both') return [...head, ...renderPairLines(before, after, { indent: inner + 2, context })];
  const short = context.verbose ? value : shorten(value, Math.max(room, Math.min(roomy, context.width - inner - 2)));
  if (displayWidth(short) <= room) return [`${head.join('')}${' '.repeat(missing + 2)}${short}`];
  return [...head, ...hangText('', short, { width: context.width, indent: inner + 2 })];
}

function renderName(
  name: string,
  options: TreeOptions & { readonly sign: Sign; readonly context: TextContext },
): readonly string[] {
  const { colors, width } = options.context;
  const paints: Readonly<Record<Sign, readonly [string, Paint]>> = {
    added: ['+', colors.green],
    removed: ['-', colors.red],
    both: ['~', colors.yellow],
    changed: [' ', (text) => text],
  };
  const [sign, paint] = paints[options.sign];
  const margin = ' '.repeat(options.indent);
  const [lead, hang] = options.signs ? [`${paint(sign)} `, '  '] : ['', ''];
  const room = Math.max(1, width - options.indent - hang.length);
  return wrapText(toName(name), room).map((part, index) => `${margin}${index === 0 ? lead : hang}${part}`);
}

function toName(name: string): string {
  return visible(name.trim() === name && name !== '' ? name : `"${name}"`);
}
