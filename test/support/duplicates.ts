import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** Key tags of the workspace `acme` that more than one instance carries. */
export function findDuplicates(sandbox: Sandbox): readonly string[] {
  const keys = sandbox
    .instances()
    .flatMap(({ tags }) => tags.filter((tag) => /^connectorctl\/acme\/[^/]+\/./.test(tag)));
  const known = new Set<string>();
  return keys.filter((key) => known.has(key) || !known.add(key));
}
