import { ApiError } from '../api-error.ts';
import { catalogue } from '../catalogue/catalogue.ts';
import type { SandboxConnector } from '../catalogue/connector.ts';
import { renderElement, renderElementConfiguration, renderMetadata, toElement } from '../element/render-element.ts';
import { answerWith } from '../exchange.ts';
import type { Answer, Call, Route } from '../exchange.ts';
import { toPage } from '../page.ts';

/** The catalogue (platform-api §8). */
export const elementRoutes: readonly Route[] = [
  { method: 'GET', path: '/elements', lists: 'others', handle: (call) => answerPage(call, toElement) },
  {
    method: 'GET',
    path: '/elements/keys',
    lists: 'others',
    handle: (call) => answerPage(call, (connector) => connector.key),
  },
  { method: 'GET', path: '/elements/:keyOrId', handle: (call) => answerOne(call, renderElement) },
  { method: 'GET', path: '/elements/:keyOrId/export', handle: (call) => answerOne(call, renderElement) },
  {
    method: 'GET',
    path: '/elements/:keyOrId/configuration',
    handle: (call) => answerOne(call, renderElementConfiguration),
  },
  { method: 'GET', path: '/elements/:keyOrId/metadata', handle: (call) => answerOne(call, renderMetadata) },
];

function answerOne({ tenant, params }: Call, render: (connector: SandboxConnector) => unknown): Answer {
  return answerWith(render(tenant.connector(params.get('keyOrId') ?? '')));
}

function answerPage({ tenant, request }: Call, render: (connector: SandboxConnector) => unknown): Answer {
  const { entries, headers } = toPage(filterByKey(request.query), request.query, tenant.quirks);
  return answerWith(entries.map(render), headers);
}

/** Of the documented `where` only `key in ('a','b')` is understood; anything else is 400, so that nobody trusts it. */
function filterByKey(query: URLSearchParams): readonly SandboxConnector[] {
  const where = query.get('where');
  if (where === null) return catalogue;
  const [, list] = /^\s*key\s+in\s*\(([^)]*)\)\s*$/i.exec(where) ?? [];
  if (list === undefined) throw new ApiError(400, `The sandbox does not understand where: ${where}`);
  const keys = new Set(list.split(',').map((key) => key.trim().replaceAll(/^'|'$/g, '')));
  return catalogue.filter((connector) => keys.has(connector.key));
}
