/**
 * A text as a URL; undefined when it is none. Takes the place of URL.canParse: on Node.js 20 that denies every URL with a letter
 * such as ü once it was called some thousand times, as its compiled form misreads them (seen on 20.19.6 and 20.20.2, not on 24).
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
