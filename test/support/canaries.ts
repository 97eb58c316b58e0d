/**
 * Secrets that are recognised wherever they come up, the forms in which a server, a library or a person may hand them back, and the search for them.
 * Written on its own, not with src/secret, so that what is forgotten there is found here.
 */

/** The start of Base64, JSON and lines of others: a shorter run of a secret may stand somewhere by chance, and is of no use. */
const shortestRun = 12;

const wrap = (text: string, width: number, by: string): string =>
  text.match(new RegExp(`.{1,${width}}`, 'gsu'))?.join(by) ?? '';
const base64At = (text: string, before: string): string => Buffer.from(`${before}${text}`).toString('base64');
const eachUnit = (text: string, encode: (code: string) => string): string =>
  Array.from({ length: text.length }, (_, at) => encode(text.charCodeAt(at).toString(16).padStart(4, '0'))).join('');
const jsonOf = (text: string): string => JSON.stringify(text).slice(1, -1);
const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What may be made of a secret, by name. */
export const canaryForms: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  base64: (secret) => base64At(secret, ''),
  'base64 one byte in': (secret) => base64At(secret, ':'),
  'base64 two bytes in': (secret) => base64At(secret, 'u:'),
  'base64 wrapped at 64': (secret) => wrap(base64At(secret.repeat(3), ''), 64, '\n'),
  'base64 wrapped at 76': (secret) => wrap(base64At(secret.repeat(3), 'me:'), 76, '\r\n'),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  'hex in capitals': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  percent: encodeURIComponent,
  'percent twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  form: (secret) => new URLSearchParams({ p: secret }).toString(),
  JSON: jsonOf,
  'JSON twice': (secret) => jsonOf(jsonOf(secret)),
  'JSON, each character': (secret) => eachUnit(secret, (code) => String.raw`\u${code}`),
  HTML: (secret) => secret.replaceAll(/[&<>"']/g, (found) => names[found] ?? found),
  'HTML, each character': (secret) => eachUnit(secret, (code) => `&#x${code};`),
  'broken over lines': (secret) => wrap(secret, 9, '\n    '),
  'cut at the end': (secret) => secret.slice(0, Math.ceil(secret.length * 0.6)),
  'cut at the start': (secret) => secret.slice(Math.floor(secret.length * 0.4)),
  'in small letters': (secret) => secret.toLowerCase(),
  'in capitals': (secret) => secret.toUpperCase(),
  reversed: (secret) => Array.from(secret).toReversed().join(''),
  'lines of PEM': (secret) => `-----BEGIN KEY-----\n${wrap(secret, 64, '\n')}\n-----END KEY-----`,
};

/** Letters and digits only: what wrapping, quoting and frames of tables leave as it is. */
function fold(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z\d]/g, '');
}

/** One layer of escapes less. */
function unescape(text: string): string {
  return text
    .replaceAll(/&#8203;|\u200b/g, '')
    .replaceAll(/%([\da-f]{2})|\\+u([\da-f]{4})|\\+x([\da-f]{2})|&#x([\da-f]{1,6});/gi, (escape) =>
      String.fromCodePoint(Number.parseInt(escape.replaceAll(/^(?:%|\\+[ux]|&#x)|;$/gi, ''), 16) % 0x11_00_00),
    )
    .replaceAll(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/&(?:amp|lt|gt|quot|apos);/g, '&')
    .replaceAll(/\\+[nrtbf]/g, ' ');
}

function layersOf(text: string): readonly string[] {
  const layers = [text];
  for (let depth = 0; depth < 4; depth += 1) {
    const next = unescape(layers.at(-1) ?? '');
    if (next === layers.at(-1)) break;
    layers.push(next);
  }
  return layers.map(fold);
}

function* runsOf(text: string): Generator<string> {
  for (let at = 0; at + shortestRun <= text.length; at += 1) yield text.slice(at, at + shortestRun);
}

/** Answers what of the secrets stands in a text: `PASSWORD as base64`. */
export type CanarySearch = (text: string) => readonly string[];

/** @param secrets by name; made of letters and digits mostly, or they are not recognised */
export function searchFor(secrets: Readonly<Record<string, string>>): CanarySearch {
  const known = new Map<string, string>();
  for (const [name, secret] of Object.entries(secrets)) {
    for (const [how, encode] of Object.entries(canaryForms)) {
      const form = encode(secret).replaceAll(/-----[^-]*-----/g, '');
      // As far as it can be read: twelve characters of `\\u0041` are less than three of a secret.
      for (const run of runsOf(layersOf(form).at(-1) ?? '')) known.set(run, `${name} as ${how}`);
    }
  }
  return (text) => {
    const found = new Set<string>();
    for (const layer of new Set(layersOf(text))) {
      for (const run of runsOf(layer)) {
        const what = known.get(run);
        if (what !== undefined) found.add(`${what}: ${run}`);
      }
    }
    return [...found];
  };
}
