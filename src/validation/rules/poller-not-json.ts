import { deepestJson, parseJson } from '../../model/parse-json.ts';
import { isJsonObject } from '../../model/json.ts';
import { isStandIn } from '../../model/placeholder.ts';
import { parsePoller } from '../collect-resources.ts';
import type { DocumentRule } from '../rule.ts';
import { pollerKey } from '../../model/platform-keys.ts';

export const pollerNotJson: DocumentRule = {
  code: 'poller-not-json',
  severity: 'warning',
  message: 'Poller configuration is not JSON',
  help: 'As a string, the poller configuration must be a JSON object: resource names with `url` and `idField`.',
  check: ({ entries }) =>
    entries.flatMap(({ key, value, path }) => {
      if (
        key !== pollerKey ||
        typeof value !== 'string' ||
        value.includes('${{') ||
        isStandIn(value) ||
        isJsonObject(parsePoller(value))
      )
        return [];
      return [{ path, detail: describe(value), hint }];
    }),
};

const hint = 'Write it as a YAML mapping instead: the resource, with `url` and `idField` under it.';

function describe(text: string): string {
  const parsed = parseJson(text);
  return !parsed.ok && parsed.why === 'too-deep'
    ? `The string in \`event.poller.configuration\` has lists and objects nested more than ${deepestJson} levels deep.`
    : 'The string in `event.poller.configuration` is not a JSON object, so the platform could not read it.';
}
