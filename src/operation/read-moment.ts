import { UserError } from '../model/user-error.ts';

const dayLength = 24 * 60 * 60 * 1000;
const form = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)([Zz]|[+-]\d\d:?\d\d)?)?$/;

/**
 * Reads an ISO 8601 date or date-time, in milliseconds since 1970. Without a zone it is UTC, as all times of a record are.
 * A date alone is its first millisecond as `since`, its last as `until`. Throws a UserError of kind `invalid` for anything else.
 */
export function readMoment(option: 'since' | 'until', text: string): number {
  const [, day = '', time, zone = 'Z'] = form.exec(text.trim()) ?? [];
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // A 30 February would pass for 2 March.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) throw notAMoment(option, text);
  if (time === undefined) return option === 'since' ? midnight : midnight + dayLength - 1;
  const moment = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(moment)) throw notAMoment(option, text);
  return moment;
}

function notAMoment(option: string, text: string): UserError {
  return new UserError('not-a-time', `--${option} ${text} is neither a date nor a date with a time.`, {
    kind: 'invalid',
    hint: 'Write 2026-11-17, 2026-11-17T09:30 or 2026-11-17T09:30:00+01:00. Without a zone it is UTC.',
  });
}
