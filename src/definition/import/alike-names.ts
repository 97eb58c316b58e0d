/** What teams call their environments, besides the names in the workspace file. */
const usual = [
  'dev',
  'development',
  'test',
  'testing',
  'qa',
  'uat',
  'int',
  'stage',
  'staging',
  'prod',
  'production',
  'live',
];

/** How much two names are the same but for words for environments. */
export type Likeness = 'none' | 'words' | 'whole';

/** `whole`: nothing else differs but capitals, as in `Orders dev` and `Orders Prod`. `words`: signs between words do too, as in `ORDERS (Prod)`. */
export function likenessElsewhere(one: string, other: string, environments: Iterable<string>): Likeness {
  const words = new Set([...usual, ...[...environments].flatMap(wordsOf)]);
  const left = wordsOf(one).filter((word) => !words.has(word));
  const right = wordsOf(other).filter((word) => !words.has(word));
  if (left.length === 0 || left.join(' ') !== right.join(' ')) return 'none';
  return shapeOf(one, words) === shapeOf(other, words) ? 'whole' : 'words';
}

const word = /[\p{L}\p{N}]+/gu;

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(word) ?? [];
}

function shapeOf(text: string, words: ReadonlySet<string>): string {
  return text.toLowerCase().replaceAll(word, (found) => (words.has(found) ? '*' : found));
}
