import type { Json } from '../../model/json.ts';
import type { DocumentRule } from '../rule.ts';

export const intervalNotWholeMinutes: DocumentRule = {
  code: 'interval-not-whole-minutes',
  severity: 'warning',
  message: 'Interval is not in whole minutes',
  help: 'The platform takes the poll interval in whole minutes, at least 1. It supports no units and no fractions.',
  hides: 'schema',
  check: ({ entries }) =>
    entries
      .filter(({ key, value }) => key === 'event.poller.refresh_interval' && !isWholeMinutes(value))
      .map(({ path, value }) => ({
        path,
        detail: `\`event.poller.refresh_interval\` must be a whole number of minutes, at least 1.${unitHint(value)}`,
        hint: 'Write a bare number such as `15`.',
      })),
};

function isWholeMinutes(value: Json): boolean {
  if (value === null) return true;
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0;
  return typeof value === 'string' && (/^[1-9]\d*$/.test(value) || value.includes('${{'));
}

function unitHint(value: Json): string {
  return typeof value === 'string' && /^\d+(?:\.\d+)?\s*[a-z]+$/i.test(value) ? ' Units are not supported.' : '';
}
