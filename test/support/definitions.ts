import { parseDocuments } from '../../src/definition/parse-documents.ts';
import { toDefinition } from '../../src/definition/to-definition.ts';
import type { Definition } from '../../src/model/definition.ts';
import type { Environment } from '../../src/model/environment.ts';

/** The one definition of a YAML text that is right. */
export function readDefinition(text: string, file = 'instances/sharefile.yaml'): Definition {
  const { documents, diagnostics } = parseDocuments(file, text);
  const [document] = documents;
  if (!document) throw new Error(`No definition: ${JSON.stringify(diagnostics)}`);
  return toDefinition(document);
}

/** An environment named `production` with the given variables. */
export function anEnvironment(vars: Readonly<Record<string, string>> = {}): Environment {
  const limits = { maxDelete: 5, maxDeletePercent: 30, maxChangePercent: 100, maxTagLength: 255 };
  return {
    name: 'production',
    platform: 'remote',
    baseUrl: 'https://api.cloud-elements.com',
    vars,
    prune: false,
    limits,
  };
}
