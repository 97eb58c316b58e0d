import type { CreateNodeOptions, DocumentOptions, ScalarTag, SchemaOptions } from 'yaml';
import { Document, isCollection, isPair, isScalar, isSeq, type Node, type Pair, visit } from 'yaml';
import { isExactNumber } from '../../model/exact-number.ts';
import type { JsonObject } from '../../model/json.ts';
import { type Pointer, toPointer } from '../../model/position.ts';

/** Numbers keep their digits: as a scalar of the core schema, so that no tag is written. */
const exactNumber: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: isExactNumber,
  resolve: (text) => text,
  stringify: ({ value }) => String(value),
};

/** How data becomes YAML. */
export const yamlOptions: DocumentOptions & SchemaOptions & CreateNodeOptions = {
  // What YAML 1.1 reads as a boolean or a number is quoted too.
  compat: 'yaml-1.1',
  aliasDuplicateObjects: false,
  customTags: (tags) => [exactNumber, ...tags],
};

interface RenderOptions {
  /** Comments by pointer: behind a single value, above the key of a list or an object. */
  readonly comments?: ReadonlyMap<Pointer, string>;
  /** Path or URL of the JSON Schema, for editors. */
  readonly schema?: string;
}

/**
 * Writes a definition as YAML, fields in the order of the object.
 * Text is quoted only where another YAML reader might take it for something else, and long lines stay whole.
 * Promises that reading the YAML gives the same value.
 */
export function renderDefinition(definition: JsonObject, options: RenderOptions = {}): string {
  const document = new Document(definition, yamlOptions);
  const comments = options.comments ?? new Map<Pointer, string>();
  visit(document, {
    Pair: (_, pair, path) => addComment(pair, comments.get(pointerTo(path, pair))),
    Scalar: (_, scalar) => {
      // Block text cannot hold every mixture of blanks and line breaks, double quotes can.
      if (typeof scalar.value === 'string' && isUneven(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
    Seq: (_, list) => {
      // A list of names reads best on one line: `tags: [Docs]`.
      list.flow = list.items.every((item) => isScalar(item) && isName(String(item.value)));
    },
  });
  const text = document.toString({
    lineWidth: 0,
    flowCollectionPadding: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return options.schema === undefined ? text : `# yaml-language-server: $schema=${options.schema}\n${text}`;
}

/** Text of several lines of which one begins or ends with a blank, or with a character that is not seen. */
function isUneven(text: string): boolean {
  return text.includes('\n') && /^\s|\s$|\n[ \t]|[ \t]\n|[^\P{C}\n]|\p{Zl}|\p{Zp}/u.test(text);
}

/** Short, and without anything that has a meaning inside brackets. */
function isName(text: string): boolean {
  return /^[\p{L}\p{N} ._/@+-]{1,40}$/u.test(text);
}

function addComment({ key, value }: Pair, comment: string | undefined): void {
  if (comment === undefined) return;
  const line = ` ${comment.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')}`;
  if (isScalar(value)) value.comment = line;
  else if (isScalar(key)) key.commentBefore = line;
}

/** Pointer to the value of a pair, from the nodes above it. */
function pointerTo(path: readonly (Document | Node | Pair)[], pair: Pair): Pointer {
  const chain = [...path, pair];
  const segments = chain.flatMap((node, index) => {
    const parent = chain[index - 1];
    if (isCollection(node) || isScalar(node)) return isSeq(parent) ? [String(parent.items.indexOf(node))] : [];
    return isPair(node) && isScalar(node.key) ? [String(node.key.value)] : [];
  });
  return toPointer(...segments);
}
