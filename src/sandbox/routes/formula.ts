import { answerWith } from '../exchange.ts';
import type { Answer, Call, Route } from '../exchange.ts';
import { toPage } from '../page.ts';
import type { StoredFormulaInstance } from '../state/stored-instance.ts';

/** Formula instances, to be asked before an instance is deleted (platform-api §6, §12). An empty list is `[]`. */
export const formulaRoutes: readonly Route[] = [
  { method: 'GET', path: '/formulas/instances', lists: 'others', handle: listFormulaInstances },
];

function listFormulaInstances({ tenant, request: { query } }: Call): Answer {
  const elementInstance = query.get('elementInstanceId');
  const hits = [...tenant.state.formulas].filter(
    (formula) => elementInstance === null || Object.values(formula.configuration).includes(elementInstance),
  );
  const { entries, headers } = toPage(hits, query, tenant.quirks);
  return answerWith(entries.map(renderFormulaInstance), headers);
}

function renderFormulaInstance(stored: StoredFormulaInstance): Readonly<Record<string, unknown>> {
  const { formulaId, formulaName, ...shown } = stored;
  return { ...shown, formula: { id: formulaId, name: formulaName } };
}
