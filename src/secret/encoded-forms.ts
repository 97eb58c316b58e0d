import { innerBase64 } from './folded-forms.ts';
import { isAscii } from './folded-text.ts';

/** An inner part of base64 that is shorter than this occurs by chance in other text. */
const shortestInner = 8;

// Most secrets have no character that these encodings change, and each would be made a dozen times for nothing.
const percentChanges = /[^\w.-]/;
const jsonChanges = /[^ -~]|["\\=&<>'+/]/;
const htmlChanges = /[&<>"'/=`+]/;
/** For base64url. */
const base64Changes = /[+/]/;

/** Every form in which a secret may come back in a text, the secret itself included: each once, none empty. */
export function encodedForms(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  const hex = bytes.toString('hex');
  const forms = [
    text,
    ...linesOf(text),
    // As a server that takes UTF-8 for another encoding answers it, and as it comes out once percent signs are undone.
    ...(isAscii(text) ? [] : [bytes.toString('latin1')]),
    ...base64Forms(bytes),
    ...(percentChanges.test(text) ? withBase64(percentForms(text)) : []),
    ...(jsonChanges.test(text) ? withBase64(jsonForms(text)) : []),
    hex,
    hex.toUpperCase(),
    ...(htmlChanges.test(text) ? htmlStyles.map((style) => escapeBy(text, style)) : []),
  ];
  return [...new Set(forms)].filter((form) => form !== '');
}

// A key in PEM is often shown line by line, with other line breaks.
function linesOf(text: string): readonly string[] {
  const lines = text.split(/[\r\n]+/);
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= 16 && !line.startsWith('-----'));
}

function base64Forms(bytes: Buffer): readonly string[] {
  const whole = bytes.toString('base64');
  // Inside longer base64, as in `Basic base64(user:password)`, the secret begins at one of three offsets.
  const inner = [0, 1, 2].map((offset) => innerBase64(bytes, offset)).filter((form) => form.length >= shortestInner);
  const standard = [whole, whole.replace(/=+$/, ''), ...inner];
  const changed = standard.filter((form) => base64Changes.test(form));
  return [...standard, ...changed.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** Basic credentials of OAuth are percent-encoded before (RFC 6749, 2.3.1), and a token or a message on a queue is JSON in base64. */
function withBase64(forms: readonly string[]): readonly string[] {
  const texts = [...new Set(forms)];
  return [...texts, ...texts.flatMap((form) => base64Forms(Buffer.from(form, 'utf8')))];
}

function percentForms(text: string): readonly string[] {
  // By way of bytes, as a lone surrogate would make it throw.
  const usual = encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
  const strict = usual.replaceAll(/[!'()*~]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
  const upper = [usual, strict, strict.replaceAll('%20', '+'), strict.replaceAll('%2A', '*').replaceAll('%20', '+')];
  return [...upper, ...upper.map((form) => form.replaceAll(/%[0-9A-F]{2}/g, (found) => found.toLowerCase()))];
}

// JSON may be written with `\/`, by some libraries with HTML's characters or all but ASCII as \u003d, and inside JSON once more.
function jsonForms(text: string): readonly string[] {
  const usual = JSON.stringify(text).slice(1, -1);
  const careful = usual.replaceAll(/[=&<>'+]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const ascii = usual.replaceAll(/[^ -~]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const forms = [usual, careful, ascii];
  const nested = JSON.stringify(usual).slice(1, -1);
  return [...forms, ...forms.map((form) => form.replaceAll('/', String.raw`\/`)), nested];
}

const htmlBase = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const htmlStyles: readonly Readonly<Record<string, string>>[] = [
  htmlBase,
  { ...htmlBase, '"': '&quot;', "'": '&#39;' },
  { ...htmlBase, '"': '&quot;', "'": '&#039;' },
  { ...htmlBase, '"': '&quot;', "'": '&#x27;' },
  { ...htmlBase, '"': '&quot;', "'": '&#x27;', '/': '&#x2F;' },
  { ...htmlBase, '"': '&quot;', "'": '&#39;', '/': '&#x2F;', '=': '&#x3D;', '`': '&#x60;' },
  { ...htmlBase, '"': '&quot;', "'": '&apos;' },
  { ...htmlBase, '"': '&#34;', "'": '&#39;', '+': '&#43;' },
];

function escapeBy(text: string, style: Readonly<Record<string, string>>): string {
  return text.replaceAll(/[&<>"'/=`+]/g, (found) => style[found] ?? found);
}
