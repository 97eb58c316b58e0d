import { ApiError } from './api-error.ts';
import type { Route } from './exchange.ts';

export interface Match {
  readonly route: Route;
  readonly params: ReadonlyMap<string, string>;
}

export type Router = (method: string, path: string) => Match;

/**
 * Finds the route for a request; a literal segment wins over `:name`.
 * Throws an ApiError: 404 for an unknown path, 405 for a known path with another method (platform-api §3, generic table).
 */
export function toRouter(routes: readonly Route[]): Router {
  const compiled = routes
    .map((route) => ({ route, segments: toSegments(route.path) }))
    .toSorted((a, b) => countParams(a.segments) - countParams(b.segments));

  return (method, path) => {
    const segments = toSegments(path);
    const samePath = compiled.filter((candidate) => matches(candidate.segments, segments));
    const found = samePath.find((candidate) => candidate.route.method === method);
    if (found !== undefined) return { route: found.route, params: readParams(found.segments, segments) };
    if (samePath.length > 0) throw new ApiError(405, `Method ${method} is not supported for ${path}`);
    throw new ApiError(404, `The resource ${path} does not exist`);
  };
}

function toSegments(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function isParam(segment: string): boolean {
  return segment.startsWith(':');
}

function countParams(segments: readonly string[]): number {
  return segments.filter(isParam).length;
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length && pattern.every((part, index) => isParam(part) || part === segments[index])
  );
}

function readParams(pattern: readonly string[], segments: readonly string[]): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const [index, part] of pattern.entries()) {
    if (isParam(part)) params.set(part.slice(1), decode(segments[index] ?? ''));
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ApiError(400, 'The path holds a broken escape sequence');
  }
}
