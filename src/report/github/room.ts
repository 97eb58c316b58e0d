import type { SizeLimits } from '../budget.ts';

/** The size of a text. */
export interface Size {
  /** In UTF-16 code units, which is never fewer than characters. */
  readonly characters: number;
  /** In bytes of UTF-8. */
  readonly bytes: number;
}

/** How much room a text needs. */
export function sizeOf(text: string): Size {
  return { characters: text.length, bytes: new TextEncoder().encode(text).length };
}

/** All the room there is. */
export function toRoom({ maxCharacters, maxBytes }: SizeLimits): Size {
  return { characters: maxCharacters ?? Number.POSITIVE_INFINITY, bytes: maxBytes ?? Number.POSITIVE_INFINITY };
}

export function addSizes(left: Size, right: Size): Size {
  return { characters: left.characters + right.characters, bytes: left.bytes + right.bytes };
}

/** What is left of a room; may be less than nothing. */
export function takeAway(room: Size, taken: Size): Size {
  return { characters: room.characters - taken.characters, bytes: room.bytes - taken.bytes };
}

export function fits(size: Size, room: Size): boolean {
  return size.characters <= room.characters && size.bytes <= room.bytes;
}

/** The first of the texts, as many as fit together. */
export function takeFitting(texts: readonly string[], room: Size): readonly string[] {
  let left = room;
  const cut = texts.findIndex((text) => {
    left = takeAway(left, sizeOf(text));
    return !fits({ characters: 0, bytes: 0 }, left);
  });
  return cut === -1 ? texts : texts.slice(0, cut);
}
