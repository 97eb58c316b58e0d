import type { SandboxRequest } from '../exchange.ts';
import type { FaultTarget } from './fault.ts';

type TargetedRequest = Pick<SandboxRequest, 'method' | 'path' | 'query'>;

/** Makes the question whether a request is meant. */
export function toTargetTest({ methods, path, query }: FaultTarget = {}): (request: TargetedRequest) => boolean {
  const segments = path === undefined ? undefined : toSegments(path);
  const parameter = query?.replace(/^!/, '');
  const isWanted = parameter === query;
  return (request) => {
    if (methods !== undefined && !methods.some((method) => method === request.method)) return false;
    if (segments !== undefined && !areAlike(segments, toSegments(request.path))) return false;
    return parameter === undefined || request.query.has(parameter) === isWanted;
  };
}

/** Whether some request can be meant by both a target's path and a route's. */
export function canMeet(targetPath: string, routePath: string): boolean {
  return areAlike(toSegments(targetPath), toSegments(routePath));
}

function areAlike(pattern: readonly string[], other: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '**';
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  if (isOpen ? other.length < fixed.length : other.length !== fixed.length) return false;
  return fixed.every((segment, index) => isAny(segment) || segment === other[index] || isAny(other[index] ?? ''));
}

function isAny(segment: string): boolean {
  return segment === '*' || segment.startsWith(':');
}

function toSegments(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}
