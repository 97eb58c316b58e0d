import { createHash } from 'node:crypto';

/**
 * The line by which a file of ours says which version wrote it, with a digest of all else in it. So a later version can tell what
 * nobody touched, which it may write anew, from what somebody changed.
 */
const stampLine = /^# Written by connectorctl init (\S+) \(([0-9a-f]{16})\); .*\n/m;

/** Where the texts that are stamped have the line. */
const place = /^# Written by `connectorctl init`; .*\n/m;

/** A text with its stamp, at the line that is kept for it or at its beginning. */
export function stampText(text: string, version: string): string {
  const line = (digest: string): string =>
    `# Written by connectorctl init ${version} (${digest}); edit it as you like, init --upgrade keeps what you change.\n`;
  const rest = text.replace(place, '');
  const stamp = line(digestOf(rest));
  return place.test(text) ? text.replace(place, () => stamp) : stamp + text;
}

/** What the stamp of a text says; undefined where it has none. */
export function readStamp(text: string): { readonly version: string; readonly isUntouched: boolean } | undefined {
  // A checkout may have given the lines of the file another end.
  const lines = text.replaceAll('\r\n', '\n');
  const [, version, digest] = stampLine.exec(lines) ?? [];
  if (version === undefined) return undefined;
  return { version, isUntouched: digestOf(lines.replace(stampLine, '')) === digest };
}

/** Nothing rests on it but the question who wrote a file, so that few digits do. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
