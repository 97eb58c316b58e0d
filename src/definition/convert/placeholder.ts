/** Text that stands where a real value belongs: `<SUBDOMAIN>`, `https://<HOST>/x`, `xxxxxxxx`. */
export interface Placeholder {
  /** For a comment: one line, short. */
  readonly shown: string;
  /** `part`: there is real text around it. */
  readonly extent: 'whole' | 'part';
  /** It says itself that the value may be left out. */
  readonly isOptional: boolean;
  /** It says itself that the value is a credential, whatever the key is called. */
  readonly isCredential: boolean;
}

/** What can be replaced inside other text. */
const named = /<[A-Za-z/][^<>\r\n]*>|\b(?:INSERT|YOUR|REPLACE|ENTER)_[A-Z][A-Z0-9_]*/;
const run = /[xX]{5,}/;
/** What writers put in place of a whole value. */
const bare = /^(?:\[?redacted\b.*|change[-_ ]?me|__[A-Z][A-Z0-9_]*__|\.{3}|…)$/i;
const credential = /api[ _.-]?key|secret|password|token/i;
const address = /ur[il]|endpoint|host/i;

/** Undefined when the text is a real value. */
export function readPlaceholder(text: string): Placeholder | undefined {
  const trimmed = text.trim();
  const [found] = named.exec(trimmed) ?? [];
  if (found !== undefined) return describe(found, found === trimmed ? 'whole' : 'part');
  if (run.test(trimmed)) return describe('xxxxx', 'whole');
  return bare.test(trimmed) ? describe(trimmed, 'whole') : undefined;
}

/** The text with each placeholder inside it replaced. */
export function replacePlaceholders(text: string, replace: (placeholder: string) => string): string {
  return text.replace(new RegExp(named, 'g'), replace);
}

/** Whether the text is a mask: what the platform (platform-api §7) or a writer put over a credential. */
export function isMask(text: string): boolean {
  return /^[*•●]{3,}$|\*{8}/.test(text.trim());
}

function describe(found: string, extent: Placeholder['extent']): Placeholder {
  return {
    shown: found.length > 80 ? `${found.slice(0, 79)}…` : found,
    extent,
    isOptional: /optional/i.test(found),
    isCredential: credential.test(found) && !address.test(found),
  };
}
