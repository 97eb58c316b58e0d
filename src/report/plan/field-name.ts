import { fromPointer, type Pointer } from '../../model/position.ts';

const own = new Set(['name', 'tags', 'enabled', 'connector', 'protect']);

/** What a reviewer calls a field: a configuration key as the platform spells it, without the way to it. */
export function nameField(field: Pointer): string {
  const [room, ...path] = fromPointer(field).map((segment) =>
    segment.trim() === segment && segment !== '' ? segment : `"${segment}"`,
  );
  const [key] = path;
  // A configuration key that is spelled like a field of ours keeps the prefix.
  if (room !== 'configuration' || key === undefined || own.has(key)) return [room ?? '', ...path].join('.');
  return path.join(' › ');
}
