import type { Json } from './json.ts';
import type { Pointer, Position } from './position.ts';

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
  /** Place of a value, or of its key; of the nearest parent that exists when the pointer leads nowhere. */
  at(pointer: Pointer, part?: 'value' | 'key'): Position;
}
