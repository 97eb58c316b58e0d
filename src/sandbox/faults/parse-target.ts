import { didYouMean, nearestName } from '../../model/nearest-name.ts';
import { faultMethods } from './fault.ts';
import type { FaultMethod, FaultTarget } from './fault.ts';
import { canMeet } from './target.ts';

export interface TargetRoute {
  readonly method: string;
  readonly path: string;
}

export interface ParsedTarget {
  readonly target: FaultTarget;
  /** Each a sentence. */
  readonly problems: readonly string[];
}

/** Reads `[METHOD[,METHOD]:][PATH][?[!]NAME]`. A target that no request of these routes can meet is a mistake. */
export function parseTarget(text: string, routes: readonly TargetRoute[]): ParsedTarget {
  const {
    methods: methodText = '',
    path,
    query,
  } = /^(?<methods>[^/?:]*):?(?<path>\/[^?]*)?(?:\?(?<query>.*))?$/.exec(text)?.groups ?? {};
  if (methodText === '' && path === undefined && query === undefined) {
    return { target: {}, problems: ['it names neither a method nor a path, as in `on=POST:/instances`.'] };
  }
  const words = methodText === '' ? [] : methodText.split(',');
  const methods = words.filter((word) => isMethod(word));
  const problems = words.filter((word) => !isMethod(word)).map(tellMethod);
  if (query === '' || query === '!') problems.push('after `?` the name of a query parameter is missing.');
  const target: FaultTarget = {
    ...(words.length === 0 ? {} : { methods }),
    ...(path === undefined ? {} : { path }),
    ...(query === undefined ? {} : { query }),
  };
  return { target, problems: problems.length > 0 ? problems : findUnserved(target, routes) };
}

function findUnserved({ methods, path }: FaultTarget, routes: readonly TargetRoute[]): readonly string[] {
  if (path === undefined) return [];
  const served = routes.filter((route) => canMeet(path, route.path));
  if (served.length === 0) {
    const paths = [...new Set(routes.map((route) => route.path))];
    return [join(`the sandbox serves no path \`${path}\`.`, didYouMean(path, paths))];
  }
  if (methods === undefined || served.some(({ method }) => methods.some((wanted) => wanted === method))) return [];
  const known = [...new Set(served.map(({ method }) => method))];
  return [`the sandbox serves \`${path}\` with ${known.join(', ')} only.`];
}

function isMethod(word: string): word is FaultMethod {
  return faultMethods.some((method) => method === word);
}

function tellMethod(word: string): string {
  const upper = word.toUpperCase();
  const hint = isMethod(upper) ? `Did you mean \`${upper}\`?` : toHint(nearestName(upper, faultMethods));
  return join(`there is no method \`${word}\`.`, hint);
}

function toHint(method: string | undefined): string {
  return method === undefined ? `It must be one of ${faultMethods.join(', ')}.` : `Did you mean \`${method}\`?`;
}

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}
