import fc from 'fast-check';
import { draftSets } from './draft-sets.ts';
import { sharedSecretNames } from './draft-values.ts';
import type { Draft } from './drafts.ts';
import { type Habits, habits } from './mangling-proxy.ts';

/** All that a property begins with. */
export interface World {
  readonly drafts: readonly Draft[];
  /** By name: what `${{ secrets.NAME }}` stands for. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly habits: Habits;
}

/** A secret that cannot stand anywhere by chance, with characters that every encoding writes its own way. */
const secretText = fc
  .tuple(fc.integer({ min: 1000, max: 9999 }), fc.constantFrom('', '"', '/+=', '\n', 'ü漢', '<&>', String.raw`'\ `))
  .map(([number, odd]) => `Canary${number}${odd}${number}Yranac`);

/** A new value for a secret, unlike all others. */
export function rotated(secret: string): string {
  return `Rotated${secret}Detator`;
}

const secrets: fc.Arbitrary<World['secrets']> = fc
  .tuple(...sharedSecretNames.map(() => secretText))
  .map((texts) => Object.fromEntries(texts.map((one, index) => [sharedSecretNames[index] ?? '', `${index}${one}`])));

/** Grant codes for the definitions, each for one use; another `issue` gives others. */
export function codesFor(drafts: readonly Draft[], issue = 1): Readonly<Record<string, string>> {
  const names = JSON.stringify(drafts).match(/(?<=secrets\.)CODE_\w+/g) ?? [];
  return Object.fromEntries(names.map((name) => [name, `Code+${issue}/${Buffer.from(name).toString('hex')}==`]));
}

/** Definitions, secrets, and a platform that treats values its own way. */
export const worlds: fc.Arbitrary<World> = fc.record({ drafts: draftSets, secrets, habits }).map(withCodes);

function withCodes(world: World): World {
  return { ...world, secrets: { ...world.secrets, ...codesFor(world.drafts) } };
}

/** Numbers to pick with, see `pick`. */
export const picks: fc.Arbitrary<readonly number[]> = fc.array(fc.nat({ max: 999 }), { minLength: 1, maxLength: 4 });

/** The entries that the numbers point at, each once, in the order of the list. */
export function pick<T>(all: readonly T[], numbers: readonly number[]): readonly T[] {
  const chosen = new Set(numbers.map((number) => number % Math.max(1, all.length)));
  return all.filter((_, index) => chosen.has(index));
}
