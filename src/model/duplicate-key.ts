const mark = '~duplicate-';

/** Key under which a plan deletes one of several instances that carry the key of a definition. No definition can have it: keys hold no tilde. */
export function toDuplicateKey(key: string, id: string): string {
  return key + mark + id;
}

/** Whether a plan deletes the instance because its id was named as a duplicate, and not because its definition is gone. */
export function isDuplicateKey(key: string): boolean {
  return key.includes(mark);
}
