import type { Configuration } from '../instance/configuration.ts';
import { formatJavaDate } from './java-date.ts';

/** What a poller knows when it asks. Milliseconds since 1970. */
export interface PollMoment {
  /** When it last asked. */
  readonly since: number;
  readonly now: number;
  readonly configuration: Configuration;
}

const iso = "yyyy-MM-dd'T'HH:mm:ss'Z'";

/**
 * Fills the placeholders in the address of a polled resource: the time of the last poll in each documented form, the present time, and values
 * of the configuration (platform-api §10, and the forms in the vendor's own pollers). A pattern is Java's.
 * Answers the first placeholder that means nothing instead.
 */
export function fillPlaceholders(
  text: string,
  moment: PollMoment,
): { readonly text: string } | { readonly unknown: string } {
  const unknown: string[] = [];
  // A pattern may quote letters, and a zone may be a placeholder of the connector: `{TimeZone}`.
  const filled = text.replaceAll(/\$\{((?:\{[^{}]*\}|[^{}])*)\}/g, (whole, inside: string) => {
    const value = fill(inside, moment);
    if (value === undefined) unknown.push(whole);
    return value ?? whole;
  });
  const [first] = unknown;
  return first === undefined ? { text: filled } : { unknown: first };
}

function fill(inside: string, { since, now, configuration }: PollMoment): string | undefined {
  const [, name = '', rest] = /^([\w.]+)(?::([\s\S]*))?$/.exec(inside) ?? [];
  switch (name) {
    case 'date':
    case 'gmtDate':
      return formatJavaDate(since, rest ?? iso);
    case 'now':
      return formatJavaDate(now, rest ?? iso);
    case 'dateTimeZone':
      return inZone(since, rest);
    case 'nowTimeZone':
      return inZone(now, rest);
    case 'milliseconds':
      return rest === undefined ? String(since) : undefined;
    case 'epoch':
      return epoch(since, rest ?? 's');
    default:
      return name.startsWith('configuration.')
        ? (configuration[name.slice('configuration.'.length)] ?? undefined)
        : undefined;
  }
}

function inZone(time: number, rest = ''): string | undefined {
  const [, zone, pattern] = /^([^:]*):([\s\S]*)$/.exec(rest) ?? [];
  return zone === undefined || pattern === undefined ? undefined : formatJavaDate(time, pattern, zone);
}

function epoch(time: number, unit: string): string | undefined {
  switch (unit) {
    // In one of the vendor's own pollers.
    case '0':
      return '0';
    case 's':
      return String(Math.floor(time / 1000));
    case 'ms':
      return String(time);
    case 'us':
      return String(time * 1000);
    default:
      return undefined;
  }
}
