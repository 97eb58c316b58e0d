import type { Environment } from '../../model/environment.ts';
import { nearestName } from '../../model/nearest-name.ts';
import { inEnvironments, joinPlaces } from '../build-views.ts';
import { fillVariables } from '../../definition/references.ts';
import type { DocumentRule } from '../rule.ts';
import { catalogueEntryOf, listUnknownKeys } from '../catalogue-entry.ts';
import type { Entry, Subject, View } from '../subject.ts';
import type { ValidationContext } from '../validation-context.ts';

export const eventsWithoutCallback: DocumentRule = {
  code: 'events-without-callback',
  severity: 'warning',
  message: 'Events without a callback URL',
  help: 'With events enabled and no callback URL, events can start formulas, but no other program is notified.',
  check: (subject, context) => {
    const found = subject.views.flatMap((view) => {
      const enabled = view.entry('event.notification.enabled');
      if (enabled === undefined || hasCallback(view) || !isEnabled(enabled, view)) return [];
      return [{ path: enabled.path, environments: view.environments }];
    });
    // Another rule tells that its name is misspelt.
    if (found.length === 0 || isMisspelt(subject, context)) return [];
    return joinPlaces(found).map(({ path, environments }) => ({
      path,
      part: 'key' as const,
      detail: `Events are enabled${inEnvironments(environments)}, but there is no \`${callback}\`, so no program outside the platform is notified.`,
      hint: `If only formulas use the events, nothing is missing. Otherwise add \`${callback}\`.`,
    }));
  },
};

const callback = 'event.notification.callback.url';

function isMisspelt(subject: Subject, context: ValidationContext): boolean {
  const known = catalogueEntryOf(subject, context);
  const meant = known === undefined ? [] : listUnknownKeys(subject, known).map((one) => one.meant);
  const near = subject.entries.filter(({ key }) => key !== callback && nearestName(key, [callback]) !== undefined);
  return meant.includes(callback) || near.length > 0;
}

/** The text `false` counts as none: some connectors have it as their default (platform-api §7). */
function hasCallback(view: View): boolean {
  const value = view.entry(callback)?.value;
  return value !== undefined && value !== '' && value !== 'false' && value !== false;
}

function isEnabled({ value }: Entry, { environments }: View): boolean {
  if (typeof value !== 'string') return value === true;
  const values = environments.map((environment: Environment) => fillVariables(value, environment.vars));
  return [value, ...values].some((text) => text?.toLowerCase() === 'true');
}
