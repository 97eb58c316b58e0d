import { quoteWord } from '../../model/shell-word.ts';
import path from 'node:path';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { slug } from '../../definition/convert/instance-labels.ts';
import { scaffoldDefinition } from '../../definition/scaffold.ts';
import { hasErrors } from '../../model/diagnostic.ts';
import { nearestNames } from '../../model/nearest-name.ts';
import { UserError } from '../../model/user-error.ts';
import { visible } from '../../model/visible.ts';
import { loadCatalogue } from '../load-catalogue.ts';
import type { WantedFile } from './wanted-files.ts';
import { definitionFile, schemaFromDefinition } from '../../model/environment.ts';

interface ScaffoldWish {
  /** Keys of connectors. */
  readonly connectors: readonly string[];
  /** The only environments that are to get the instances; empty: all. */
  readonly environments: readonly string[];
}

/**
 * A definition of each connector, in a file that is called after it. What was pulled from the platform goes before what is built in.
 * Throws when one of the connectors is not known, so that nothing is written for the others either.
 * @param directory absolute folder of the workspace
 */
export async function listScaffolds(
  directory: string,
  { connectors, environments }: ScaffoldWish,
): Promise<readonly WantedFile[]> {
  const keys = new Set(connectors);
  const { catalogue, diagnostics } = await loadCatalogue(directory, keys);
  const [broken] = diagnostics;
  if (broken !== undefined && hasErrors(diagnostics)) {
    throw new UserError(broken.code, `${broken.at?.file ?? ''}: ${broken.detail}`, {
      kind: 'invalid',
      hint: broken.hint,
    });
  }
  return [...keys].map((key) => {
    const found = catalogue?.find(key);
    if (found === undefined) throw unknownConnector(key, catalogue);
    return {
      path: path.join(directory, definitionFile(slug(key) || 'connector')),
      text: scaffoldDefinition(found.connector, schemaFromDefinition(), environments).yaml,
    };
  });
}

function unknownConnector(key: string, catalogue: Catalogue | undefined): UserError {
  const pull = `If your platform has it, ask the platform first (add --env for another environment):\nconnectorctl catalog pull ${quoteWord(key)}`;
  if (catalogue?.keys.has(key) === true) {
    return new UserError('unknown-connector', `The connector \`${key}\` exists, but its keys are not known here.`, {
      kind: 'invalid',
      hint: `Nothing was written. ${pull}`,
    });
  }
  const near = [...new Set([...nearestNames(key, catalogue?.keys ?? []), ...(catalogue?.meant(key) ?? [])])].slice(
    0,
    3,
  );
  const meant = near.length === 0 ? '' : `Did you mean ${near.map((name) => `\`${name}\``).join(' or ')}? `;
  return new UserError('unknown-connector', `Nothing is known of a connector \`${visible(key)}\`.`, {
    kind: 'invalid',
    hint: `Nothing was written. ${meant}${pull}`,
  });
}
