/**
 * Looks for secrets in text, in every form in which they may stand there.
 * Written on its own, not with src/secret/encoded-forms.ts, so that what is forgotten there is found here.
 */

/** An inner part of base64 that is shorter is met by chance. */
const shortestInner = 8;

/** Every form of a secret by name. */
export function secretForms(secret: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret);
  const forms: readonly (readonly [string, string])[] = [
    ['plain', secret],
    ['base64', bytes.toString('base64')],
    ['base64 without padding', bytes.toString('base64').replace(/=+$/, '')],
    ['base64url', bytes.toString('base64url')],
    ...[0, 1, 2].flatMap((offset) => innerForms(bytes, offset)),
    ['percent', percent],
    ['percent, small letters', percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())],
    ['percent, form', new URLSearchParams({ '': secret }).toString().slice(1)],
    ['JSON', json],
    ['JSON with escaped slashes', json.replaceAll('/', String.raw`\/`)],
    ['JSON in ASCII', escapeUnits(json, /[^ -~]/g)],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['JSON for HTML', escapeUnits(json, /[<>&'=+]/g)],
    ['HTML', escapeHtml(secret, { '"': '&quot;', "'": '&#39;' })],
    ['HTML, hexadecimal', escapeHtml(secret, { '"': '&quot;', "'": '&#x27;', '/': '&#x2F;' })],
    ['HTML, three digits', escapeHtml(secret, { '"': '&quot;', "'": '&#039;' })],
    ['XML', escapeHtml(secret, { '"': '&quot;', "'": '&apos;' })],
  ];
  return new Map(forms.filter(([, form]) => form !== ''));
}

function innerForms(bytes: Buffer, offset: number): readonly (readonly [string, string])[] {
  // What stands before and behind changes the characters at the ends only.
  const inner = ['\0', 'z'].map((around) => {
    const between = Buffer.concat([Buffer.from(around.repeat(offset)), bytes, Buffer.from(around)]);
    return between.toString('base64');
  });
  const [one = '', other = ''] = inner;
  const same = Array.from(one, (character, index) => (character === other[index] ? character : ' ')).join('');
  const longest = same.split(' ').toSorted((a, b) => b.length - a.length)[0] ?? '';
  if (longest.length < shortestInner) return [];
  return [
    [`base64 at ${offset}`, longest],
    [`base64url at ${offset}`, longest.replaceAll('+', '-').replaceAll('/', '_')],
  ];
}

function escapeUnits(text: string, pattern: RegExp): string {
  return text.replaceAll(pattern, (found) => String.raw`\u` + found.charCodeAt(0).toString(16).padStart(4, '0'));
}

function escapeHtml(text: string, more: Readonly<Record<string, string>>): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', ...more };
  return text.replaceAll(/[&<>"'/]/g, (found) => names[found] ?? found);
}

/** Which secrets stand in a text and how: `userSecret as base64`. Sees through line breaks, entities and what cannot be seen. */
export function findLeaks(text: string, secrets: Readonly<Record<string, string>>): readonly string[] {
  const views = [text, text.replaceAll(/\s/g, ''), decodeEntities(text)];
  return Object.entries(secrets).flatMap(([name, secret]) =>
    [...secretForms(secret)].flatMap(([how, form]) => {
      const tight = form.replaceAll(/\s/g, '');
      return views.some((view) => view.includes(form) || view.includes(tight)) ? [`${name} as ${how}`] : [];
    }),
  );
}

// Markdown is made safe with entities and characters of no width.
function decodeEntities(text: string): string {
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text
    .replaceAll('&#8203;', '')
    .replaceAll(/&#(?:x([0-9a-f]+)|(\d+));/gi, (_, hex: string | undefined, digits = '0') =>
      String.fromCodePoint(hex === undefined ? Number(digits) : Number.parseInt(hex, 16)),
    )
    .replaceAll(/&(lt|gt|amp|quot|apos);/g, (_, entity: string) => names[entity] ?? '');
}
