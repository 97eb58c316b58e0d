import { describe, expect, it } from 'vitest';
import { formatJavaDate, parseJavaDate, zoneOffset } from '../../../src/sandbox/events/java-date.ts';
import { fillPlaceholders } from '../../../src/sandbox/events/placeholders.ts';

const time = Date.parse('2026-03-01T14:05:09.042Z');

describe('a date in a pattern of Java', () => {
  it.each([
    ["yyyy-MM-dd'T'HH:mm:ss'Z'", 'GMT', '2026-03-01T14:05:09Z'],
    ["yyyy-MM-dd'T'HH:mm:ssXXX", 'GMT', '2026-03-01T14:05:09Z'],
    ["yyyy-MM-dd'T'HH:mm:ssXXX", 'PST', '2026-03-01T06:05:09-08:00'],
    ["yyyy-MM-dd'T'HH:mm:ssX", 'PST', '2026-03-01T06:05:09-08'],
    ["yyyy-MM-dd'T'HH:mm:ssZ", '+05:30', '2026-03-01T19:35:09+0530'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", '', '2026-03-01T14:05:09.042Z'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX", 'UTC', '2026-03-01T14:05:09.000042Z'],
    ["yyyy-MM-dd'T'HH:mm:ss.SXXX", 'UTC', '2026-03-01T14:05:09.42Z'],
    ["yyyy-MM-dd'T'HH:mmz", 'GMT', '2026-03-01T14:05GMT'],
    ["yyyy-MM-dd' 'HH:mm:ss", '{TimeZone}', '2026-03-01 14:05:09'],
    ['EEE, dd MMM yyyy HH:mm:ss Z', 'GMT', 'Sun, 01 Mar 2026 14:05:09 +0000'],
    ['E MMM dd HH:mm:ss Z yyyy', 'GMT', 'Sun Mar 01 14:05:09 +0000 2026'],
    ['MM/dd/yyyy hh:mm:ss a', 'GMT', '03/01/2026 02:05:09 PM'],
    ["MM/dd/yyy'T'HH:mm:ss", 'GMT', '03/01/2026T14:05:09'],
    ["d''M yy", 'GMT', "1'3 26"],
  ])('%s in %s is %s, and reads as what it says', (pattern, zone, text) => {
    expect(formatJavaDate(time, pattern, zone)).toBe(text);
    const read = parseJavaDate(text, pattern, zone);
    expect(read === undefined ? undefined : formatJavaDate(read, pattern, zone)).toBe(text);
  });

  it('is none for a pattern that Java refuses, or a zone that nobody knows', () => {
    expect(formatJavaDate(time, "yyyy-MM-dd'T")).toBeUndefined();
    expect(formatJavaDate(time, 'yyyy-bb')).toBeUndefined();
    expect(formatJavaDate(time, 'yyyy', 'Mars')).toBeUndefined();
    expect(parseJavaDate('2026', 'yyyy-MM')).toBeUndefined();
    expect(['Z', 'GMT+1', '-0800', 'est'].map(zoneOffset)).toEqual([0, 60, -480, -300]);
  });
});

describe('the placeholders of a poller', () => {
  const moment = { since: time, now: time + 60_000, configuration: { 'api.key': 'k' } };

  it.each([
    ["d>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'", "d>='2026-03-01T14:05:09Z'"],
    ["d>='${date:yyyy-MM-dd}' and e='${date}'", "d>='2026-03-01' and e='2026-03-01T14:05:09Z'"],
    ["d>='${dateTimeZone:PST:yyyy-MM-dd HH:mm:ss -0800}'", "d>='2026-03-01 06:05:09 -0800'"],
    ["d>='${dateTimeZone:{TimeZone}:yyyy}'", "d>='2026'"],
    ["d<'${nowTimeZone:GMT:HH:mm:ss}' and d<'${now:HH:mm}'", "d<'14:06:09' and d<'14:06'"],
    [
      '${epoch} ${epoch:s} ${epoch:ms} ${epoch:us} ${milliseconds}',
      '1772373909 1772373909 1772373909042 1772373909042000 1772373909042',
    ],
    ['/x?key=${configuration.api.key}', '/x?key=k'],
    ['/x', '/x'],
  ])('%s become %s', (text, filled) => {
    expect(fillPlaceholders(text, moment)).toEqual({ text: filled });
  });

  it.each([
    '${today}',
    "${gmtDate:yyyy'T}",
    '${gmtDate:bb}',
    '${epoch:days}',
    '${configuration.none}',
    '${dateTimeZone:yyyy}',
  ])('%s means nothing', (text) => {
    expect(fillPlaceholders(`a ${text} b`, moment)).toEqual({ unknown: text });
  });
});
