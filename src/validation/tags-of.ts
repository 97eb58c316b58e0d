import type { Json } from '../model/json.ts';
import type { Path } from './path.ts';
import type { Subject } from './subject.ts';

/** A list of tags: of the definition itself or of an override. */
export interface TagList {
  readonly path: Path;
  readonly tags: readonly Json[];
}

/** All lists of tags in a document. */
export function tagsOf({ fields, overrides }: Subject): readonly TagList[] {
  const lists: TagList[] = [];
  if (Array.isArray(fields['tags'])) lists.push({ path: ['tags'], tags: fields['tags'] });
  for (const [name, override] of overrides) {
    if (Array.isArray(override['tags'])) lists.push({ path: ['overrides', name, 'tags'], tags: override['tags'] });
  }
  return lists;
}
