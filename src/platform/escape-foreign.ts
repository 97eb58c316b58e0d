const limit = 2_000;

// Control characters, format characters (bidi, zero-width), lone surrogates, line and paragraph separators.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text that a stranger wrote, safe to show on a line: what cannot be seen stands as `\xNN` or `\u{...}`.
 * Holds at most about 2,000 characters and says so when it was cut. Must be called after redaction, as a cut could split a secret.
 */
export function escapeForeign(text: string): string {
  const short = text.slice(0, limit);
  const cut = text.length > limit ? `... (cut, ${text.length} characters in all)` : '';
  return short.replace(unseen, toEscape) + cut;
}

function toEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}
