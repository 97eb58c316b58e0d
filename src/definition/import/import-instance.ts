import type { OwnedInstance } from '../../model/live.ts';
import { importNew } from './import-new.ts';
import type { Imported, ImportOptions } from './import-options.ts';
import { importOver } from './import-over.ts';

export type { Imported, ImportOptions } from './import-options.ts';

/**
 * Turns a live instance into the text of a definition, or brings a definition up to date with it.
 *
 * - A new definition says what a person may have set: not what the catalogue or the platform gives anyway, nothing empty, nothing
 *   that changes by itself (platform-api §7). What is left out is harmless, as only keys that a definition names are compared.
 * - Over a definition, only declared fields that differ are written, and nothing else of the file changes.
 * - Secrets and masked values become references; a secret never stands in the text or in a diagnostic.
 *
 * Planning the result against the same instance shows no change of configuration once its secrets have their values.
 */
export function importInstance(live: OwnedInstance, options: ImportOptions): Imported {
  return options.existing ? importOver(live, options, options.existing) : importNew(live, options);
}
