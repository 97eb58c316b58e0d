import type { Json } from '../../model/json.ts';
import { didYouMean } from '../../model/nearest-name.ts';
import type { DocumentRule } from '../rule.ts';
import { quote } from '../show-text.ts';

const types = ['polling', 'webhook', 'webhooks'];

export const vendorType: DocumentRule = {
  code: 'vendor-type',
  severity: 'warning',
  message: 'Unknown event source',
  help: 'The platform learns about changes by `polling` or by `webhook`; some connectors use `webhooks`.',
  hides: 'schema',
  check: ({ entries }) =>
    entries
      .filter(({ key, value }) => key === 'event.vendor.type' && !isKnown(value))
      .map(({ path, value }) => ({
        path,
        detail: `\`event.vendor.type\` must be \`polling\` or \`webhook\`${typeof value === 'string' ? `, not ${quote(value)}` : ''}.`,
        hint: (typeof value === 'string' ? didYouMean(value, types) : undefined) ?? 'Write `polling` or `webhook`.',
      })),
};

function isKnown(value: Json): boolean {
  return value === null || (typeof value === 'string' && (types.includes(value) || value.includes('${{')));
}
