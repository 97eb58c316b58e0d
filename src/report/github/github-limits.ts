import type { SizeLimits } from '../budget.ts';

/**
 * How long the body of a comment, an issue or a pull request may become.
 * GitHub refuses what is longer than "65536 characters". Which kind of character it means differs from place to place: code points in the
 * body of a pull request, up to 262,144 bytes in a comment (measured in dead-claudia/github-limits, pull request 13).
 * Within both limits a text is short enough in code points, in UTF-16 code units and in bytes.
 */
export const bodyLimits = { maxCharacters: 65_536, maxBytes: 65_536 } as const satisfies SizeLimits;

/** How long the summary of a step may become: GitHub takes 1024 KiB and drops all of a longer one. */
export const stepSummaryLimits: SizeLimits = { maxBytes: 1_048_576 };

/** How long the summary of a check run may become: 65,535 characters, in GitHub's reference of the Checks API. */
export const checkLimits: SizeLimits = { maxCharacters: 65_535, maxBytes: 65_535 };

/** How many annotations GitHub shows: ten of each level for a step, fifty for a job (community discussion 26680). */
export const annotationLimits = { perLevel: 10, total: 50 } as const;
