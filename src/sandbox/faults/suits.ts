import type { Route } from '../exchange.ts';
import type { FaultKind } from './fault.ts';

/** Kinds that concern lists only. */
export const listKinds: ReadonlySet<FaultKind> = new Set([
  'endless-pages',
  'repeated-token',
  'drop-entries',
  'stale-list',
]);

/** Whether a kind of fault makes sense for a route at all. */
export function suits(kind: FaultKind, { method, lists }: Pick<Route, 'method' | 'lists'>): boolean {
  if (kind === 'slow-commit') return method !== 'GET';
  if (kind === 'stale-list') return lists === 'instances';
  return lists !== undefined || !listKinds.has(kind);
}
