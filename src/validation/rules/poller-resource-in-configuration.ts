import { isJsonObject } from '../../model/json.ts';
import type { DocumentRule } from '../rule.ts';
import type { Entry } from '../subject.ts';
import { pollerKey } from '../../model/platform-keys.ts';

export const pollerResourceInConfiguration: DocumentRule = {
  code: 'poller-resource-in-configuration',
  severity: 'error',
  message: 'Polled resource in the wrong place',
  help: 'Polled resources belong inside `event.poller.configuration`. One level up, they are sent as a setting and are never polled.',
  hides: 'schema',
  check: ({ entries }) =>
    entries.filter(isResource).map(({ key, path }) => ({
      path,
      part: 'key',
      detail: `\`${key}\` is part of a poller configuration, but it is directly under \`configuration\`, so it would not be polled.`,
      hint: 'Move it under `event.poller.configuration`: indent it by two more spaces.',
    })),
};

function isResource({ key, value }: Entry): boolean {
  if (key === pollerKey) return false;
  if (key === 'datesConfiguration') return true;
  if (!isJsonObject(value)) return false;
  return value['datesConfiguration'] !== undefined || (value['url'] !== undefined && value['idField'] !== undefined);
}
