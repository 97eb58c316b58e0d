const mark = '~replaced';

/** Key under which an instance stands while another one takes its place. No definition can have it: keys hold no tilde. */
export function toRetiredKey(key: string): string {
  return key + mark;
}

/** Key that the instance had before another one took its place; undefined when none did. */
export function fromRetiredKey(key: string): string | undefined {
  return key.endsWith(mark) ? key.slice(0, -mark.length) : undefined;
}
