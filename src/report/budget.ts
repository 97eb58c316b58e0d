/** How long a text may become. No limit where undefined. */
export interface SizeLimits {
  /** In UTF-16 code units, which is never fewer than characters. */
  readonly maxCharacters?: number | undefined;
  /** In bytes of UTF-8. */
  readonly maxBytes?: number | undefined;
}

/** The size of a text, or what is left of a budget. */
export interface TextSize {
  /** In UTF-16 code units, which is never fewer than characters. */
  readonly characters: number;
  /** In bytes of UTF-8. */
  readonly bytes: number;
}

export function sizeOf(text: string): TextSize {
  return { characters: text.length, bytes: new TextEncoder().encode(text).length };
}

/** The whole budget of a text with these limits. */
export function budgetOf({ maxCharacters, maxBytes }: SizeLimits): TextSize {
  return { characters: maxCharacters ?? Number.POSITIVE_INFINITY, bytes: maxBytes ?? Number.POSITIVE_INFINITY };
}

/** What one part of a text may take, so that it pushes no other one out. */
export function quarterOf(limits: SizeLimits): TextSize {
  const { characters, bytes } = budgetOf(limits);
  return { characters: characters / 4, bytes: bytes / 4 };
}

export function addSizes(left: TextSize, right: TextSize): TextSize {
  return { characters: left.characters + right.characters, bytes: left.bytes + right.bytes };
}

/** What is left of a budget; may be less than nothing. */
export function subtractSize(budget: TextSize, taken: TextSize): TextSize {
  return { characters: budget.characters - taken.characters, bytes: budget.bytes - taken.bytes };
}

export function fits(size: TextSize, budget: TextSize): boolean {
  return size.characters <= budget.characters && size.bytes <= budget.bytes;
}

/** The first of the texts, as many as fit together. */
export function takeFitting(texts: readonly string[], budget: TextSize): readonly string[] {
  const account = openBudget(budget);
  const cut = texts.findIndex((text) => !account.take(text));
  return cut === -1 ? texts : texts.slice(0, cut);
}

/** What is left for a text that is put together from pieces. */
export interface Budget {
  /** Takes what a text needs and returns true; takes nothing and returns false when there is not enough left. */
  take(text: string): boolean;
}

export function openBudget(whole: TextSize): Budget {
  let left = whole;
  return {
    take(text) {
      const size = sizeOf(text);
      if (!fits(size, left)) return false;
      left = subtractSize(left, size);
      return true;
    },
  };
}
