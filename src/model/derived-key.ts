const duplicateMark = '~duplicate-';

/** Key under which a plan deletes one of several instances that carry the key of a definition. No definition can have it: keys hold no tilde. */
export function toDuplicateKey(key: string, id: string): string {
  return key + duplicateMark + id;
}

/** Whether a plan deletes the instance because its id was named as a duplicate, and not because its definition is gone. */
export function isDuplicateKey(key: string): boolean {
  return key.includes(duplicateMark);
}

const retiredMark = '~replaced';

/** Key of an instance while another one takes its place. No definition can have it: keys hold no tilde. */
export function toRetiredKey(key: string): string {
  return key + retiredMark;
}

/** Key that the instance had before another one took its place; undefined when none did. */
export function fromRetiredKey(key: string): string | undefined {
  return key.endsWith(retiredMark) ? key.slice(0, -retiredMark.length) : undefined;
}

const parkedMark = '~renamed';

/** Key under which an instance stands while keys go round: each of several definitions gets the key of the next. No definition can have it. */
export function toParkedKey(key: string): string {
  return key + parkedMark;
}

/** Key that the instance had before keys went round; undefined when it is not waiting for one. */
export function fromParkedKey(key: string): string | undefined {
  return key.endsWith(parkedMark) ? key.slice(0, -parkedMark.length) : undefined;
}

/** Key of the definition that an instance stands for, whatever became of its key meanwhile. */
export function originalKey(key: string): string {
  return fromRetiredKey(key) ?? fromParkedKey(key) ?? key;
}
