import { Secret, type SecretSource } from '../model/secret.ts';
import { readSecretText } from './secret-text.ts';

/** The first of several sources that has a secret gives it, an empty one too. A new one is set where the last would look for it. */
export function firstOf(sources: readonly SecretSource[], describe: SecretSource['describe']): SecretSource {
  return {
    async read(name) {
      for (const source of sources) {
        const secret = await source.read(name);
        if (secret !== undefined) return secret;
      }
      return undefined;
    },
    describe,
    async list() {
      const names: string[] = [];
      for (const source of sources) names.push(...((await source.list?.()) ?? []));
      return [...new Set(names)].toSorted();
    },
    opened: () => sources.flatMap((source) => source.opened?.() ?? []),
  };
}

/** One text that holds many secrets, from the variable of the given name. */
export function bundledSecrets(text: string, variable: string): SecretSource {
  const secrets = readSecretText(text).map(([name, value]) => [name, new Secret(value, `secrets.${name}`)] as const);
  return {
    ...heldSecrets(() => Promise.resolve({ secrets: new Map(secrets) })),
    describe: (name) => `\`${name}\` in ${variable}`,
  };
}

/** What a place held when it was opened. */
export interface HeldSecrets {
  readonly secrets: ReadonlyMap<string, Secret>;
  /** What no reference can name. */
  readonly others?: readonly Secret[] | undefined;
}

/** Secrets of a place that is opened once, when the first of them is asked for. */
export function heldSecrets(open: () => Promise<HeldSecrets>): Omit<Required<SecretSource>, 'describe'> {
  let opening: Promise<HeldSecrets> | undefined;
  let held: HeldSecrets = { secrets: new Map() };
  async function once(): Promise<HeldSecrets> {
    held = await (opening ??= open());
    return held;
  }
  return {
    read: async (name) => (await once()).secrets.get(name),
    list: async () => [...(await once()).secrets.keys()],
    opened: () => [...held.secrets.values(), ...(held.others ?? [])],
  };
}
