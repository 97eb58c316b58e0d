import { Secret } from './secret.ts';

/**
 * What is a mask and what is a placeholder: text that stands where a value belongs and must never be sent as one.
 * Checked by validate, avoided by convert and import, refused again where requests are written.
 *
 * The platform's mask is documented (platform-api §7, Masking). Placeholders are those of its documentation and of the providers'
 * (the bodies of platform-api §3: `<CALLBACK_URL>`, `xxxxxxxx`, `INSERT_TOKEN_HERE`, `https://<shop>.example.com`), and what people
 * write in their place (`your-domain`, `change_me`, `[REDACTED]`), or templates leave that nobody filled in (`{{ .Values.password }}`).
 * The platform's own templates, `${gmtDate:yyyy}` and `{subdomain}`, are neither (platform-api §10).
 */

/** What the platform itself fills in where it polls (platform-api §10); the last three stand in the vendors' own defaults (platform-facts C). */
export const platformPlaceholders: readonly string[] = [
  'date',
  'gmtDate',
  'dateTimeZone',
  'epoch',
  'milliseconds',
  'now',
  'nowTimeZone',
];

/** A date pattern without a name, as one vendor's default has it (platform-facts C). */
const datePattern = /^[yMdHhmsSaEZzXkKDwW'TZ:.,/ +-]*y{2,4}[yMdHhmsSaEZzXkKDwW'TZ:.,/ +-]*$/;

/** Whether the platform fills it in. @param inside what stands between `${` and `}` */
export function isPlatformPlaceholder(inside: string): boolean {
  return platformPlaceholders.includes(nameOfPlaceholder(inside)) || datePattern.test(inside);
}

/** `gmtDate` of `gmtDate:yyyy-MM-dd`. */
export function nameOfPlaceholder(inside: string): string {
  return inside.split(':', 1)[0]?.trim() ?? '';
}

/** Exactly what the platform shows in place of a value that it keeps to itself (platform-api §7). */
const platformMask = '********';

/** Only dots or asterisks, as forms show them, or so many in a row that a mask was pasted into other text. `*` and `a**b` are wildcards. */
const masked = /^\s*[*•●]{3,}\s*$|[*•●]{8}/;

/** Whether a live value is the platform's mask. Nothing else is: any other text was answered as the value, and is compared. */
export function isPlatformMask(value: string | Secret | null | undefined): boolean {
  return value instanceof Secret ? value.equals(platformMask) : value === platformMask;
}

/** Whether somebody may have put a mask in place of the value, the platform or another program. Asked before a value is sent. */
export function looksMasked(value: string | Secret): boolean {
  return value instanceof Secret ? value.matches(masked) : masked.test(value);
}

/**
 * How sure one has to be. `certain`: it can hardly be a value, so validate refuses it.
 * `likely`: one would take it for a placeholder in an example, so convert and import write no such text. Holds all that is certain.
 */
export type Certainty = 'certain' | 'likely';

/** Text that stands where a real value belongs: `<SUBDOMAIN>`, `https://<HOST>/x`, `xxxxxxxx`. */
export interface Placeholder {
  /** The text of it; of several, the first. */
  readonly found: string;
  /** `part`: there is real text around it. */
  readonly extent: 'whole' | 'part';
  /** It says itself that the value may be left out. */
  readonly isOptional: boolean;
  /** It says itself that the value is a credential, whatever the key is called. */
  readonly isCredential: boolean;
}

/** What writers put in place of a whole value. */
const whole =
  /^(?:<\/?[^<>]+>|\[?redacted\]?|\[redacted\b[^\]]*\]|redacted[-_ ].*|your[-_](?:api|app|client|company|domain|instance|key|password|secret|subdomain|token|user)[-_ a-z0-9]*|change[-_ ]?me|%[A-Za-z_]\w*%|__[A-Z][A-Z0-9_]*__|\{\{(?!\s*(?:secrets|vars)\.)[^{}]+\}\}|\.{3}|…)$/i;

