import { createInterface } from 'node:readline/promises';

/** Asks on the terminal. Anything but the word yes is a no, and so is the end of input. */
export async function askForYes(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
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
