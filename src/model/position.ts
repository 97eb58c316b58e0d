/** A place in a file that a person wrote. */
export interface Position {
  /** Path relative to the workspace folder, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  /** End of the marked text, exclusive, when it is known. */
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** JSON Pointer (RFC 6901) into a document: `/configuration/event.vendor.type`. `~` is written `~0` and `/` is written `~1`. */
export type Pointer = string;
