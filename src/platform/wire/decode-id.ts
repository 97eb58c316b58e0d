/**
 * An id as text; undefined for anything that cannot be one.
 * A number that JSON cannot carry exactly is refused, and so is text that would change the path of a URL.
 */
export function decodeId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  return typeof value === 'string' && isId(value) ? value : undefined;
}

/** Whether the text can be an id: numeric on the platform (platform-api §0), a plain word elsewhere. */
export function isId(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}
