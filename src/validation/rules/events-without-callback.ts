import type { Environment } from '../../model/environment.ts';
import { inEnvironments } from '../build-views.ts';
import { resolveVariables } from '../resolve-variables.ts';
import type { DocumentRule } from '../rule.ts';
import type { Entry, View } from '../subject.ts';

export const eventsWithoutCallback: DocumentRule = {
  code: 'events-without-callback',
  severity: 'warning',
  message: 'Events without a callback URL',
  help: 'With events enabled and no callback URL, events can start formulas, but no other program is notified.',
  check: ({ views }) =>
    views.flatMap((view) => {
      const enabled = view.entry('event.notification.enabled');
      if (enabled === undefined || hasCallback(view) || !isEnabled(enabled, view)) return [];
      return [
        {
          path: enabled.path,
          part: 'key' as const,
          detail: `Events are enabled${inEnvironments(view.environments)}, but there is no \`event.notification.callback.url\`, so no program outside the platform is notified.`,
          hint: 'If only formulas use the events, nothing is missing. Otherwise add `event.notification.callback.url`.',
        },
      ];
    }),
};

/** The text `false` counts as none: some connectors have it as their default (platform-api §7). */
function hasCallback(view: View): boolean {
  const value = view.entry('event.notification.callback.url')?.value;
  return value !== undefined && value !== '' && value !== 'false' && value !== false;
}

function isEnabled({ value }: Entry, { environments }: View): boolean {
  if (typeof value !== 'string') return value === true;
  const values = environments.map((environment: Environment) => resolveVariables(value, environment));
  return [value, ...values].some((text) => text?.toLowerCase() === 'true');
}
