import type { RequestName } from './reply.ts';

/**
 * Requests of one kind take about as long as each other: same method, same path but for names and numbers in it,
 * and the same connector where its provider is asked (platform-api §3: a create logs in there).
 */
export function toKind({ method, path }: RequestName, connector?: string): string {
  const template = path.replace(/^\/elements\/[^/]+/, '/elements/{}').replaceAll(/\/\d+(?=\/|$)/g, '/{}');
  return `${method} ${template}${connector === undefined ? '' : ` ${connector}`}`;
}
