import type { Wait } from '../../model/apply.ts';
import { visible } from '../../model/visible.ts';

interface WaitWords {
  /** What the code says, in one line, for a page of all codes. */
  readonly help: string;
  /** The reason, as a clause. */
  readonly say: (about: string | undefined) => string;
}

/** The words for each reason to wait. */
export const waitTable: Readonly<Record<Wait['code'], WaitWords>> = {
  'late-commit': {
    help: 'The create was not answered clearly, so what it may have made is looked for before it is sent again.',
    say: (about) => `looking for what the create${ofKey(about)} may have made`,
  },
  'late-write': {
    help: 'A write of an instance was not answered clearly, so it is given time to arrive before the next write: it would undo that one.',
    say: (about = 'an instance') => `an unanswered write of ${about} may still arrive, and would undo the next one`,
  },
  'earlier-run': {
    help: 'An earlier apply did not end while it created the instance, so what it may have made is looked for first.',
    say: (about) => `looking for what an earlier apply may have made${forKey(about)}`,
  },
  'rate-limited': {
    help: 'The platform allows no more requests at the moment.',
    say: (about) => `the platform allows no more requests at the moment${forKey(about)}`,
  },
  repeated: {
    help: 'A request failed and is sent again after a pause.',
    say: (about = 'a request failed') => `${about}; it is sent again`,
  },
  'not-listed': {
    help: 'What was just created is not in the list of the platform yet, and the next apply would create it again.',
    say: (about = 'what was just created') => `the list of the platform does not show ${about} yet`,
  },
  'other-apply': {
    help: 'Another apply of the same folder and environment is in progress.',
    say: (about = 'another apply is in progress') => about,
  },
};

function ofKey(key: string | undefined): string {
  return key === undefined ? '' : ` of ${key}`;
}

function forKey(key: string | undefined): string {
  return key === undefined ? '' : ` for ${key}`;
}

/** What a change in progress waits for, as a clause: `looking for …, for up to 90 s`. */
export function describeWait({ code, about, milliseconds }: Wait): string {
  return `${waitTable[code].say(about)}, for up to ${seconds(milliseconds)} s`;
}

/**
 * Why, for how long and until when a command waits, as one line: `Waiting up to 30 s, until 14:03:10 UTC: …`. Escaped.
 * @param now the time at which it was told
 */
export function renderWait({ code, about, milliseconds }: Wait, now: Date): string {
  const until = new Date(now.getTime() + milliseconds).toISOString().slice(11, 19);
  const why = waitTable[code].say(about).replace(/\.$/, '');
  return visible(`Waiting up to ${seconds(milliseconds)} s, until ${until} UTC: ${why}.`);
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000);
}
