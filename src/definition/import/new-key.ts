import type { OwnedInstance } from '../../model/live.ts';
import { pathPart } from '../convert/instance-labels.ts';

/**
 * Key of a new definition, which names its file: `sharefile/finance-team`. Lower case letters, digits and hyphens, short, and no device of
 * Windows, so that every system can hold the file. Two instances may get the same.
 *
 * @param isNameSecret the name shows a secret: the id stands for it
 */
export function newKey({ connector, name, id }: OwnedInstance, isNameSecret: boolean): string {
  const own = isNameSecret ? undefined : pathPart(name, id);
  return `${pathPart(connector, 'connector') ?? 'connector'}/${own ?? pathPart(id, 'instance') ?? 'instance'}`;
}

/** The key that was wanted, or with a number where that is taken. */
export function freeKey(wanted: string, isTaken: (key: string) => boolean): string {
  for (let count = 1; ; count += 1) {
    const key = count === 1 ? wanted : `${wanted}-${count}`;
    if (!isTaken(key)) return key;
  }
}
