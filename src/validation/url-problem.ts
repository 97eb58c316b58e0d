import { editDistance } from '../model/nearest-name.ts';
import { parseUrl } from '../model/parse-url.ts';

/** What nearly every URL looks like; nothing that begins like this can be wrong. */
const plain = /^https?:\/\/(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)*[a-z]+(?:\/[\w./-]*)?$/i;
const scheme = /^([a-z][a-z0-9+.-]*):\/\//i;

/**
 * Why a text cannot be a URL, as the rest of a sentence that begins with the name of the key; undefined when it may be one.
 * A missing scheme is allowed, as connectors have such defaults. `{...}` is the platform's own template.
 */
export function urlProblem(text: string): string | undefined {
  if (plain.test(text)) return undefined;
  if (text === '' || text === 'false') return undefined;
  if (/\s/.test(text)) return 'contains a space or a line break';
  if (/^["'`<]|["'`;,>]$/.test(text)) return 'begins or ends with a stray character';
  return schemeProblem(text) ?? hostProblem(text);
}

function schemeProblem(text: string): string | undefined {
  const broken = /^(https?)(?!:\/\/)([:;,.]?\/+|[:;](?!\d))/i.exec(text);
  if (broken) return `begins with \`${broken[0]}\`, not with \`${broken[1]?.toLowerCase() ?? ''}://\``;
  const name = scheme.exec(text)?.[1]?.toLowerCase();
  if (name === undefined || name === 'http' || name === 'https') return undefined;
  const near = ['https', 'http'].find((known) => editDistance(name, known, 2) <= (known === 'https' ? 2 : 1));
  return near === undefined || isOtherScheme(name) ? undefined : `begins with \`${name}://\`, not with \`${near}://\``;
}

function isOtherScheme(name: string): boolean {
  return ['ftp', 'ftps', 'sftp', 'ws', 'wss', 'nats', 'smtp', 'tcp'].includes(name);
}

function hostProblem(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  const rest = text.slice(text.indexOf('//') + 2);
  if (/^https?:/i.test(rest)) return 'repeats the scheme';
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  if (authority === '') return 'has no host';
  if (authority.endsWith(':')) return 'has `:` after the host, but no port';
  return parseUrl(text) === undefined ? 'has an invalid host or port' : undefined;
}

/** The text with the platform's `{...}` templates and with references replaced by a harmless word. */
export function fillTemplates(text: string): string {
  return !text.includes('{')
    ? text
    : text.replace(/(:?)(?:\$\{\{[^{}]*\}\}|\{[^{}\s]*\})/g, (_, colon: string) => (colon === '' ? 'x' : ':1'));
}

/** Whether a configuration key holds a URL, by its name. */
export function isUrlKey(key: string): boolean {
  return /(?:^|[._-])url$|(?:base|site|server|callback)Url$/.test(key);
}
