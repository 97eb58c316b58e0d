import { stripHtml } from '../model/canonical-value.ts';
import type { Owner, OwningEnvironment } from '../model/live.ts';

/** How a tag begins that says who owns an instance (design §3). */
const ownerPrefix = 'connectorctl/';

/** How a tag begins that holds a part of what was last applied (design §3). */
export const appliedPrefix = 'connectorctl-applied/';

/**
 * The tag of everything that an environment owns: `connectorctl/<workspace>/<environment>` (design §3).
 * Must: neither name holds a `/`, as the workspace file makes sure.
 */
export function environmentTag({ workspace, environment }: OwningEnvironment): string {
  return `${ownerPrefix}${workspace}/${environment}`;
}

/** The tag that says which definition an instance belongs to: `connectorctl/<workspace>/<environment>/<key>` (design §3). The key may hold a `/`. */
export function keyTag(owner: OwningEnvironment, key: string): string {
  return `${environmentTag(owner)}/${key}`;
}

/** Both tags of an owned instance. Without both of them it is nobody's. */
export function ownerTags(owner: OwningEnvironment, key: string): readonly [string, string] {
  return [environmentTag(owner), keyTag(owner, key)];
}

/** Whether the tag is ours to write, whatever workspace it names: users' tags never look like this. */
export function isOwnTag(tag: string): boolean {
  return isOwnerTag(tag) || isAppliedTag(tag);
}

/** Whether the tag says who owns an instance, whatever workspace it names. */
export function isOwnerTag(tag: string): boolean {
  return tag.startsWith(ownerPrefix);
}

/** Whether the tag holds a part of what was last applied. */
export function isAppliedTag(tag: string): boolean {
  return tag.startsWith(appliedPrefix);
}

/** Whether a tag of ours may stand anywhere in a text, such as the JSON of tags in an unknown form. */
export function mentionsOwnTag(text: string): boolean {
  return /connectorctl/i.test(text);
}

/** The tags that people gave an instance: all but those that connectorctl writes. */
export function userTagsOf(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => !isOwnTag(tag));
}

/** What an owner tag says. Undefined parts are missing: such a tag is damaged, or of another format. */
interface ParsedTag {
  readonly workspace: string;
  readonly environment?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * Who manages the instance with these tags; undefined when nobody does.
 * `ambiguous`: the tags name two environments or two keys, a key without its environment, or one of them is damaged.
 * Such an instance must not be touched.
 */
export function readOwner(tags: readonly string[]): Owner | 'ambiguous' | undefined {
  const parsed = listOwnerTags(tags).map(parseOwnerTag);
  const [first] = parsed;
  if (first === undefined) return undefined;
  const { workspace, environment } = first;
  if (environment === undefined || parsed.some(isDamaged)) return 'ambiguous';
  if (parsed.some((one) => one.workspace !== workspace || one.environment !== environment)) return 'ambiguous';

  const keys = parsed.flatMap(({ key }) => key ?? []);
  // Each tag stands here once, so that one more tag than keys is the one of the environment.
  if (keys.length > 1 || parsed.length !== keys.length + 1) return 'ambiguous';
  const [key] = keys;
  return key === undefined ? { workspace, environment } : { workspace, environment, key };
}

/** All tags that name an owner, each once, damaged ones too. */
export function listOwnerTags(tags: readonly string[]): readonly string[] {
  return [...new Set(tags)].filter(isOwnerTag);
}

/** The tag that is missing where a key tag stands alone; undefined where the tags contradict each other otherwise. */
export function missingTagOf(ownerTagsOnIt: readonly string[]): string | undefined {
  const [tag, ...others] = ownerTagsOnIt;
  if (tag === undefined || others.length > 0) return undefined;
  const { workspace, environment, key } = parseOwnerTag(tag);
  return environment === undefined || key === undefined ? undefined : environmentTag({ workspace, environment });
}

/** Reads an owner tag. Names hold no `/`, keys may. */
export function parseOwnerTag(tag: string): ParsedTag {
  const [workspace = '', environment, ...key] = tag.slice(ownerPrefix.length).split('/');
  return { workspace, environment, key: key.length === 0 ? undefined : key.join('/') };
}

function isDamaged({ workspace, environment, key }: ParsedTag): boolean {
  return workspace === '' || environment === undefined || environment === '' || key === '';
}

/**
 * Whether a person must not write the tag: it could be taken for one of ours, or become one on its way. Judged on what the platform may
 * make of it: without HTML (platform-api §3), however deeply nested, without what cannot be seen, in any case, width and spelling, and
 * without blanks around it. Give it the text with its variables filled in.
 */
export function isReservedTag(tag: string): boolean {
  if (plainText.test(tag)) return tag.trim().toLowerCase().startsWith('connectorctl');
  return (
    beginsLikeOurs(tag) || beginsLikeOurs(withoutHtml(tag, stripHtml)) || beginsLikeOurs(withoutHtml(tag, stripAny))
  );
}

/** Visible letters and blanks, without a sign that HTML begins with: the platform leaves such a text as it is. */
const plainText = /^[ -%'-;=?-~]*$/;

/** Whether the tag is reserved, and not as the platform has it already: HTML, blanks and what cannot be seen may still be taken out of it. */
export function mayBecomeOwnTag(tag: string): boolean {
  const isSettled = tag === tag.trim() && plainText.test(tag);
  return isReservedTag(tag) && !isSettled;
}

function beginsLikeOurs(text: string): boolean {
  return toPlainText(text).startsWith('connectorctl');
}

/** Nested tags come to light one layer at a time. */
const mostLayers = 20;

/** The text without any HTML; what is nested so deeply that it cannot be meant well is answered from where our name stands in it. */
function withoutHtml(text: string, strip: (text: string) => string): string {
  let [before, after] = [text, strip(decodeEntities(text))];
  for (let layer = 0; after !== before; layer += 1) {
    if (layer === mostLayers) return after.slice(Math.max(0, after.toLowerCase().indexOf('connectorctl')));
    [before, after] = [after, strip(decodeEntities(after))];
  }
  return after;
}

/** Comments and odd names count as HTML too. */
function stripAny(text: string): string {
  return text.replaceAll(/<[^<>]*>/g, '');
}

const namedEntities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['sol', '/'],
  ['shy', ''],
  ['nbsp', ' '],
  ['Tab', ' '],
  ['NewLine', ' '],
  ['ZeroWidthSpace', ''],
]);

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));?/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return namedEntities.get(name) ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}

/** Compatibility forms made one, lower case, trimmed, and without all that is not seen: control and format characters, fillers, marks. */
function toPlainText(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{C}\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .trim()
    .toLowerCase();
}
