import fc from 'fast-check';
import { listAsked } from '../../src/catalogue/choices.ts';
import type { SandboxConnector } from '../../src/sandbox/catalogue/connector.ts';
import type { Seed } from '../../src/sandbox/controls.ts';
import type { StoredInstance } from '../../src/sandbox/state/stored-instance.ts';
import { connectorOf } from './draft-sets.ts';
import { type Draft, environmentName, keyOf, otherEnvironmentName } from './drafts.ts';
import { type Engine, workspaceName } from './engine.ts';

/** An instance that somebody else made. */
export interface ForeignInstance {
  readonly tags: ToTags;
  /** Which definition it looks like. */
  readonly nth: number;
  readonly sameName: boolean;
  readonly disabled: boolean;
  /** The definition asks for it. */
  readonly isAdopted: boolean;
}

/** @param key of a definition of ours */
type ToTags = (key: string) => readonly string[];

const own = `connectorctl/${workspaceName}/${environmentName}`;

/** Tags of instances that are not ours, though some look like it. */
const foreignTags: readonly ToTags[] = [
  () => [],
  () => ['Docs'],
  () => ['connectorctl'],
  () => ['connectorctl/'],
  (key) => [`connectorctl//${key}`],
  () => [`${own}2`],
  (key) => [`${own}2`, `${own}2/${key}`],
  (key) => ['connectorctl/other/tenant', `connectorctl/other/tenant/${key}`],
  // The other environment of the same workspace.
  (key) => [
    `connectorctl/${workspaceName}/${otherEnvironmentName}`,
    `connectorctl/${workspaceName}/${otherEnvironmentName}/${key}`,
  ],
  (key) => [`connectorctl/other/${workspaceName}/${key}`],
  // One tag of two is none.
  (key) => [`${own}/${key}`],
  () => [`${own}/x/y`],
  (key) => [`${own}/${key}/x`],
  // Tags of another format.
  (key) => [`connectorctl/${workspaceName}`, `connectorctl/${workspaceName}/${key}`],
  (key) => [`Connectorctl/${workspaceName}/${key}`, own.toUpperCase()],
  (key) => [`x${own}/${key}`],
  () => ['connectorctl-applied/1/1.1/AAAA'],
  () => ['connectorctl-applied/1/1.1/AAAA', 'connectorctl/other/tenant'],
  // Two owners, or a damaged one: nobody can say whose it is.
  (key) => [own, `${own}/${key}`, 'connectorctl/other/tenant', `connectorctl/other/tenant/${key}`],
  (key) => [`${own}/${key}`, `${own}/${key}2`],
  () => [own, `${own}/`],
  // Ours, but of no definition.
  () => [own],
];

/** Tags of an instance of ours whose definition is gone: not written while prune is off, unless its name says that it moved. */
const orphanTags: readonly ToTags[] = [() => [own, `${own}/x/y`], (key) => [own, `${own}/${key}x`]];

/** The very tags of an instance of ours. */
const copiedTags: readonly ToTags[] = [(key) => [own, `${own}/${key}`]];

function foreignWith(tags: readonly ToTags[]): fc.Arbitrary<readonly ForeignInstance[]> {
  const stranger = fc.record({
    tags: fc.constantFrom(...tags),
    nth: fc.nat({ max: 7 }),
    sameName: fc.boolean(),
    disabled: fc.boolean(),
    isAdopted: fc.boolean(),
  });
  return fc.array(stranger, { minLength: 1, maxLength: 5 });
}

/** Instances that must never be written while `isPrunable` is false for all of them, or prune is off. */
export const strangers = foreignWith([...foreignTags, ...orphanTags]);

/** The same, with copies of our own instances among them: of those nobody can say which one is meant. */
export const foreignAndCopies = foreignWith([...foreignTags, ...orphanTags, ...copiedTags, ...copiedTags]);

/** Whether it may be deleted with prune. */
export function isPrunable({ tags }: ForeignInstance): boolean {
  return orphanTags.includes(tags);
}

/** Whether the tags name another owner; whom nobody owns may be adopted. */
export function isSomebodys({ tags }: ForeignInstance): boolean {
  return tags('k').some((tag) => tag.startsWith('connectorctl/') && tag !== own && !tag.startsWith(`${own}/`));
}

/** Puts the stranger into the sandbox. */
export function seedForeign(engine: Engine, drafts: readonly Draft[], stranger: ForeignInstance): StoredInstance {
  const draft = drafts[stranger.nth % drafts.length];
  if (draft === undefined) throw new Error('There is no definition.');
  const connector = connectorOf(draft.connector);
  return engine.sandbox.seed({
    connector: connector.key,
    // With the name of a definition, an instance of ours that lost its own would be moved.
    name: stranger.sameName && !isPrunable(stranger) ? draft.name : 'A stranger',
    tags: stranger.tags(keyOf(draft)),
    configuration: requiredOf(connector),
    disabled: stranger.disabled,
  });
}

function requiredOf({ entries, source }: SandboxConnector): NonNullable<Seed['configuration']> {
  const required = entries.filter((entry) => entry.required && !entry.defaultValue);
  const asked = source === undefined ? required : listAsked(source, () => undefined);
  return Object.fromEntries(asked.map(({ key, options }) => [key, options?.[0]?.value ?? 'a stranger']));
}
