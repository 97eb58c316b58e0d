import { appendFileSync, statSync } from 'node:fs';

/** Bytes that the summary of one step may have (docs.github.com, workflow commands, step isolation and limits). */
const maxBytes = 1024 * 1024;

/** Kept for what is put around the text. */
const reserve = 1024;

const tooLong = '**The summary is too long for GitHub. All of it is in the log of the step.**\n';

/** The page that GitHub shows for a step. */
export interface StepSummary {
  /** Bytes of UTF-8 that still fit. */
  room(): number;
  /** Adds Markdown, whose foreign text must be escaped. Says so in its place when it does not fit: GitHub would show nothing at all. */
  add(markdown: string): void;
}

/**
 * Opens the summary of a step.
 * @param file `GITHUB_STEP_SUMMARY`; nothing is written when there is none, as outside of a runner
 */
export function openSummary(file: string | undefined): StepSummary {
  const room = (): number => Math.max(0, maxBytes - reserve - sizeOf(file));
  return {
    room,
    add: (markdown) => {
      if (file === undefined) return;
      const text = `${markdown.trimEnd()}\n\n`;
      if (Buffer.byteLength(text) <= room()) appendFileSync(file, text);
      else if (sizeOf(file) + tooLong.length <= maxBytes) appendFileSync(file, tooLong);
    },
  };
}

function sizeOf(file: string | undefined): number {
  return file === undefined ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
}
