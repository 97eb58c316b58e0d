import { appendFileSync, statSync } from 'node:fs';
import { parseUrl } from '../../model/parse-url.ts';

/** What later steps may read: numbers, booleans, digests and addresses of ours, never text that somebody else wrote. */
type OutputValue = number | boolean | HexDigest | URL;

/** A digest in hexadecimal digits. */
export interface HexDigest {
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
 * Throws for a value that is not what it should be: a bug here.
 */
export function writeOutputs(outputs: Outputs, { file, makeToken }: OutputOptions): void {
  const entries = Object.entries(outputs);
  if (file === undefined || file === '') return;
  appendFileSync(file, entries.map(([name, value]) => renderOutput(name, encodeValue(value), makeToken())).join(''));
}

function encodeValue(value: OutputValue): string {
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
export function parseOwnUrl(text: string, serverUrl: string): URL | undefined {
  const url = parseUrl(text);
  if (url === undefined) return undefined;
  return url.origin === new URL(serverUrl).origin && url.username === '' && url.password === '' ? url : undefined;
}

/** Bytes that the summary of one step may have (docs.github.com, workflow commands, step isolation and limits). */
const maxBytes = 1024 * 1024;

/** Kept free for what is put around the text. */
const reserve = 1024;

const tooLong = '**The summary is too long for GitHub. All of it is in the log of the step.**\n';

/** The page that GitHub shows for a step. */
export interface StepSummary {
  /** Bytes of UTF-8 that still fit. */
  remainingBytes(): number;
  /** Adds Markdown, whose foreign text must be escaped. Says so in its place when it does not fit: GitHub would show nothing at all. */
  add(markdown: string): void;
}

/**
 * Opens the summary of a step.
 * @param file `GITHUB_STEP_SUMMARY`; nothing is written when there is none, as outside of a runner
 */
export function openSummary(file: string | undefined): StepSummary {
  const remainingBytes = (): number => Math.max(0, maxBytes - reserve - sizeOf(file));
  return {
    remainingBytes,
    add: (markdown) => {
      if (file === undefined) return;
      const text = `${markdown.trimEnd()}\n\n`;
      if (Buffer.byteLength(text) <= remainingBytes()) appendFileSync(file, text);
      else if (sizeOf(file) + tooLong.length <= maxBytes) appendFileSync(file, tooLong);
    },
  };
}

function sizeOf(file: string | undefined): number {
  return file === undefined ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
}
