import { appendFileSync } from 'node:fs';
import { parseUrl } from '../../model/parse-url.ts';

/** What later steps may read: numbers, booleans, digests and addresses of ours, never text that a stranger wrote. */
type OutputValue = number | boolean | Digest | URL;

/** A digest in hexadecimal digits. */
export interface Digest {
  readonly digest: string;
}

export type Outputs = Readonly<Record<string, OutputValue>>;

interface OutputOptions {
  /** `GITHUB_OUTPUT`; nothing is written when there is none, as outside of a runner. */
  readonly file: string | undefined;
  /** Makes a word that nobody can guess, of letters and digits; a new one each time. */
  readonly makeToken: () => string;
}

/**
 * Hands outputs to the runner. Never writes to GITHUB_ENV or GITHUB_PATH.
 * Throws for a value that is not what it should be: a fault of ours.
 */
export function writeOutputs(outputs: Outputs, { file, makeToken }: OutputOptions): void {
  const entries = Object.entries(outputs);
  if (file === undefined || file === '') return;
  appendFileSync(file, entries.map(([name, value]) => renderOutput(name, toText(value), makeToken())).join(''));
}

function toText(value: OutputValue): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof URL) return value.href;
  if (/^[0-9a-f]*$/.test(value.digest)) return value.digest;
  throw new Error('an output that is no digest');
}

/** The form with a delimiter: whatever the value is, it ends there only (docs.github.com, workflow commands, multiline strings). */
export function renderOutput(name: string, value: string, token: string): string {
  const delimiter = `ghadelimiter_${token}`;
  if (!/^[a-z][a-z0-9-]*$/.test(name) || value.includes(delimiter)) throw new Error(`unfit output ${name}`);
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

/** An address that GitHub gave, when it is one of this server; undefined for any other. */
export function toOwnUrl(text: string, serverUrl: string): URL | undefined {
  const url = parseUrl(text);
  if (url === undefined) return undefined;
  return url.origin === new URL(serverUrl).origin && url.username === '' && url.password === '' ? url : undefined;
}
