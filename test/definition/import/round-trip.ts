import { expect } from 'vitest';
import { importInstance } from '../../../src/definition/import/import-instance.ts';
import type { Imported, ImportOptions } from '../../../src/definition/import/import-options.ts';
import { parseDocuments } from '../../../src/definition/parse-documents.ts';
import { findReferences } from '../../../src/definition/references.ts';
import { resolveDefinition } from '../../../src/definition/resolve-definition.ts';
import { toDefinition } from '../../../src/definition/to-definition.ts';
import type { DesiredInstance } from '../../../src/model/desired.ts';
import type { Environment } from '../../../src/model/environment.ts';
import type { OwnedInstance } from '../../../src/model/live.ts';
import type { Change } from '../../../src/model/plan.ts';
import { Secret } from '../../../src/model/secret.ts';
import { readOwned } from '../../../src/operation/read-live.ts';
import { buildPlan } from '../../../src/plan/build-plan.ts';
import { decodeInstance } from '../../../src/platform/wire/decode-instance.ts';
import { isSecretKey } from '../../../src/model/secret-key.ts';
import { createRedactor } from '../../../src/secret/redactor.ts';
import { anInput, planTools } from '../../plan/tools.ts';
import { aContext, anEnvironment } from '../../validation/check-text.ts';
import { validateDocuments } from '../../../src/validation/validate-documents.ts';

/** An instance as the platform answers it, read as a plan reads it. */
export function readAnswer(answer: unknown): OwnedInstance {
  const decoded = decodeInstance(answer, createRedactor());
  if (!decoded.ok) throw new Error(`not decoded: ${JSON.stringify(decoded)}`);
  return readOwned(decoded.value);
}

/** Imports with what the command line would give. */
export function importLive(live: OwnedInstance, options: Partial<ImportOptions> = {}): Imported {
  return importInstance(live, { isSecretKey, adopt: true, withSecrets: true, ...options });
}

/** What the first definition of a text wants, with these variables and secrets. */
export function resolveText(
  text: string,
  { file = 'instances/a/b.yaml', secrets = new Map(), environment = anEnvironment('production') }: Resolving = {},
): DesiredInstance {
  const { documents, diagnostics } = parseDocuments(file, text);
  expect(diagnostics).toEqual([]);
  const [document] = documents;
  if (!document) throw new Error('no document');
  const resolved = resolveDefinition(toDefinition(document), { environment, secrets, describeSecret: (name) => name });
  expect(resolved.diagnostics).toEqual([]);
  if (!resolved.ok) throw new Error('not resolved');
  return resolved.value;
}

export interface Resolving {
  readonly file?: string;
  readonly secrets?: ReadonlyMap<string, Secret>;
  readonly environment?: Environment;
}

/** Errors that validate finds in a text. */
export function findErrors(text: string, environment = anEnvironment('production')): readonly string[] {
  const { documents, diagnostics } = parseDocuments('instances/a/b.yaml', text);
  const environments = new Map([[environment.name, environment]]);
  const found = validateDocuments(documents, aContext({ environments, environment }));
  const errors = [...diagnostics, ...found].filter(({ severity }) => severity === 'error');
  return errors.map(({ code, detail }) => `${code}: ${detail}`);
}

/** The secrets that an imported text refers to, with the values that the platform has, or any where it hides them. */
export function secretsOf(live: OwnedInstance, text: string): ReadonlyMap<string, Secret> {
  const [document] = parseDocuments('a.yaml', text).documents;
  const { configuration } = document ? toDefinition(document) : { configuration: {} };
  const entries = Object.entries(configuration).flatMap(([key, value]) => {
    const [reference] = typeof value === 'string' ? findReferences(value) : [];
    if (reference?.problem !== undefined || reference?.kind !== 'secrets') return [];
    const found = live.configuration.get(key);
    const secret =
      found instanceof Secret ? found : new Secret(found === '********' ? 'any' : (found ?? 'any'), 'test');
    return [[reference.name, secret] as const];
  });
  return new Map(entries);
}

/** What a plan says about adopting the instance with the imported text. */
export function planAdoption(live: OwnedInstance, text: string): Change | undefined {
  const desired = resolveText(text, { secrets: secretsOf(live, text) });
  const { plan } = buildPlan(anInput({ desired: [desired], live: [live] }), planTools());
  return plan.changes[0];
}
