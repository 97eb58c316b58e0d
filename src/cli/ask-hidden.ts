import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Secret } from '../model/secret.ts';
import type { Host } from './host.ts';

/** Takes a line from the terminal without showing what is typed or pasted. Undefined when the input ends, or the signal is aborted, before an answer. */
export async function readHiddenLine(
  { stdin }: Pick<Host, 'stdin'>,
  signal?: AbortSignal,
): Promise<Secret | undefined> {
  // A line editor echoes to its output; this one takes everything and shows nothing.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin.open(), output: nowhere, terminal: stdin.isTerminal });
  const closed = new AbortController();
  lines.once('close', () => closed.abort());
  lines.once('SIGINT', () => closed.abort());
  try {
    const ends = signal === undefined ? closed.signal : AbortSignal.any([signal, closed.signal]);
    const answer = await lines.question('', { signal: ends });
    return answer.trim() === '' ? undefined : new Secret(answer, 'the pasted address');
  } catch (error) {
    if (closed.signal.aborted || signal?.aborted === true) return undefined;
    throw error;
  } finally {
    lines.close();
  }
}

/** Longest input that is read, in bytes: no address is as long. */
const mostBytes = 65_536;

/** All of standard input. Undefined when it is empty, or longer than any address. */
export async function readHiddenInput({ stdin }: Pick<Host, 'stdin'>): Promise<Secret | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stdin.open()) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > mostBytes) return undefined;
    parts.push(bytes);
  }
  const text = Buffer.concat(parts).toString('utf8').trim();
  return text === '' ? undefined : new Secret(text, 'the address on standard input');
}
