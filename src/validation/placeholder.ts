const wholeText =
  /^(?:<\/?[^<>]+>|x{6,}(?:@.*)?|\[?redacted\]?|redacted[-_ ].*|your[-_](?:api|app|client|company|domain|instance|key|password|secret|subdomain|token|user)[-_ a-z0-9]*|change[-_ ]?me|%[A-Za-z_]\w*%|__[A-Z][A-Z0-9_]*__|\.{3}|…)$/i;
const anywhere =
  /<(?:[A-Z][A-Z0-9_]{2,}|(?:insert|your|enter|add)[_ -][\w .:-]*)>|\b(?:INSERT|YOUR|REPLACE|ENTER)_[A-Z][A-Z0-9_]*/;
/** What every placeholder holds; asked first, as nearly all texts hold none. */
const suspicious = /[<%_…]|xxx|redacted|your|change|\.{3}/i;
const inAddress = /<[\w.:-]+>/;
const masked = /^[*•●]{3,}$|\*{8}/;

/**
 * The part of a text that is a placeholder somebody forgot to fill in: `<CALLBACK_URL>`, `xxxxxxxx`, `YOUR_API_KEY`.
 * @param address the text is an address, where `<` never has another meaning
 */
export function findPlaceholder(text: string, address = false): string | undefined {
  if (!suspicious.test(text)) return undefined;
  const trimmed = text.trim();
  if (wholeText.test(trimmed)) return trimmed;
  return (anywhere.exec(trimmed) ?? (address ? inAddress.exec(trimmed) : null))?.[0];
}

/** Whether a text is a mask, as the platform answers secrets (platform-api §7: eight asterisks). */
export function isMask(text: string): boolean {
  return /[*•●]{3}/.test(text) && masked.test(text.trim());
}

/** Whether the text is no real value, so that nothing else need be said about it. */
export function isStandIn(text: string): boolean {
  return isMask(text) || findPlaceholder(text) !== undefined;
}