const words = String.raw`\b(?:INSERT|YOUR|REPLACE|ENTER)_[A-Z][A-Z0-9_]*`;
/** Parts of a text by certainty. In `a<b and c>d` the brackets compare; in `<HOST>` and `<your host>` they do not. */
const parts: Readonly<Record<Certainty, string>> = {
  certain: String.raw`<(?:[A-Z][A-Z0-9_]{2,}|(?:insert|your|enter|add)[_ -][\w .:-]*)>|${words}`,
  likely: String.raw`<(?:[A-Za-z/][^<>\r\n]*|[\w.:-]+)>|${words}`,
};
const part: Readonly<Record<Certainty, RegExp>> = {
  certain: new RegExp(parts.certain),
  likely: new RegExp(parts.likely),
};
/** A row of x. Inside a longer word, as in `axxxxxb`, it may be chance. */
const run: Readonly<Record<Certainty, RegExp>> = {
  certain: /(?<![A-Za-z0-9])[xX]{5,}(?![A-Za-z0-9])/,
  likely: /[xX]{5,}/,
};
const inAddress = /<[\w.:-]+>/;
/** A reference of ours is no placeholder, whatever its name: `${{ secrets.YOUR_API_KEY }}`. */
const reference = /\$\{\{[^{}]*\}\}/g;
/** What every placeholder holds; asked first, as nearly all texts hold none. */
const suspicious = /[<%_…]|\{\{|xxxxx|redacted|your|change|\.{3}/i;

const credential = /api[ _.-]?key|secret|password|token/i;
const addressWord = /ur[il]|endpoint|host/i;

/** The placeholder in a text; undefined when the text is a real value. */
export function readPlaceholder(text: string, certainty: Certainty = 'likely'): Placeholder | undefined {
  if (!suspicious.test(text)) return undefined;
  const trimmed = text.replace(reference, '$').trim();
  if (whole.test(trimmed)) return describe(trimmed, 'whole');
  // Without what it hides nothing can be said about the text around it.
  const [row] = run[certainty].exec(trimmed) ?? [];
  // In a sentence a row of x is more likely an ornament than a value that was left out.
  const isValue = certainty === 'likely' || !/\s/.test(trimmed);
  if (row !== undefined && isValue) return describe(row, 'whole');
  const [found] = part[certainty].exec(trimmed) ?? [];
  if (found === undefined) return undefined;
  // `<<HOST>>` would still be one with the inner one replaced.
  const isWhole = found === trimmed || whole.test(replacePlaceholders(trimmed, certainty, () => '$'));
  return describe(found, isWhole ? 'whole' : 'part');
}

/** The text with each placeholder that is a part of it replaced. */
export function replacePlaceholders(
  text: string,
  certainty: Certainty,
  replace: (placeholder: string) => string,
): string {
  const pattern = new RegExp(`${reference.source}|${parts[certainty]}`, 'g');
  return text.replace(pattern, (found) => (found.startsWith('${{') ? found : replace(found)));
}

/**
 * The part of a text that is a placeholder for certain: what validate refuses.
 * @param isAddress the text is an address, where `<` never has another meaning
 */
export function findPlaceholder(text: string, isAddress = false): string | undefined {
  return readPlaceholder(text, 'certain')?.found ?? (isAddress ? inAddress.exec(text)?.[0] : undefined);
}

const wholeSecret = new RegExp(String.raw`^\s*(?:${whole.source.slice(1, -1)}|x{5,})\s*$`, 'i');

/** Whether all of a secret is a placeholder. A part of one may be chance. */
export function isPlaceholderSecret(value: Secret): boolean {
  return value.matches(wholeSecret);
}

/** Whether the text is for certain no real value, so that nothing else need be said about it. */
export function isStandIn(text: string): boolean {
  return looksMasked(text) || findPlaceholder(text) !== undefined;
}

function describe(found: string, extent: Placeholder['extent']): Placeholder {
  return {
    found,
    extent,
    isOptional: /optional/i.test(found),
    isCredential: credential.test(found) && !addressWord.test(found),
  };
}
