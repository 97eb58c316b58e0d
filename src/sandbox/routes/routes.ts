import { cutPage } from '../page.ts';
import { respondWith, type Route, type RouteCall, type SandboxResponse } from '../route.ts';
import type { StoredFormulaInstance } from '../state/stored-instance.ts';
import { dataRoutes } from './data.ts';
import { elementRoutes } from './element.ts';
import { eventRoutes } from './events.ts';
import { instanceLists } from './instance-list.ts';
import { instanceRoutes } from './instance.ts';
import { oauthRoutes } from './oauth.ts';

/** Everything that the sandbox serves. */
export const routes: readonly Route[] = [
  ...instanceLists,
  ...instanceRoutes,
  ...elementRoutes,
  ...oauthRoutes,
  ...eventRoutes,
  // Who the credentials belong to (platform-api §2).
  {
    method: 'GET',
    path: '/organizations/me',
    handle: () => respondWith({ id: 1, name: 'Sandbox', active: true, defaultAccountId: 1 }),
  },
  ...dataRoutes,
  // Asked before an instance is deleted (platform-api §6, §12). An empty list is `[]`.
  { method: 'GET', path: '/formulas/instances', lists: 'others', handle: listFormulaInstances },
];

function listFormulaInstances({ tenant, request: { query } }: RouteCall): SandboxResponse {
  const elementInstance = query.get('elementInstanceId');
  const hits = [...tenant.state.formulas].filter(
    (formula) => elementInstance === null || Object.values(formula.configuration).includes(elementInstance),
  );
  const { entries, headers } = cutPage(hits, query, tenant.quirks);
  return respondWith(entries.map(renderFormulaInstance), headers);
}

function renderFormulaInstance(stored: StoredFormulaInstance): Readonly<Record<string, unknown>> {
  const { formulaId, formulaName, ...shown } = stored;
  return { ...shown, formula: { id: formulaId, name: formulaName } };
}
