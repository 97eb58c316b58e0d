import { visible } from '../model/visible.ts';
import { secretVariable } from '../model/own-variables.ts';

/** What a person has to set before the references mean anything. */
export function renderToSet(secrets: readonly string[], vars: readonly string[]): string {
  return [
    secrets.length === 0 ? '' : `\nSet before the next plan:\n${renderNames(secrets.map(secretVariable))}`,
    vars.length === 0 ? '' : `\nAdd to the environment's vars in connectorctl.yaml:\n${renderNames(vars)}`,
  ].join('');
}

function renderNames(names: readonly string[]): string {
  const sorted = [...new Set(names)].toSorted();
  return sorted.map((name) => `  ${visible(name)}\n`).join('');
}
