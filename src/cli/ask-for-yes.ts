import { createInterface } from 'node:readline/promises';
import type { Host } from './host.ts';

/** Asks on the terminal. Anything but the word yes is a no, and so is the end of input. */
export async function askForYes(question: string, { stdin, stderr }: Host): Promise<boolean> {
  const lines = createInterface({
    input: stdin.open(),
    ...(stderr.screen === undefined ? {} : { output: stderr.screen }),
  });
  const closed = new AbortController();
  lines.once('close', () => closed.abort());
  try {
    const answer = await lines.question(question, { signal: closed.signal });
    return answer.trim() === 'yes';
  } catch (error) {
    if (closed.signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
