import { findBuiltIn, listBuiltIn, listBuiltInKeys } from '../../src/catalogue/built-in.ts';
import { layCatalogues } from '../../src/catalogue/catalogue.ts';
import { parseDocuments } from '../../src/definition/parse-documents.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { Environment } from '../../src/model/environment.ts';
import type { ValidationContext } from '../../src/validation/validation-context.ts';
import { validateDocuments } from '../../src/validation/validate-documents.ts';

const vars = {
  callbackHost: 'hooks.example.com',
  stage: 'test',
  storeId: '17',
  asanaUrl: 'https://app.example.com/api',
  events: 'true',
  eventUrl: 'https://hooks.example.com/events',
  minutes: '15',
  reserved: 'connectorctl/team-b/live/crm',
};

/** What is built in, as if no connector had been pulled. */
export const builtIn = layCatalogues(new Map(), { find: findBuiltIn, keys: listBuiltInKeys(), list: listBuiltIn });

/** Every secret counts as set but those that begin with `NOT_SET`. */
class AllButNotSet extends Set<string> {
  override has(name: string): boolean {
    return !name.startsWith('NOT_SET');
  }
}

/** Two environments, `staging` and `production`; secrets are checked for production. */
export function aContext(changes: Partial<ValidationContext> = {}): ValidationContext {
  const production = anEnvironment('production', { ...vars, onlyProduction: 'shop.example.com' });
  const all = [anEnvironment('staging', vars), production];
  return {
    environments: new Map(all.map((environment) => [environment.name, environment])),
    environment: production,
    setSecrets: new AllButNotSet(),
    describeSecret: (name) => `the environment variable CONNECTORCTL_SECRET_${name}`,
    ...changes,
  };
}

export function anEnvironment(name: string, variables: Readonly<Record<string, string>> = {}): Environment {
  return {
    name,
    platform: 'sandbox',
    vars: variables,
    prune: false,
    limits: { maxDelete: 5, maxDeletePercent: 30, maxChangePercent: 100, maxTagLength: 255 },
  };
}

/** What is wrong with files of YAML, by path below the workspace. */
export function checkFiles(
  files: Readonly<Record<string, string>>,
  changes: Partial<ValidationContext> = {},
): readonly Diagnostic[] {
  const parsed = Object.entries(files).map(([file, text]) => parseDocuments(file, text));
  const syntax = parsed.flatMap(({ diagnostics }) => diagnostics);
  const documents = parsed.flatMap((one) => one.documents);
  return [...syntax, ...validateDocuments(documents, aContext(changes))];
}

/** What is wrong with one file of YAML. */
export function checkText(text: string, changes: Partial<ValidationContext> = {}): readonly Diagnostic[] {
  return checkFiles({ 'instances/a.yaml': text }, changes);
}

/** `file:line:col: severity message [code]`. */
export function toLine({ at, severity, message, code }: Diagnostic): string {
  return `${at?.file ?? ''}:${at?.line ?? 0}:${at?.column ?? 0}: ${severity} ${message} [${code}]`;
}
