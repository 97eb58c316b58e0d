import { textAt } from '../read-json.ts';
import type { GithubClient } from './client.ts';
import type { Pull } from './pulls.ts';

/**
 * When a label that a pull request carries was put on, as GitHub writes times; undefined when GitHub does not say.
 * Whoever may set labels may take one off and put it on again: the last time counts.
 */
export async function readLabelTime(
  client: GithubClient,
  { number }: Pick<Pull, 'number'>,
  label: string,
): Promise<string | undefined> {
  let last: string | undefined;
  for await (const event of client.list(`/issues/${number}/events`)) {
    if (textAt(event, 'event') === 'labeled' && textAt(event, 'label', 'name') === label) {
      last = laterOf(last, textAt(event, 'created_at'));
    }
  }
  return last;
}

/** The later of two times as GitHub writes them. */
export function laterOf(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return isNotBefore(one, other) ? one : other;
}

/** Whether a time is the other one or after it. What is no time is neither. */
export function isNotBefore(time: string, other: string): boolean {
  return Date.parse(time) >= Date.parse(other);
}
