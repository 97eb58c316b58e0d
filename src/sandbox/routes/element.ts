import { ApiError } from '../api-error.ts';
import type { SandboxConnector } from '../catalogue/connector.ts';
import {
  renderElement,
  renderElementConfiguration,
  renderElementSummary,
  renderMetadata,
} from '../catalogue/render-element.ts';
import { cutPage } from '../page.ts';
import { respondWith, type Route, type RouteCall, type SandboxResponse } from '../route.ts';

/** The catalogue (platform-api §8). */
export const elementRoutes: readonly Route[] = [
  { method: 'GET', path: '/elements', lists: 'others', handle: (call) => respondWithPage(call, renderElementSummary) },
  {
    method: 'GET',
    path: '/elements/keys',
    lists: 'others',
    handle: (call) => respondWithPage(call, (connector) => connector.key),
  },
  { method: 'GET', path: '/elements/:keyOrId', handle: (call) => respondWithOne(call, renderElement) },
  { method: 'GET', path: '/elements/:keyOrId/export', handle: (call) => respondWithOne(call, renderElement) },
  {
    method: 'GET',
    path: '/elements/:keyOrId/configuration',
    handle: (call) => respondWithOne(call, renderElementConfiguration),
  },
  { method: 'GET', path: '/elements/:keyOrId/metadata', handle: (call) => respondWithOne(call, renderMetadata) },
];

function respondWithOne(
  { tenant, params }: RouteCall,
  render: (connector: SandboxConnector) => unknown,
): SandboxResponse {
  return respondWith(render(tenant.connector(params.get('keyOrId') ?? '')));
}

function respondWithPage(
  { tenant, request }: RouteCall,
  render: (connector: SandboxConnector) => unknown,
): SandboxResponse {
  const { entries, headers } = cutPage(
    filterByKey(tenant.connectors.list(), request.query),
    request.query,
    tenant.quirks,
  );
  return respondWith(entries.map(render), headers);
}

/** Of the documented `where` only `key in ('a','b')` is understood; anything else is 400, so that nobody trusts it. */
function filterByKey(known: readonly SandboxConnector[], query: URLSearchParams): readonly SandboxConnector[] {
  const where = query.get('where');
  if (where === null) return known;
  const [, list] = /^\s*key\s+in\s*\(([^)]*)\)\s*$/i.exec(where) ?? [];
  if (list === undefined) throw new ApiError(400, `The sandbox does not understand where: ${where}`);
  const keys = new Set(list.split(',').map((key) => key.trim().replaceAll(/^'|'$/g, '')));
  return known.filter((connector) => keys.has(connector.key));
}
