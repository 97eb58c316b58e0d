import type { Pointer } from './position.ts';

/** Joins path segments to a JSON Pointer (RFC 6901). */
export function toPointer(...segments: readonly (string | number)[]): Pointer {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Splits a JSON Pointer (RFC 6901) into its segments. */
export function fromPointer(pointer: Pointer): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
