import type { Json } from './json.ts';

/** A place in a file that a person wrote. */
export interface Position {
  /** Path relative to the workspace folder, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  /** End of the marked text, exclusive, when it is known. */
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
}

/** JSON Pointer (RFC 6901) into a document: `/configuration/event.vendor.type`. `~` is written `~0` and `/` is written `~1`. */
export type Pointer = string;

/** Joins path segments to a JSON Pointer (RFC 6901). */
export function toPointer(...segments: readonly (string | number)[]): Pointer {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Splits a JSON Pointer (RFC 6901) into its segments. */
export function fromPointer(pointer: Pointer): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A comment `# connectorctl-ignore RULE: reason`. */
export interface IgnoreComment {
  /** As written; it need not be the name of a rule. */
  readonly rule: string;
  /** Empty where none is given. */
  readonly reason: string;
  readonly at: Position;
  /** The line that it is about; that on which the document begins, for one about a whole document. */
  readonly line: number;
  readonly isForDocument: boolean;
}

/** A plain value and, behind a blank, a `#` that something follows at once: it was meant as a part of the value, and YAML begins a comment there. */
export interface CutValue {
  /** 1-based. */
  readonly line: number;
  /** What YAML keeps of the value, so far as its line tells. */
  readonly kept: string;
}

/** One YAML document as the user wrote it: well-formed YAML, nothing else checked. */
export interface ParsedDocument {
  /** Path relative to the workspace folder, with `/`. */
  readonly file: string;
  /** Which document of the file, 0-based. */
  readonly index: number;
  /** How many documents the file holds. */
  readonly count: number;
  /** Plain data; objects have a null prototype. References are still text. */
  readonly value: Json;
  /** The comments of the whole file that silence rules; the same ones for each document of it. */
  readonly ignores?: readonly IgnoreComment[] | undefined;
  /** Values of the whole file that a comment may cut short; none when absent. */
  readonly cutValues?: readonly CutValue[] | undefined;
  /** Place of a value, or of its key; of the nearest parent that exists when the pointer leads nowhere. */
  readonly at: (pointer: Pointer, part?: 'value' | 'key') => Position;
}
