import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration of the command line, such as `30s`, `5m`, `1h`, or seconds without a unit, in milliseconds. */
export function toMilliseconds(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  const factor = units[unit];
  if (count === undefined || factor === undefined) {
    throw new InvalidArgumentError('It must be a duration such as 30s, 5m or 1h.');
  }
  return Number(count) * factor;
}
