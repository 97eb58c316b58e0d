import { createColors } from 'picocolors';
import type { ApplyEvent } from '../../model/apply.ts';
import { visible } from '../../model/visible.ts';
import { describeFailure, describeSkip } from './failure-words.ts';
import { describeOutcome, paintStatus } from './result-words.ts';
import { describeWait } from './wait-words.ts';

interface EventLineOptions {
  readonly color: boolean;
}

/** Columns of the longest common word, so that keys stand below one another. */
const wordWidth = 14;

/** One step of an apply as one plain line for a log, however long; without a line feed. */
export function renderEventLine(event: ApplyEvent, options: EventLineOptions): string {
  const { change, status } = event;
  const isGoingOn = status === 'started' || status === 'waiting';
  const word = isGoingOn ? `${change.action} ...` : describeOutcome(change.action, status, codeOf(event));
  const paint = isGoingOn ? String : paintStatus(createColors(options.color), status);
  const blanks = ' '.repeat(Math.max(0, wordWidth - word.length));
  const parts = [`${paint(word)}${blanks}`, visible(change.key), ...describeEvent(event).map(visible)];
  return parts.join('  ');
}

function codeOf(event: ApplyEvent): string | undefined {
  return 'failure' in event ? event.failure.code : undefined;
}

function describeEvent(event: ApplyEvent): readonly string[] {
  switch (event.status) {
    case 'started':
      return [];
    case 'waiting':
      return [describeWait(event.wait)];
    case 'succeeded':
      return event.id === undefined ? [] : [`id ${event.id}`];
    case 'skipped':
      return [describeSkip(event.reason)];
    case 'failed':
    case 'unclear':
    case 'unverified':
      return [
        describeFailure(event.failure, {}).message,
        ...(event.failure.requestId === undefined ? [] : [`request ${event.failure.requestId}`]),
      ];
    default:
      return event satisfies never;
  }
}
