import type { KnownText } from '../definition/import/import-options.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { OwnedInstance } from '../model/live.ts';

interface FitInstances {
  readonly fit: readonly OwnedInstance[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What may be imported of these instances when a platform repeats secrets where nothing can stand in for them: an instance of which the id or
 * the connector shows one is left out, as its file would carry it in its name, and so is a key of a configuration.
 */
export function hideTelling(all: readonly OwnedInstance[], known: KnownText): FitInstances {
  const parts = all.map((live) => hideOne(live, known));
  return {
    fit: parts.flatMap(({ fit }) => fit),
    diagnostics: parts.flatMap(({ diagnostics }) => diagnostics),
  };
}

function hideOne(live: OwnedInstance, { shows }: KnownText): FitInstances {
  if (shows(live.id)) return { fit: [], diagnostics: [leftOut('An instance', 'its id')] };
  const name = `Instance ${live.id}`;
  if (shows(live.connector)) return { fit: [], diagnostics: [leftOut(name, 'its connector')] };
  const kept = [...live.configuration].filter(([key]) => !shows(key));
  if (kept.length === live.configuration.size) return { fit: [live], diagnostics: [] };
  return {
    fit: [{ ...live, configuration: new Map(kept) }],
    diagnostics: [leftOut(`A configuration key of instance ${live.id}`, 'it')],
  };
}

function leftOut(what: string, where: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'instance-shows-secret',
    message: 'Not imported',
    detail: `${what} was left out: ${where} shows a secret that is set here.`,
    hint: 'The platform should never answer that. Change the secret, and ask the support of the platform.',
  };
}
