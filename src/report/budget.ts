/** How long a text may become. No limit where undefined. */
export interface SizeLimits {
  /** In UTF-16 code units, which is never fewer than characters. */
  readonly maxCharacters?: number | undefined;
  /** In bytes of UTF-8. */
  readonly maxBytes?: number | undefined;
}

/** What is left of the room that a text has. */
export interface Budget {
  /** Takes room for a text and answers true; takes nothing and answers false when there is not enough. */
  take(text: string): boolean;
}

/** Room for a text that is put together from pieces. */
export function openBudget(limits: SizeLimits): Budget {
  let characters = limits.maxCharacters ?? Number.POSITIVE_INFINITY;
  let bytes = limits.maxBytes ?? Number.POSITIVE_INFINITY;
  return {
    take(text) {
      const size = bytes === Number.POSITIVE_INFINITY ? 0 : new TextEncoder().encode(text).length;
      if (text.length > characters || size > bytes) return false;
      characters -= text.length;
      bytes -= size;
      return true;
    },
  };
}
